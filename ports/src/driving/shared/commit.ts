/** Decisions as data, and how they become one committed change. */
import {
  type Actor,
  Aggregate,
  type Catalogue,
  Channel,
  Connection,
  given,
  type Id,
  Identity,
  Job,
  Machine,
  type Refused,
  Window
} from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Versioned } from "../../driven/Repository.ts"
import type { Claim, IdempotencyRecord, Sum, Write, WriteError } from "../../driven/UnitOfWork.ts"
import type { Deps } from "./deps.ts"

/** What was decided on one aggregate: the next state, and the events that lead there. No events: nothing to write. */
export interface DecidedOn<K extends Aggregate.Kind> {
  readonly kind: K
  readonly id: string
  readonly expected: number
  /** What it was read as; absent for one that does not exist yet. */
  readonly before?: Aggregate.Present<K>
  readonly next: Aggregate.Types[K]["state"]
  readonly events: ReadonlyArray<Aggregate.Types[K]["event"]>
  /** The change holds only if this aggregate is as it was read, even when nothing happens to it. */
  readonly asserted?: true
}

/** What was decided on an aggregate of any kind. */
export type Decided = { readonly [K in Aggregate.Kind]: DecidedOn<K> }[Aggregate.Kind]

/** The commands of a kind of aggregate. */
export type Command<K extends Aggregate.Kind> = Aggregate.Types[K]["command"]

/** Decides commands, in a row, on an aggregate as it was read. */
export const decideOn = <K extends Aggregate.Kind>(
  kind: K,
  read: Versioned<Aggregate.Present<K>>,
  ...commands: ReadonlyArray<Command<K>>
): Effect.Effect<DecidedOn<K>, Refused.Refused> =>
  decideOptional(kind, (read.state as { readonly id: string }).id, read, ...commands)

/**
 * Decides commands, in a row, on an aggregate that may not exist yet; `read` is `undefined` then. The rules are those
 * of the installation's catalogue of providers.
 */
export const decideOptional = Effect.fnUntraced(function* <K extends Aggregate.Kind>(
  kind: K,
  id: string,
  read: Versioned<Aggregate.Present<K>> | undefined,
  ...commands: ReadonlyArray<Command<K>>
): Effect.fn.Return<DecidedOn<K>, Refused.Refused> {
  const catalogue = yield* CurrentCatalogue
  const machine = Aggregate.machine(kind)
  let next: Aggregate.Types[K]["state"] = read?.state ?? machine.initial
  const events: Array<Aggregate.Types[K]["event"]> = []
  for (const command of commands) {
    const decided = yield* Effect.fromResult(machine.decide(next, command, catalogue))
    events.push(...decided)
    next = Machine.fold(machine.evolve)(next, decided)
  }
  return { kind, id, expected: read?.version ?? 0, ...given({ before: read?.state }), next, events }
})

/** Decides commands, in a row, on an aggregate that does not exist yet. */
export const decideNew = <K extends Aggregate.Kind>(
  kind: K,
  id: string,
  ...commands: ReadonlyArray<Command<K>>
): Effect.Effect<DecidedOn<K>, Refused.Refused> => decideOptional(kind, id, undefined, ...commands)

/**
 * Says that a change holds only if an aggregate is as it was read, without anything happening to it. Its version goes
 * up, so of two changes that rule each other out (an account is removed while it is connected, a grant ends while it is
 * linked) the slower one reads and decides again (law REPO-21).
 */
export const assertUnchanged = <K extends Aggregate.Kind>(
  kind: K,
  id: string,
  read: Versioned<Aggregate.Present<K>>
): DecidedOn<K> => ({
  kind,
  id,
  expected: read.version,
  before: read.state,
  next: read.state,
  events: [],
  asserted: true
})

/** An aggregate that a change decided on, as it is and at the version it has once the change is committed. */
export const afterCommit = <K extends Aggregate.Kind>({
  asserted,
  events,
  expected,
  next
}: DecidedOn<K>): Versioned<Aggregate.Present<K>> => ({
  state: next as Aggregate.Present<K>,
  version: events.length > 0 || asserted === true ? expected + 1 : expected
})

/** Who, when, and what else belongs to a change. */
export interface CommitContext {
  readonly organizationId: Id.OrganizationId
  readonly actor: Actor.Actor
  readonly at: DateTime.Utc
  /** The job that the change carries out. */
  readonly completes?: Id.JobId
  readonly idempotency?: IdempotencyRecord
}

const claimsOf = (decided: Decided, catalogue: Catalogue.Catalogue): ReadonlyArray<Claim> =>
  decided.kind === "connection" ? decided.events.flatMap((event) => claimOf(decided.next, event, catalogue)) : []

/** A profile is held for all organizations where the provider lists it, or where it is proven who the consent is of. */
const holdOf = (
  { link }: Pick<Connection.Linked, "link">,
  of: Pick<Claim, "connectionId"> & { readonly accountId: Id.AccountId },
  catalogue: Catalogue.Catalogue
): Claim => {
  const { key } = link.profile
  const { accountId, connectionId } = of
  const isClaimed = Channel.claimsIdentity(key.channel, catalogue) && !Identity.isExclusive(link.identity)
  return { _tag: "Hold", key, connectionId, accountId, ...(isClaimed ? { claimed: true } : {}) }
}

/** A hold that counts for all stays so until it is released: one that is taken back is released and made anew. */
const judgedClaims = (
  next: Connection.Linked,
  event: Extract<Connection.Event, { readonly _tag: "IdentityJudged" }>,
  catalogue: Catalogue.Catalogue
): ReadonlyArray<Claim> => {
  const { connectionId, identity } = event
  const hold = holdOf(next, event, catalogue)
  if (Identity.isExclusive(identity)) return [hold]
  return identity._tag === "Claimed" && identity.doubt === "unconfirmed"
    ? [{ _tag: "Release", key: next.link.profile.key, connectionId }, hold]
    : []
}

const claimOf = (
  next: Connection.State,
  event: Aggregate.Types["connection"]["event"],
  catalogue: Catalogue.Catalogue
): ReadonlyArray<Claim> => {
  switch (event._tag) {
    case "Linked":
    case "Renewed":
      return [holdOf(event, event, catalogue)]
    case "IdentityJudged":
      return Connection.isLinked(next) ? judgedClaims(next, event, catalogue) : []
    // What it was bound to was never its own.
    case "GrantLost":
      return Connection.isLinked(next) && Connection.isMistaken(next)
        ? [{ _tag: "Release", key: next.link.profile.key, connectionId: next.id }]
        : []
    case "Disconnected":
      return event.released === undefined
        ? []
        : [{ _tag: "Release", key: event.released.profile.key, connectionId: event.connectionId }]
    default:
      return []
  }
}

const jobRequestsOf = <K extends Aggregate.Kind>(
  decided: DecidedOn<K>,
  catalogue: Catalogue.Catalogue
): ReadonlyArray<Job.JobRequest> => {
  const react: (typeof Job.of)[K] = Job.of[decided.kind]
  return decided.events.flatMap((event) => react(decided.next as Aggregate.Present<K>, event, catalogue))
}

/** What changed windows add to the sums of their classes. When one ends, it may have been the last one of its class. */
const sumsOf = Effect.fnUntraced(function* (
  { secrets }: Deps<"secrets">,
  { at, organizationId }: Pick<CommitContext, "at" | "organizationId">,
  changed: ReadonlyArray<Decided>
) {
  const sums = new Map<string, Sum>()
  for (const decided of changed) {
    if (decided.kind !== "window" || decided.next._tag === "Absent") continue
    const { backfillId, connectionId, dataClass } = decided.next
    const name = `${backfillId}/${dataClass}`
    const before = Window.tally(decided.before ?? Window.initial)
    const known = sums.get(name) ?? { connectionId, backfillId, dataClass, ...Window.none }
    const sum = Window.plus(Window.plus(known, Window.tally(decided.next)), before, -1)
    sums.set(name, { connectionId, backfillId, dataClass, ...sum })
  }
  const found: Array<Sum> = []
  for (const sum of sums.values()) {
    const { backfillId } = sum
    const task: Job.Task = { _tag: "SettleLoad", backfillId }
    const whenOver = sum.open < 0 ? { id: yield* secrets.id("job"), organizationId, dueAt: at, task } : undefined
    found.push({ ...sum, ...given({ whenOver }) })
  }
  return found.filter((sum) => sum.windows !== 0 || sum.open !== 0 || sum.rows !== 0)
})

const writeOf = Effect.fnUntraced(function* ({ secrets }: Deps<"secrets">, decided: Decided) {
  const events: Array<{ readonly id: Id.EventId; readonly event: Decided["events"][number] }> = []
  for (const event of decided.events) events.push({ id: yield* secrets.id("event"), event })
  const { expected, id, kind, next } = decided
  return { kind, id, expected, next, events } as Write
})

/**
 * Commits decisions as one change: states, events, jobs and claims. When there is nothing to write, no job to complete
 * and no key to remember, nothing is sent to the store.
 */
export const commit = Effect.fn("UnitOfWork.commit")(function* (
  deps: Deps<"secrets" | "unitOfWork">,
  { actor, at, completes, idempotency, organizationId }: CommitContext,
  all: ReadonlyArray<Decided>
): Effect.fn.Return<void, WriteError> {
  const isChange = all.some(({ events }) => events.length > 0)
  if (!isChange && completes === undefined && idempotency === undefined) return
  const changed = all.filter(({ asserted, events }) => isChange && (events.length > 0 || asserted === true))
  const catalogue = yield* CurrentCatalogue
  const jobs: Array<Job.Job> = []
  for (const { dueAt, task } of changed.flatMap((decided) => jobRequestsOf(decided, catalogue))) {
    jobs.push({ id: yield* deps.secrets.id("job"), organizationId, dueAt, task })
  }
  const writes = yield* Effect.forEach(changed, (decided) => writeOf(deps, decided))
  const claims = changed.flatMap((decided) => claimsOf(decided, catalogue))
  const sums = yield* sumsOf(deps, { at, organizationId }, changed)
  yield* deps.unitOfWork.commit({
    ...given({ organizationId, actor, at, completes, idempotency }),
    writes,
    claims,
    jobs,
    sums
  })
})
