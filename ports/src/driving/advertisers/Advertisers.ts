/**
 * The conversation about advertisers that let us in (flow F3, steps 3 and 4; rules W-R3 to W-R10): which ones an account can be
 * linked to, linking one, and saying which one to expect. Unlinking is `Connections.disconnect`, deliberate and on record.
 */
import {
  type Access,
  Account,
  type Actor,
  Advertiser,
  Channel,
  Connection,
  type Id,
  Profile,
  Refused,
  type Text
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { Repository, type NotFound } from "../../driven/Repository.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError, ProfileTaken } from "../../driven/UnitOfWork.ts"
import { type Decided, decide, makeCommit, onConflictAgain, standing } from "../shared/change.ts"
import { everyPage } from "../shared/everyPage.ts"
import { makeAccessScope } from "../shared/reach.ts"
import { type Choice, makeSelecting, type ProfileHeld } from "../authorizations/selecting.ts"

/** An advertiser that can be linked, with all that tells it apart (rule W-R8), and who holds it already (rule W-R9). */
export interface Available extends Choice {
  readonly grantId: Id.GrantId
  readonly candidate: Profile.Advertiser
}

/** What is to be decided on a connection, and what that rests on. */
interface JobRequest {
  readonly commands: ReadonlyArray<Connection.Command>
  readonly rests: ReadonlyArray<Decided>
}

/** Lists, links and expects advertisers. */
export class Advertisers extends Context.Service<
  Advertisers,
  {
    /**
     * The advertisers assigned to this organization that a connection could be linked to. An account the caller does not reach
     * is not named as a holder; that the advertiser is taken is told.
     */
    readonly available: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<ReadonlyArray<Available>, Refused.Refused | NotFound | StoreUnavailable>

    /** Links an advertiser to an account; it can be linked to one account only (rule W-R9). */
    readonly link: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId,
      grantId: Id.GrantId,
      confirmed: boolean
    ) => Effect.Effect<
      Connection.Present,
      Refused.Refused | NotFound | ProfileHeld | Exclude<CommitError, ProfileTaken>
    >

    /**
     * Says that an advertiser has added us, or is about to: operators see it, and people are told when it has not appeared
     * within a day (rules W-R3, W-R10).
     */
    readonly expect: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId,
      advertiser: Text.Name
    ) => Effect.Effect<Connection.Present, Refused.Refused | NotFound | CommitError>

    /** Stops expecting one. */
    readonly stopExpecting: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<Connection.Present, Refused.Refused | NotFound | CommitError>
  }
>()("@portolan/ports/driving/Advertisers") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Advertisers,
    Effect.gen(function* () {
      const catalogue = yield* CurrentCatalogue
      const store = yield* Repository
      const commit = yield* makeCommit
      const accessScope = yield* makeAccessScope
      const selecting = yield* makeSelecting

      const partnerOnly = (connection: Connection.Present): Effect.Effect<void, Refused.Refused> =>
        Channel.accessBy(connection.channel, catalogue) === "partner"
          ? Effect.void
          : Effect.fail(
              new Refused.Refused({
                subject: "Connection",
                asked: "Link",
                reason: "contradiction",
                detail: `The ${Channel.label(connection.channel, catalogue)} is connected by a person's consent.`,
                nextStep: "Authenticate now, or create an auth link."
              })
            )

      /** The grants of one channel and region, all of them: an organization has few. */
      const grants = (
        organizationId: Id.OrganizationId,
        { channel, region }: Pick<Profile.Key, "channel" | "region">
      ) =>
        Effect.map(
          everyPage((page) => store.grants(organizationId, { channel, region, states: ["Active"] }, page)),
          (all) =>
            all.flatMap((grant) => (grant.advertiser === undefined ? [] : [{ ...grant, advertiser: grant.advertiser }]))
        )

      const change = (
        caller: Access.Caller,
        connectionId: Id.ConnectionId,
        wanted: (
          read: Connection.Present,
          at: DateTime.Utc
        ) => Effect.Effect<JobRequest, Refused.Refused | NotFound | StoreUnavailable>
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const { actor, organizationId } = caller
            const read = yield* accessScope.connection(caller, "connect", connectionId)
            yield* partnerOnly(read.state)
            const at = yield* DateTime.now
            const { commands, rests } = yield* wanted(read.state, at)
            const decided = yield* Effect.fromResult(decide("connection", connectionId, read, ...commands))
            yield* commit({ organizationId, actor, at }, [decided, ...rests])
            return decided.next._tag === "Absent" ? read.state : decided.next
          })
        )

      /**
       * Expects an advertiser by name or id, which may be there already. Nothing is expected for an account that was removed, or is
       * being removed.
       */
      const expecting = Effect.fnUntraced(function* (
        { accountId, channel, marketplaceId, organizationId }: Connection.Present,
        advertiser: Text.Name,
        by: Actor.Actor,
        at: DateTime.Utc
      ) {
        const account = yield* store.find("account", organizationId, accountId)
        yield* Effect.fromResult(Account.inUse(account.state, "Connection", "ExpectAccess"))
        const listed = (yield* grants(organizationId, { channel, region: account.state.region }))
          .map((grant) => grant.advertiser)
          .filter((one) => one.key.marketplaceId === marketplaceId && Advertiser.isNamed(one, advertiser))
        const taken = yield* store.holders(
          organizationId,
          listed.map(({ key }) => key)
        )
        const here = listed.find(({ key }) => !taken.some((holder) => Profile.sameKey(holder.key, key)))
        return {
          commands: [
            { _tag: "ExpectAccess", advertiser, by, at },
            ...(here === undefined ? [] : [{ _tag: "NoteAccess", advertiser: here.name, at } as const])
          ],
          rests: [standing("account", accountId, account)]
        } satisfies JobRequest
      })

      const available = Effect.fn("Advertisers.available")(function* (
        caller: Access.Caller,
        connectionId: Id.ConnectionId
      ) {
        const { state: own } = yield* accessScope.connection(caller, "read", connectionId)
        yield* partnerOnly(own)
        const around = yield* selecting.surroundings(caller.organizationId, own.accountId)
        const found = yield* grants(caller.organizationId, { channel: own.channel, region: around.account.region })
        const choices = yield* selecting.choices(
          caller,
          around,
          own,
          found.map(({ advertiser }) => advertiser)
        )
        const seen: Array<Available> = []
        for (const [index, choice] of choices.entries()) {
          const grant = found[index]
          if (grant === undefined) continue
          seen.push({ ...choice, candidate: grant.advertiser, grantId: grant.id })
        }
        return seen
      })

      const notNow = () =>
        new Refused.Refused({
          subject: "Connection",
          asked: "Link",
          reason: "not-possible-now",
          detail: "This advertiser cannot be linked now.",
          nextStep: "Look at the list again: its admin may have taken us off its partners."
        })

      const link = (caller: Access.Caller, connectionId: Id.ConnectionId, grantId: Id.GrantId, confirmed: boolean) =>
        onConflictAgain(
          Effect.gen(function* () {
            const { actor, organizationId } = caller
            const own = yield* accessScope.connection(caller, "connect", connectionId)
            yield* partnerOnly(own.state)
            const grant = yield* store.find("grant", organizationId, grantId)
            const { _tag, advertiser, channel } = grant.state
            if (_tag !== "Active" || advertiser === undefined || channel !== own.state.channel) return yield* notNow()
            const around = yield* selecting.surroundings(organizationId, own.state.accountId)
            yield* selecting.acceptable(selecting.obstacles(around, own.state, advertiser), confirmed)
            const at = yield* DateTime.now
            yield* commit(
              { organizationId, actor, at },
              yield* selecting.bind(around, own, { grant, profile: advertiser, keepsReplaced: false, at, by: actor })
            )
            return (yield* store.find("connection", organizationId, connectionId)).state
          })
        )

      return Advertisers.of({
        available,
        link: Effect.fn("Advertisers.link")((caller, connectionId, grantId, confirmed) =>
          link(caller, connectionId, grantId, confirmed).pipe(
            Effect.catchTag("ProfileTaken", (taken) => selecting.told(caller, taken))
          )
        ),
        expect: Effect.fn("Advertisers.expect")((caller, connectionId, advertiser) =>
          change(caller, connectionId, (read, at) => expecting(read, advertiser, caller.actor, at))
        ),
        stopExpecting: Effect.fn("Advertisers.stopExpecting")((caller, connectionId) =>
          change(caller, connectionId, (_, at) =>
            Effect.succeed({ commands: [{ _tag: "DropExpectation", at }], rests: [] })
          )
        )
      })
    })
  )
}
