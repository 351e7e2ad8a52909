/** Lists of changes as plain data, carried out one after the other next to the register that knows the right answers. */
import type { Aggregate, Id } from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import type { Case } from "../../Case.ts"
import * as fixtures from "./fixtures.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { clientsOf, outcome, tagOf } from "./support.ts"

/** Which version a write expects, told without knowing versions. */
export type Expectation = "current" | "one older" | "one newer" | "none" | "two newer"

/** A part of a change, for one of six aggregates. */
export interface Part {
  readonly slot: 0 | 1 | 2 | 3 | 4 | 5
  readonly expects: Expectation
  readonly events: number
}

/** One change. */
export interface Command {
  readonly client: 0 | 1
  readonly organization: 0 | 1 | 2
  readonly writes: ReadonlyArray<Part>
  readonly claims: ReadonlyArray<{
    readonly does: "Hold" | "Release"
    readonly profile: 0 | 1 | 2
    readonly connection: 0 | 1 | 2
  }>
  readonly jobs: number
  readonly completes: "nothing" | "waiting" | "done" | "unknown"
  readonly idempotency: undefined | { readonly key: 0 | 1; readonly fingerprint: 0 | 1 }
}

/** How often each part of a change is there, from 0 (never) to 10 (always), and how many organizations act. */
export interface Focus {
  readonly writes?: number
  readonly wrong?: number
  readonly claims?: number
  readonly jobs?: number
  readonly completes?: number
  readonly idempotency?: number
  readonly organizations?: 1 | 2 | 3
}

const sometimes = <A>(weight: number, there: fc.Arbitrary<A>, otherwise: A): fc.Arbitrary<A> =>
  fc.oneof({ weight, arbitrary: there }, { weight: 10 - weight, arbitrary: fc.constant(otherwise) })

const third = fc.constantFrom<0 | 1 | 2>(0, 1, 2)

/** Draws lists of changes. */
export const commands = (focus: Focus, maxLength = 12): fc.Arbitrary<ReadonlyArray<Command>> => {
  const { writes = 0, wrong = 2, claims = 0, jobs = 0, completes = 0, idempotency = 0, organizations = 2 } = focus
  const part = fc.record({
    slot: fc.constantFrom<Part["slot"]>(0, 0, 0, 1, 2, 3, 4, 5),
    expects: sometimes<Expectation>(wrong, fc.constantFrom("one older", "one newer", "none", "two newer"), "current"),
    events: fc.integer({ min: 0, max: 3 })
  })
  const claim = fc.record({
    does: fc.constantFrom<"Hold" | "Release">("Hold", "Hold", "Release"),
    profile: third,
    connection: third
  })
  return fc.array(
    fc.record<Command>({
      client: fc.constantFrom(0, 1),
      organization: fc.constantFrom(...([0, 0, 1, 2] as const).slice(0, organizations + 1)),
      writes: sometimes(writes, fc.uniqueArray(part, { minLength: 1, maxLength: 3, selector: ({ slot }) => slot }), []),
      claims: sometimes(claims, fc.array(claim, { minLength: 1, maxLength: 2, size: "max" }), []),
      jobs: sometimes(jobs, fc.integer({ min: 1, max: 2 }), 0),
      completes: sometimes<Command["completes"]>(
        completes,
        fc.constantFrom("waiting", "waiting", "done", "unknown"),
        "nothing"
      ),
      idempotency: sometimes<Command["idempotency"]>(
        idempotency,
        fc.record({ key: fc.constantFrom(0, 0, 1), fingerprint: fc.constantFrom(0, 0, 0, 1) }),
        undefined
      )
    }),
    { minLength: 1, maxLength, size: "max" }
  )
}

const slotOf = (organizationId: Id.OrganizationId, slot: Part["slot"]): { kind: Aggregate.Kind; id: string } => {
  switch (slot) {
    case 0:
    case 1:
      return { kind: "company", id: fixtures.idOf("company", organizationId, slot) }
    case 2:
      return { kind: "connection", id: fixtures.idOf("connection", organizationId, slot) }
    case 3:
      return { kind: "grant", id: fixtures.idOf("grant", organizationId, slot) }
    case 4:
      return { kind: "member", id: fixtures.idOf("member", organizationId, slot) }
    case 5:
      return { kind: "advertiser", id: fixtures.idOf("advertiser", organizationId, slot) }
  }
}

/** Writes to a slot. The state tells the position of its change, the events their number. */
const writeTo = (
  organizationId: Id.OrganizationId,
  part: Part,
  expected: number,
  position: number
): UnitOfWork.Write => {
  const { slot, events } = part
  const times = Array.from({ length: events }, (_, index) => index)
  const about = String(position)
  switch (slot) {
    case 0:
    case 1: {
      const next = fixtures.company(organizationId, slot, `written by change ${position}`)
      return fixtures.write(
        "company",
        next,
        expected,
        times.map((time) => ({ _tag: "CompanyRenamed", name: `event ${time} of change ${position}` })),
        about
      )
    }
    case 2: {
      const next = fixtures.proposed(organizationId, slot, slot, position)
      return fixtures.write(
        "connection",
        next,
        expected,
        times.map((time) => ({ _tag: "Proven", at: fixtures.instant(position * 10 + time) })),
        about
      )
    }
    case 3: {
      const next = fixtures.grant(organizationId, slot, `written by change ${position}`)
      return fixtures.write(
        "grant",
        next,
        expected,
        times.map((time) => ({ _tag: "GrantEnded", end: "replaced", at: fixtures.instant(position * 10 + time) })),
        about
      )
    }
    case 4: {
      // Invited, then a member, then invited: what lookups go by comes and goes.
      const next =
        position % 2 === 0
          ? fixtures.invited(organizationId, slot, "ada@example.com", position)
          : fixtures.member(organizationId, slot, "ada@example.com", undefined, position)
      return fixtures.write(
        "member",
        next,
        expected,
        times.map((time) => ({
          _tag: "MemberLeft",
          because: "left",
          at: fixtures.instant(position * 10 + time),
          by: fixtures.actor
        })),
        about
      )
    }
    case 5: {
      const next = fixtures.advertiser(organizationId, organizationId, slot, `written by change ${position}`)
      return fixtures.write(
        "advertiser",
        next,
        expected,
        times.map((time) => ({ _tag: "AdvertiserMissed", at: fixtures.instant(position * 10 + time) })),
        about
      )
    }
  }
}

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
      return writeTo(organizationId, part, expectedVersion(part.expects, current), position)
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
    ...(completes === undefined ? {} : { completes }),
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
        `writes ${write.kind} ${command.writes[index]?.slot} expecting ${write.expected} with ${write.events.length} events`
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
