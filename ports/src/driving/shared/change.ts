/**
 * From commands to one committed change. `change` reads aggregates, decides one command or several on each, and commits
 * all of it or nothing; when another change came first it reads and decides again. What events call for (jobs, claims
 * on profiles) follows from the decisions, in `commit.ts`.
 */
import { type Actor, type Aggregate, given, type Id, type Refused } from "@portolan/domain"
import { DateTime, Effect, Schedule } from "effect"
import type { NotFound, Versioned } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError, IdempotencyRecord, VersionConflict } from "../../driven/UnitOfWork.ts"
import {
  assertUnchanged,
  type Command,
  type CommitContext,
  commit,
  type Decided,
  type DecidedOn,
  decideNew,
  decideOn
} from "./commit.ts"
import type { ChangeDeps, Deps } from "./deps.ts"
import { forEachSideBySide } from "./sideBySide.ts"

export {
  afterCommit,
  assertUnchanged,
  type CommitContext,
  commit,
  type Decided,
  type DecidedOn,
  decideNew,
  decideOn,
  decideOptional
} from "./commit.ts"

/** Who changes something, in which organization, and what else belongs to the change. A caller is one. */
export interface ChangeContext {
  readonly organizationId: Id.OrganizationId
  readonly actor: Actor.Actor
  /** The job that this change carries out. */
  readonly completes?: Id.JobId
  readonly idempotency?: IdempotencyRecord
  /** The instant of the change; the clock of this process when left out. Read again with every attempt. */
  readonly now?: Effect.Effect<DateTime.Utc>
}

/** One aggregate's part of a change: reads the aggregate and decides on it. */
export interface Part<K extends Aggregate.Kind, E> {
  (deps: Deps<"repository">, context: CommitContext): Effect.Effect<DecidedOn<K>, E>
}

/** A part of a change of any kind. */
export type AnyPart = Part<Aggregate.Kind, unknown>

/** The commands of a part: one or several, or a function of the instant and of the state as it was read. */
export type Commands<K extends Aggregate.Kind> =
  | Command<K>
  | ((at: DateTime.Utc, state: Aggregate.Present<K>) => Command<K> | ReadonlyArray<Command<K>>)

/** Where a part gets its aggregate from: its id, or a read of it that also checks access. */
export type Source<K extends Aggregate.Kind> = string | Effect.Effect<Versioned<Aggregate.Present<K>>, unknown>

/** What reading a source may fail with. */
export type SourceError<S> = S extends Effect.Effect<infer _A, infer E> ? E : NotFound | StoreError

/** Commands on an aggregate that exists. A function that gives no command leaves the aggregate as it is. */
export const on =
  <K extends Aggregate.Kind, S extends Source<K>>(
    kind: K,
    source: S,
    commands: Commands<K>
  ): Part<K, SourceError<S> | Refused.Refused> =>
  (deps, context) =>
    Effect.flatMap(readOf(deps, context, kind, source), (read) => {
      const all = typeof commands === "function" ? commands(context.at, read.state) : commands
      return decideOn(kind, read, ...(isList(all) ? all : [all]))
    })

const isList = <A extends object>(all: A | ReadonlyArray<A>): all is ReadonlyArray<A> => Array.isArray(all)

const readOf = <K extends Aggregate.Kind, S extends Source<K>>(
  { repository }: Deps<"repository">,
  { organizationId }: CommitContext,
  kind: K,
  source: S
) =>
  (typeof source === "string" ? repository.find(kind, organizationId, source) : source) as Effect.Effect<
    Versioned<Aggregate.Present<K>>,
    SourceError<S>
  >

/** Commands on an aggregate that does not exist yet. */
export const onNew =
  <K extends Aggregate.Kind>(
    kind: K,
    id: string,
    command: Command<K> | ((at: DateTime.Utc) => Command<K>)
  ): Part<K, Refused.Refused> =>
  (_, { at }) =>
    decideNew(kind, id, typeof command === "function" ? command(at) : command)

/** A precondition: the change holds only if this aggregate is still as it is read here. */
export const unchanged =
  <K extends Aggregate.Kind, S extends Source<K>>(kind: K, source: S): Part<K, SourceError<S>> =>
  (deps, context) =>
    Effect.map(readOf(deps, context, kind, source), (read) => assertUnchanged(kind, read.state.id, read))

/**
 * A read for a change that has just been made elsewhere: gives what is at hand first, and reads `again` when the change
 * is tried again. What is at hand may be out of date; then the commit conflicts, and the next attempt decides on what
 * is there.
 */
export const startingFrom = <A, E>(atHand: A, again: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  let isFirst = true
  return Effect.suspend(() => {
    if (!isFirst) return again
    isFirst = false
    return Effect.succeed(atHand)
  })
}

/** The states after a change, one for each part. */
export type States<Items> = {
  readonly [I in keyof Items]: Items[I] extends Part<infer K, infer _E> ? Aggregate.Present<K> : never
}

/** What the parts of a change may fail with. */
export type PartError<Items extends ReadonlyArray<unknown>> = Items[number] extends infer P
  ? P extends Part<infer _K, infer E>
    ? E
    : never
  : never

/**
 * Reads, decides and commits, all parts in one change; gives the state of each part afterwards. Reads and decides again
 * when another change came first, at most twelve times, so the parts do nothing but read and decide.
 *
 * @example
 * ```ts
 * const [link] = yield* change(deps, caller, [on("invitation", id, (at) => ({ _tag: "Revoke", at, by }))])
 * ```
 */
export const change = <const Items extends ReadonlyArray<AnyPart>>(
  deps: ChangeDeps,
  context: ChangeContext,
  parts: Items
): Effect.Effect<States<Items>, PartError<Items> | WriteError> =>
  decideAndCommit(deps, context, (commitContext) =>
    Effect.map(
      forEachSideBySide(parts, (part) => part(deps, commitContext) as Effect.Effect<Decided, PartError<Items>>),
      (decided) => ({ decided, result: decided.map(({ next }) => next) as unknown as States<Items> })
    )
  )

/** What was decided, and what the caller of the change gets. */
export interface Decision<A> {
  readonly decided: ReadonlyArray<Decided>
  readonly result: A
}

/**
 * The loop behind `change`, for decisions that depend on one another: `decide` reads and decides, and all of it is
 * committed as one change. It runs again when another change came first, so it does nothing else.
 */
export const decideAndCommit = <A, E>(
  deps: ChangeDeps,
  { now, ...context }: ChangeContext,
  decide: (context: CommitContext) => Effect.Effect<Decision<A>, E>
): Effect.Effect<A, E | WriteError> =>
  onConflictAgain(
    Effect.gen(function* () {
      const { actor, completes, idempotency, organizationId } = context
      const at = yield* now ?? DateTime.now
      const commitContext = given({ organizationId, actor, at, completes, idempotency })
      const { decided, result } = yield* decide(commitContext)
      yield* commit(deps, commitContext, decided)
      return result
    })
  )

/** How often a change is read and decided again when another one came first. */
export const conflictRetries = 12

/**
 * Runs an effect again when a version moved meanwhile, with a little scatter. The effect must do nothing but read,
 * decide and commit.
 */
export const onConflictAgain = <A, E, R>(effect: Effect.Effect<A, E | VersionConflict, R>) =>
  Effect.retry(effect, {
    times: conflictRetries,
    while: (error) => isConflict(error),
    schedule: Schedule.exponential("5 millis", 1.5).pipe(Schedule.jittered)
  })

const isConflict = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "VersionConflict"
