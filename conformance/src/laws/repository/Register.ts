/** The small book that knows what a storage has to hold after what it acknowledged, and why a change is refused. */
import { type Aggregate, type Id, type Job, Profile } from "@portolan/domain"
import type { Repository, UnitOfWork } from "@portolan/ports"
import { Effect, Equal } from "effect"
import { byText, outcome } from "./support.ts"
import type { Services } from "./RepositoryInstance.ts"

/** A recorded event without what only the storage decides. */
export type RecordedEvent = Omit<Aggregate.Recorded, "position">

/** One aggregate as it was acknowledged. */
export interface Entry {
  readonly kind: Aggregate.Kind
  readonly id: string
  readonly version: number
  readonly state: unknown
}

/** What one organization holds. */
export interface Book {
  readonly entries: Map<string, Entry>
  /** Events in the order of commit; those of one change by aggregate, whose order among themselves is not promised. */
  readonly events: Array<RecordedEvent>
  readonly keys: Map<string, UnitOfWork.IdempotencyRecord>
  readonly waiting: Map<Id.JobId, Job.Job>
  readonly done: Set<Id.JobId>
}

/** Everything acknowledged, for all organizations of a case. */
export interface Register {
  readonly books: ReadonlyMap<Id.OrganizationId, Book>
  /** By `Profile.keyText`: bound profiles know no organizations. */
  readonly claims: Map<string, Repository.Holder & { readonly organizationId: Id.OrganizationId }>
}

/** An empty register. */
export const make = (organizations: ReadonlyArray<Id.OrganizationId>): Register => ({
  books: new Map(
    organizations.map((organizationId) => [
      organizationId,
      { entries: new Map(), events: [], keys: new Map(), waiting: new Map(), done: new Set() }
    ])
  ),
  claims: new Map()
})

/** The book of an organization of the case. */
export const bookOf = (register: Register, organizationId: Id.OrganizationId): Book => {
  const book = register.books.get(organizationId)
  if (book === undefined) throw new Error("the organization belongs to another case")
  return book
}

/** The name of an aggregate within its organization. */
export const nameOf = ({ kind, id }: { readonly kind: string; readonly id: string }) => `${kind}/${id}`

type Reason = "AlreadyDone" | "KeyReused" | "JobGone" | "VersionConflict" | "ProfileTaken"

/** The bound profiles after a change, and the first that it cannot have. */
const claimsAfter = ({ claims }: Register, { claims: changes, organizationId }: UnitOfWork.Change) => {
  const next = new Map(claims)
  for (const { _tag, connectionId, key } of changes) {
    const held = next.get(Profile.keyText(key))
    const own = held?.organizationId === organizationId && held.connectionId === connectionId
    if (_tag === "Release" && own) next.delete(Profile.keyText(key))
  }
  for (const claim of changes) {
    if (claim._tag === "Release") continue
    const { accountId, connectionId, key } = claim
    const held = next.get(Profile.keyText(key))
    const own = held?.organizationId === organizationId && held.connectionId === connectionId
    if (held !== undefined && !own) return { next, taken: key }
    next.set(Profile.keyText(key), { organizationId, key, accountId, connectionId })
  }
  return { next, taken: undefined }
}

/**
 * Why a change has to be refused; empty when it has to be accepted. A key that was used comes before everything else,
 * because a caller that repeats a request wants its outcome; among the other reasons the storage may pick any.
 */
export const reasons = (register: Register, change: UnitOfWork.Change): ReadonlyArray<Reason> => {
  const book = bookOf(register, change.organizationId)
  const before = change.idempotency === undefined ? undefined : book.keys.get(change.idempotency.key)
  if (before !== undefined)
    return [before.fingerprint === change.idempotency?.fingerprint ? "AlreadyDone" : "KeyReused"]
  const stale = change.writes.some((write) => (book.entries.get(nameOf(write))?.version ?? 0) !== write.expected)
  return [
    ...(change.completes !== undefined && !book.waiting.has(change.completes) ? ["JobGone" as const] : []),
    ...(stale ? ["VersionConflict" as const] : []),
    ...(claimsAfter(register, change).taken === undefined ? [] : ["ProfileTaken" as const])
  ]
}

/** Sorts the events of one change by aggregate; those of one aggregate stay in their order. */
export const byAggregate = <E extends { readonly aggregate: Aggregate.Recorded["aggregate"] }>(
  events: ReadonlyArray<E>
): ReadonlyArray<E> => events.toSorted((one, other) => byText(nameOf(one.aggregate), nameOf(other.aggregate)))

/** Brings events of one instant into the order of `byAggregate`: each change of a case has an instant of its own. */
const byChange = (events: ReadonlyArray<RecordedEvent>): ReadonlyArray<RecordedEvent> => {
  const changes: Array<Array<RecordedEvent>> = []
  for (const event of events) {
    const last = changes.at(-1)
    if (last?.[0] !== undefined && Equal.equals(last[0].at, event.at)) last.push(event)
    else changes.push([event])
  }
  return changes.flatMap(byAggregate)
}

/** The events of a change as they have to be recorded. */
export const eventsOf = ({ actor, at, organizationId, writes }: UnitOfWork.Change): ReadonlyArray<RecordedEvent> =>
  byAggregate(
    writes.flatMap((write) =>
      write.events.map(({ event, id }): RecordedEvent => ({
        id,
        organizationId,
        aggregate: { kind: write.kind, id: write.id },
        version: write.expected + 1,
        at,
        actor,
        event
      }))
    )
  )

/** Enters an acknowledged change. */
export const enter = (register: Register, change: UnitOfWork.Change): void => {
  const book = bookOf(register, change.organizationId)
  const { next } = claimsAfter(register, change)
  register.claims.clear()
  for (const [name, held] of next) register.claims.set(name, held)
  for (const write of change.writes) {
    book.entries.set(nameOf(write), { kind: write.kind, id: write.id, version: write.expected + 1, state: write.next })
  }
  book.events.push(...eventsOf(change))
  if (change.completes !== undefined) {
    book.waiting.delete(change.completes)
    book.done.add(change.completes)
  }
  for (const job of change.jobs) book.waiting.set(job.id, job)
  if (change.idempotency !== undefined) book.keys.set(change.idempotency.key, change.idempotency)
}

/** What can be asked about: aggregates, profiles and keys, known or not. */
export interface Scope {
  readonly aggregates: ReadonlyArray<{ readonly kind: Aggregate.Kind; readonly id: string }>
  readonly profiles: ReadonlyArray<Profile.Key>
  readonly keys: ReadonlyArray<UnitOfWork.IdempotencyRecord>
}

/** What one organization shows of itself, in a form that can be compared. */
export interface View {
  readonly aggregates: ReadonlyArray<unknown>
  readonly events: ReadonlyArray<RecordedEvent>
  readonly holders: ReadonlyArray<Repository.Holder>
  readonly keys: ReadonlyArray<string>
}

/** Reads the whole history, page by page. */
export const historyOf = Effect.fnUntraced(function* (
  services: Services,
  organizationId: Id.OrganizationId,
  limit = 500
) {
  const events: Array<Aggregate.Recorded> = []
  for (;;) {
    const some = yield* services.log.after(organizationId, events.at(-1)?.position ?? 0, limit)
    events.push(...some)
    if (some.length < limit) return events
  }
})

const byName = (one: Repository.Holder, other: Repository.Holder) =>
  Profile.keyText(one.key) < Profile.keyText(other.key) ? -1 : 1

/** Reads what an organization shows. */
export const view = Effect.fnUntraced(function* (services: Services, organizationId: Id.OrganizationId, scope: Scope) {
  const aggregates: Array<unknown> = []
  for (const { kind, id } of scope.aggregates) {
    const found = yield* outcome(services.repository.find(kind, organizationId, id))
    aggregates.push(
      found._tag === "Success" ? { state: found.success.state, version: found.success.version } : found.failure._tag
    )
  }
  const events = byChange(
    (yield* historyOf(services, organizationId)).map(({ position: _position, ...event }) => event)
  )
  const holders = (yield* services.repository.holders(organizationId, scope.profiles)).toSorted(byName)
  const keys: Array<string> = []
  for (const { key, fingerprint } of scope.keys) {
    const found = yield* outcome(services.unitOfWork.idempotentResource(organizationId, key, fingerprint))
    keys.push(found._tag === "Success" ? (found.success ?? "never used") : found.failure._tag)
  }
  return { aggregates, events, holders, keys } satisfies View
})

/** What an organization has to show. */
export const expectedView = (register: Register, organizationId: Id.OrganizationId, scope: Scope): View => {
  const book = bookOf(register, organizationId)
  return {
    aggregates: scope.aggregates.map((each) => {
      const entry = book.entries.get(nameOf(each))
      return entry === undefined ? "NotFound" : { state: entry.state, version: entry.version }
    }),
    // A copy: equality of values may be remembered by those who compare, and the book goes on growing.
    events: [...book.events],
    holders: scope.profiles
      .flatMap((key) => {
        const held = register.claims.get(Profile.keyText(key))
        return held?.organizationId === organizationId
          ? [{ key, accountId: held.accountId, connectionId: held.connectionId }]
          : []
      })
      .toSorted(byName),
    keys: scope.keys.map(({ key, fingerprint }) => {
      const before = book.keys.get(key)
      if (before === undefined) return "never used"
      return before.fingerprint === fingerprint ? before.resource : "KeyReused"
    })
  }
}
