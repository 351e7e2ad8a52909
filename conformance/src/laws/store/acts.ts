/** Lists of changes as plain data, carried out one after the other next to the register that knows the right answers. */
import type { Aggregate, Id } from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import type { Trial } from "../../Trial.ts"
import * as material from "./material.ts"
import * as Register from "./Register.ts"
import type { StoreInstance, Stores } from "./StoreInstance.ts"
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
export interface Act {
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
  readonly remembers: undefined | { readonly key: 0 | 1; readonly asked: 0 | 1 }
}

/** How often each part of a change is there, from 0 (never) to 10 (always), and how many organizations act. */
export interface Focus {
  readonly writes?: number
  readonly wrong?: number
  readonly claims?: number
  readonly jobs?: number
  readonly completes?: number
  readonly remembers?: number
  readonly organizations?: 1 | 2 | 3
}

const sometimes = <A>(weight: number, there: fc.Arbitrary<A>, otherwise: A): fc.Arbitrary<A> =>
  fc.oneof({ weight, arbitrary: there }, { weight: 10 - weight, arbitrary: fc.constant(otherwise) })

const third = fc.constantFrom<0 | 1 | 2>(0, 1, 2)

/** Draws lists of changes. */
export const acts = (focus: Focus, maxLength = 12): fc.Arbitrary<ReadonlyArray<Act>> => {
  const { writes = 0, wrong = 2, claims = 0, jobs = 0, completes = 0, remembers = 0, organizations = 2 } = focus
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
    fc.record<Act>({
      client: fc.constantFrom(0, 1),
      organization: fc.constantFrom(...([0, 0, 1, 2] as const).slice(0, organizations + 1)),
      writes: sometimes(writes, fc.uniqueArray(part, { minLength: 1, maxLength: 3, selector: ({ slot }) => slot }), []),
      claims: sometimes(claims, fc.array(claim, { minLength: 1, maxLength: 2, size: "max" }), []),
      jobs: sometimes(jobs, fc.integer({ min: 1, max: 2 }), 0),
      completes: sometimes<Act["completes"]>(
        completes,
        fc.constantFrom("waiting", "waiting", "done", "unknown"),
        "nothing"
      ),
      remembers: sometimes<Act["remembers"]>(
        remembers,
        fc.record({ key: fc.constantFrom(0, 0, 1), asked: fc.constantFrom(0, 0, 0, 1) }),
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
      return { kind: "company", id: material.idOf("company", organizationId, slot) }
    case 2:
      return { kind: "connection", id: material.idOf("connection", organizationId, slot) }
    case 3:
      return { kind: "grant", id: material.idOf("grant", organizationId, slot) }
    case 4:
      return { kind: "member", id: material.idOf("member", organizationId, slot) }
    case 5:
      return { kind: "advertiser", id: material.idOf("advertiser", organizationId, slot) }
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
      const next = material.company(organizationId, slot, `written by change ${position}`)
      return material.write(
        "company",
        next,
        expected,
        times.map((time) => ({ _tag: "CompanyRenamed", name: `event ${time} of change ${position}` })),
        about
      )
    }
    case 2: {
      const next = material.proposed(organizationId, slot, slot, position)
      return material.write(
        "connection",
        next,
        expected,
        times.map((time) => ({ _tag: "Proven", at: material.instant(position * 10 + time) })),
        about
      )
    }
    case 3: {
      const next = material.grant(organizationId, slot, `written by change ${position}`)
      return material.write(
        "grant",
        next,
        expected,
        times.map((time) => ({ _tag: "GrantEnded", end: "replaced", at: material.instant(position * 10 + time) })),
        about
      )
    }
    case 4: {
      // Invited, then a member, then invited: what lookups go by comes and goes.
      const next =
        position % 2 === 0
          ? material.invited(organizationId, slot, "ada@example.com", position)
          : material.member(organizationId, slot, "ada@example.com", undefined, position)
      return material.write(
        "member",
        next,
        expected,
        times.map((time) => ({
          _tag: "MemberLeft",
          because: "left",
          at: material.instant(position * 10 + time),
          by: material.actor
        })),
        about
      )
    }
    case 5: {
      const next = material.advertiser(organizationId, organizationId, slot, `written by change ${position}`)
      return material.write(
        "advertiser",
        next,
        expected,
        times.map((time) => ({ _tag: "AdvertiserMissed", at: material.instant(position * 10 + time) })),
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
  completes: Act["completes"]
): Id.JobId | undefined => {
  switch (completes) {
    case "nothing":
      return undefined
    case "waiting":
      return [...book.waiting.keys()][0]
    case "done":
      return [...book.done][0]
    case "unknown":
      return material.idOf("job", organizationId, "never scheduled")
  }
}

/** What a change did, next to what the register knew before it. */
export interface Step {
  readonly position: number
  readonly stores: Stores
  readonly change: UnitOfWork.Change
  /** Why it had to be refused; empty when it had to be accepted. */
  readonly reasons: ReadonlyArray<string>
  readonly result: Result.Result<UnitOfWork.Committed, UnitOfWork.CommitError>
  /** What the storage acknowledged, this change included. */
  readonly register: Register.Register
}

/** Everything that the changes of a case may touch in one organization. */
export const scopeOf = (instance: StoreInstance, organizationId: Id.OrganizationId): Register.Scope => ({
  aggregates: ([0, 1, 2, 3, 4, 5] as const).map((slot) => slotOf(organizationId, slot)),
  profiles: [0, 1, 2].map((n) => material.profile(instance, n)),
  keys: [0, 1].map((key) => ({ key: `key ${key}`, fingerprint: "asked 0", resource: "" }))
})

/** Builds the change of an act from what the register knows. */
export const changeOf = (
  instance: StoreInstance,
  act: Act,
  register: Register.Register,
  position: number
): UnitOfWork.Change => {
  const organizationId = instance.organizations[act.organization]
  const book = Register.bookOf(register, organizationId)
  const completes = workOf(book, organizationId, act.completes)
  return material.change(organizationId, {
    at: material.instant(position),
    actor: { _tag: "ApiKey", keyId: `key of client ${act.client}`, name: `change ${position}` },
    writes: act.writes.map((part) => {
      const current = book.entries.get(Register.nameOf(slotOf(organizationId, part.slot)))?.version ?? 0
      return writeTo(organizationId, part, expectedVersion(part.expects, current), position)
    }),
    claims: act.claims.map(({ does, profile, connection }) =>
      (does === "Hold" ? material.hold : material.release)(
        organizationId,
        material.profile(instance, profile),
        connection
      )
    ),
    jobs: Array.from({ length: act.jobs }, (_, index) =>
      material.job(organizationId, `${position} ${index}`, position * 1_000)
    ),
    ...(completes === undefined ? {} : { completes }),
    ...(act.remembers === undefined
      ? {}
      : {
          idempotency: {
            key: `key ${act.remembers.key}`,
            fingerprint: `asked ${act.remembers.asked}`,
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
  instance: StoreInstance,
  list: ReadonlyArray<Act>,
  trial: Trial,
  judge: (step: Step) => Effect.Effect<void, unknown>
) {
  const clients = yield* clientsOf(instance, 2)
  const register = Register.make(instance.organizations)
  for (const [position, act] of list.entries()) {
    const change = changeOf(instance, act, register, position)
    const reasons = Register.reasons(register, change)
    const stores = clients(act.client)
    const result = yield* outcome(stores.unitOfWork.commit(change))
    trial.note(`client ${act.client}: ${describe(act, change)} -> ${tagOf(result)}`)
    if (Result.isSuccess(result)) Register.enter(register, change)
    trial.label(Result.isSuccess(result) ? "accepted" : "refused")
    yield* judge({ position, stores, change, reasons, result, register })
  }
  return register
})

const describe = (act: Act, change: UnitOfWork.Change): string => {
  const parts = [
    ...change.writes.map(
      (write, index) =>
        `writes ${write.kind} ${act.writes[index]?.slot} expecting ${write.expected} with ${write.events.length} events`
    ),
    ...act.claims.map(({ does, profile, connection }) => `${does} profile ${profile} for connection ${connection}`),
    ...(act.jobs === 0 ? [] : [`schedules ${act.jobs}`]),
    ...(change.completes === undefined ? [] : [`completes ${act.completes} work`]),
    ...(act.remembers === undefined ? [] : [`remembers key ${act.remembers.key}, asked ${act.remembers.asked}`])
  ]
  return `organization ${act.organization} ${parts.length === 0 ? "changes nothing" : parts.join(", ")}`
}
