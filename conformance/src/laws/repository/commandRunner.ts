/** Carries out lists of changes, one after the other, next to the register that knows the right answers. */
import { type Id, given } from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import type { Case } from "../../Case.ts"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { clientsOf, outcome, tagOf } from "./support.ts"
import type { Expectation, Command } from "./commandGenerator.ts"
import { slotOf, writers, slotKinds } from "./slots.ts"

const expectedVersion = (expects: Expectation, current: number) => {
  switch (expects) {
    case "current":
      return current
    case "one older":
      return Math.max(current - 1, current === 0 ? 1 : 0)
    case "one newer":
      return current + 1
    case "two newer":
      return current + 2
    case "none":
      return 0
  }
}

const workOf = (
  book: Register.Book,
  organizationId: Id.OrganizationId,
  completes: Command["completes"]
): Id.JobId | undefined => {
  switch (completes) {
    case "nothing":
      return undefined
    case "waiting":
      return [...book.waiting.keys()][0]
    case "done":
      return [...book.done][0]
    case "unknown":
      return fixtures.idOf("job", organizationId, "never scheduled")
  }
}

/** What a change did, next to what the register knew before it. */
export interface Step {
  readonly position: number
  readonly services: Services
  readonly change: UnitOfWork.Change
  /** Why it had to be refused; empty when it had to be accepted. */
  readonly reasons: ReadonlyArray<string>
  readonly result: Result.Result<UnitOfWork.Committed, UnitOfWork.CommitError>
  /** What the storage acknowledged, this change included. */
  readonly register: Register.Register
}

/** Everything that the changes of a case may touch in one organization. */
export const scopeOf = (instance: RepositoryInstance, organizationId: Id.OrganizationId): Register.Scope => ({
  aggregates: ([0, 1, 2, 3, 4, 5] as const).map((slot) => slotOf(organizationId, slot)),
  profiles: [0, 1, 2].map((n) => fixtures.profile(instance, n)),
  keys: [0, 1].map((key) => ({ key: `key ${key}`, fingerprint: "fingerprint 0", resource: "" }))
})

/** Builds the change of an act from what the register knows. */
export const changeOf = (
  instance: RepositoryInstance,
  command: Command,
  register: Register.Register,
  position: number
): UnitOfWork.Change => {
  const organizationId = instance.organizations[command.organization]
  const book = Register.bookOf(register, organizationId)
  const completes = workOf(book, organizationId, command.completes)
  return fixtures.change(organizationId, {
    at: fixtures.instant(position),
    actor: { _tag: "ApiKey", keyId: `key of client ${command.client}`, name: `change ${position}` },
    writes: command.writes.map((part) => {
      const current = book.entries.get(Register.nameOf(slotOf(organizationId, part.slot)))?.version ?? 0
      const expected = expectedVersion(part.expects, current)
      return writers[slotKinds[part.slot]]({ organizationId, slot: part.slot, expected, position, events: part.events })
    }),
    claims: command.claims.map(({ does, profile, connection }) =>
      (does === "Hold" ? fixtures.hold : fixtures.release)(
        organizationId,
        fixtures.profile(instance, profile),
        connection
      )
    ),
    jobs: Array.from({ length: command.jobs }, (_, index) =>
      fixtures.job(organizationId, `${position} ${index}`, position * 1_000)
    ),
    ...given({ completes }),
    ...(command.idempotency === undefined
      ? {}
      : {
          idempotency: {
            key: `key ${command.idempotency.key}`,
            fingerprint: `fingerprint ${command.idempotency.fingerprint}`,
            resource: `made by change ${position}`
          }
        })
  })
}

/**
 * Carries out a list of changes and shows each step to `judge`. The register follows what was acknowledged: a
 * disagreement is for the law that is about it to find, and the others go on from what was said.
 */
export const walk = Effect.fnUntraced(function* (
  instance: RepositoryInstance,
  list: ReadonlyArray<Command>,
  testCase: Case,
  judge: (step: Step) => Effect.Effect<void, unknown>
) {
  const clients = yield* clientsOf(instance, 2)
  const register = Register.make(instance.organizations)
  for (const [position, command] of list.entries()) {
    const change = changeOf(instance, command, register, position)
    const reasons = Register.reasons(register, change)
    const services = clients(command.client)
    const result = yield* outcome(services.unitOfWork.commit(change))
    testCase.note(`client ${command.client}: ${describe(command, change)} -> ${tagOf(result)}`)
    if (Result.isSuccess(result)) Register.enter(register, change)
    testCase.label(Result.isSuccess(result) ? "accepted" : "refused")
    yield* judge({ position, services, change, reasons, result, register })
  }
  return register
})

const describe = (command: Command, change: UnitOfWork.Change): string => {
  const parts = [
    ...change.writes.map(
      (write, index) =>
        `writes ${write.kind} ${command.writes[index]?.slot} expecting ${write.expected}, ${write.events.length} events`
    ),
    ...command.claims.map(({ does, profile, connection }) => `${does} profile ${profile} for connection ${connection}`),
    ...(command.jobs === 0 ? [] : [`schedules ${command.jobs}`]),
    ...(change.completes === undefined ? [] : [`completes ${command.completes} work`]),
    ...(command.idempotency === undefined
      ? []
      : [`remembers key ${command.idempotency.key}, fingerprint ${command.idempotency.fingerprint}`])
  ]
  return `organization ${command.organization} ${parts.length === 0 ? "changes nothing" : parts.join(", ")}`
}
