/**
 * The conversation about connections (flow F1, steps 3 and 7): how each stands and why, how its first load proceeds,
 * and ending it.
 */
import {
  Access,
  type Account,
  type Actor,
  type Aggregate,
  type Company,
  Connection,
  Effects,
  Evidence,
  type Id,
  Progress,
  type Refused
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer, type Option } from "effect"
import {
  type ConnectionFilter,
  Repository,
  type InvalidCursor,
  type NotFound,
  type Page,
  type PageRequest,
  type Versioned
} from "../../driven/Repository.ts"
import { EventLog } from "../../driven/EventLog.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import { decide, makeCommit, onConflictAgain } from "../shared/change.ts"
import { everyPage } from "../shared/everyPage.ts"
import { makeAccessScope } from "../shared/reach.ts"

/** How the first load stands. */
export interface BackfillView {
  readonly state: Aggregate.Present<"backfill">
  readonly classes: ReadonlyArray<Progress.ClassProgress>
  /** 0 to 1 over all classes. */
  readonly overall: number
  readonly nextDeadline: Option.Option<DateTime.Utc>
}

/** A connection with what its status rests on. */
export interface ConnectionView {
  readonly connection: Aggregate.Present<"connection">
  readonly evidence: Evidence.Evidence
  readonly backfill?: BackfillView
}

/** A connection with its surroundings. */
export interface ConnectionDetail extends ConnectionView {
  readonly account: Account.Present
  readonly company: Company.Open
}

/** A deliberate command, and the connection as it stands then. */
type Change = (
  caller: Access.Caller,
  id: Id.ConnectionId
) => Effect.Effect<ConnectionDetail, Refused.Refused | NotFound | CommitError>

/** Shows, pauses and ends connections. */
export class Connections extends Context.Service<
  Connections,
  {
    /** Lists connections, oldest first. */
    readonly list: (
      caller: Access.Caller,
      filter: ConnectionFilter,
      page: PageRequest
    ) => Effect.Effect<Page<ConnectionView>, Refused.Refused | InvalidCursor | StoreUnavailable>

    /** Reads one connection. */
    readonly view: (
      caller: Access.Caller,
      id: Id.ConnectionId
    ) => Effect.Effect<ConnectionDetail, Refused.Refused | NotFound | StoreUnavailable>

    /** What happened to a connection, its authorizations and its first load, the youngest first. */
    readonly history: (
      caller: Access.Caller,
      id: Id.ConnectionId,
      page: PageRequest
    ) => Effect.Effect<Page<Aggregate.Recorded>, Refused.Refused | NotFound | InvalidCursor | StoreUnavailable>

    /** What a command would do, to be told before it is confirmed (rule C14). */
    readonly effects: (
      caller: Access.Caller,
      id: Id.ConnectionId,
      command: Parameters<typeof Effects.ofConnection>[0]
    ) => Effect.Effect<ReadonlyArray<Effects.Effect>, Refused.Refused | NotFound | StoreUnavailable>

    /** Fetches nothing until it is resumed; consent, profile and data stay (rule P-R19). */
    readonly pause: Change

    /** Fetches again, the gap included. */
    readonly resume: Change

    /**
     * Ends a connection: frees the profile, asks the provider to end the consent where it offers that, forgets the tokens,
     * stops the load. Consents that wait for a choice of profile end with it, or their tokens would live on for nobody. Loaded data
     * stays where it landed. For an advertiser it is the deliberate unlink (rules W-R9, C14).
     */
    readonly disconnect: Change
  }
>()("@portolan/ports/driving/Connections") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Connections,
    Effect.gen(function* () {
      const store = yield* Repository
      const log = yield* EventLog
      const commit = yield* makeCommit
      const accessScope = yield* makeAccessScope

      const backfill = (connection: Aggregate.Present<"connection">, now: DateTime.Utc) =>
        Effect.map(
          store.backfillOf(connection.organizationId, connection.id),
          ({ state }): { readonly backfill: BackfillView } => {
            const classes = Progress.perClass(state, now)
            return {
              backfill: {
                state,
                classes,
                overall: Progress.overall(classes),
                nextDeadline: Progress.nextDeadline(classes)
              }
            }
          }
        ).pipe(Effect.catchTag("NotFound", () => Effect.succeed({})))

      // What a waiting consent sees stands on its authorization; one more read, and only while a consent waits.
      const pendingAuthorization = Effect.fnUntraced(function* (connection: Aggregate.Present<"connection">) {
        const pending = Connection.pendingOf(connection)
        if (pending === undefined) return undefined
        return yield* store.find("authorization", connection.organizationId, pending.authorizationId).pipe(
          Effect.map(({ state }) => state),
          Effect.catchTag("NotFound", () => Effect.succeed(undefined))
        )
      })

      const withEvidence = (connection: Aggregate.Present<"connection">) =>
        Effect.gen(function* () {
          const now = yield* DateTime.now
          const evidence = Evidence.ofConnection(connection, yield* pendingAuthorization(connection))
          return { connection, evidence, ...(yield* backfill(connection, now)) }
        })

      const view = (organizationId: Id.OrganizationId, id: Id.ConnectionId) =>
        Effect.gen(function* () {
          const { state: connection } = yield* store.find("connection", organizationId, id)
          const { state: account } = yield* store.find("account", organizationId, connection.accountId)
          const { state: company } = yield* store.find("company", organizationId, connection.companyId)
          return { ...(yield* withEvidence(connection)), account, company }
        })

      /** Ends the consents of a connection that wait for a choice: the latest one, and earlier ones that nobody dismissed. */
      const dismissAuthorizations = Effect.fnUntraced(function* (
        { id: connectionId, organizationId }: Connection.Present,
        at: DateTime.Utc,
        by: Actor.Actor
      ) {
        const waiting = yield* everyPage((page) =>
          store.authorizations(organizationId, { connectionId, states: ["AwaitingSelection"] }, page)
        )
        return yield* Effect.forEach(waiting, ({ id }) =>
          Effect.gen(function* () {
            const authorization = yield* store.find("authorization", organizationId, id)
            const because = "The connection was disconnected before a profile was chosen."
            // Chosen since: the connection was written with that, so this attempt starts over.
            if (authorization.state._tag !== "AwaitingSelection") return { id, decided: [] }
            return {
              id,
              decided: [
                yield* Effect.fromResult(
                  decide("authorization", id, authorization, { _tag: "Dismiss", at, by, because })
                )
              ]
            }
          })
        )
      })

      const change = (
        caller: Access.Caller,
        id: Id.ConnectionId,
        command: (at: DateTime.Utc, by: Actor.Actor) => Connection.Command
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const { actor, organizationId } = caller
            const read: Versioned<Connection.Present> = yield* accessScope.connection(caller, "administer", id)
            const at = yield* DateTime.now
            const asked = command(at, actor)
            const authorizations =
              asked._tag === "Disconnect" ? yield* dismissAuthorizations(read.state, at, actor) : []
            const decided = yield* Effect.fromResult(
              decide(
                "connection",
                id,
                read,
                asked,
                ...authorizations.map((authorization): Connection.Command => ({
                  _tag: "DropSelection",
                  authorizationId: authorization.id
                }))
              )
            )
            // What waits rests on the connection: a consent that comes in at this moment is found by the next attempt.
            yield* commit({ organizationId, actor, at }, [
              { ...decided, stands: true },
              ...authorizations.flatMap((authorization) => authorization.decided)
            ])
            return yield* view(organizationId, id)
          })
        )

      return Connections.of({
        list: Effect.fn("Connections.list")(function* (caller, filter, page) {
          yield* Effect.fromResult(Access.check(caller, "read"))
          const found = yield* store.connections(
            caller.organizationId,
            { ...filter, ...(yield* accessScope.within(caller)) },
            page
          )
          return { ...found, items: yield* Effect.forEach(found.items, withEvidence) }
        }),

        view: Effect.fn("Connections.view")(function* (caller, id) {
          yield* accessScope.connection(caller, "read", id)
          return yield* view(caller.organizationId, id)
        }),

        history: Effect.fn("Connections.history")(function* (caller, id, page) {
          const { organizationId } = caller
          yield* accessScope.connection(caller, "read", id)
          const authorizations = yield* Effect.catchTag(
            store.authorizations(organizationId, { connectionId: id }, { limit: 20 }),
            "InvalidCursor",
            Effect.die
          )
          const load = yield* store.backfillOf(organizationId, id).pipe(
            Effect.map(({ state }) => [state.id as string]),
            Effect.catchTag("NotFound", () => Effect.succeed([]))
          )
          return yield* log.of(
            organizationId,
            [id, ...authorizations.items.map((authorization) => authorization.id), ...load],
            page
          )
        }),

        effects: Effect.fn("Connections.effects")(function* (caller, id, command) {
          const { state } = yield* accessScope.connection(caller, "administer", id)
          return Effects.ofConnection(command, state)
        }),

        pause: Effect.fn("Connections.pause")((caller, id) =>
          change(caller, id, (at, by) => ({ _tag: "Pause", at, by }))
        ),
        resume: Effect.fn("Connections.resume")((caller, id) =>
          change(caller, id, (at, by) => ({ _tag: "Resume", at, by }))
        ),
        disconnect: Effect.fn("Connections.disconnect")((caller, id) =>
          change(caller, id, (at, by) => ({ _tag: "Disconnect", at, by }))
        )
      })
    })
  )
}
