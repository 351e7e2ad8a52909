/**
 * The conversation with the browser that goes to the provider and comes back (flow F1, steps 4 to 6; rules K-R8, K-R10
 * to K-R12): *Authenticate now*, and the callback that both ways end in.
 */
import {
  Access,
  type Actor,
  type Aggregate,
  type Authorization,
  type Channel,
  type Id,
  type Refused
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer, type Redacted, Result } from "effect"
import { ConnectionStore, type NotFound, type Versioned } from "../driven/ConnectionStore.ts"
import { callbackUri, Deployment } from "../driven/Deployment.ts"
import { type ChannelUnavailable, type Consent, ProviderApi } from "../driven/ProviderApi.ts"
import { Secrets } from "../driven/Secrets.ts"
import { TokenVault } from "../driven/TokenVault.ts"
import type { StoreUnavailable } from "../driven/StoreUnavailable.ts"
import type { CommitError } from "../driven/UnitOfWork.ts"
import { seal, whileUnavailable } from "./AccessTokens.ts"
import { type Decided, decide, onConflictAgain, standing } from "./change.ts"
import { makeCreating, type Once } from "./creating.ts"
import { makeReach } from "./reach.ts"
import { makeSelecting } from "./selecting.ts"
import { selectingTrip } from "./selectingTrip.ts"
import { type Departure, makeTrips } from "./trips.ts"
import { accessTo } from "./withToken.ts"

/** What became of a callback. Each case is a page that says what happened and what to do next. */
export type Arrival =
  /** The consent is recorded and waits for a person's choice, or the trip ended; the state says which. */
  | { readonly _tag: "Handled"; readonly trip: Authorization.Present }
  /** The same return came before; the state says what became of it (law SESS-08). */
  | { readonly _tag: "Repeated"; readonly trip: Authorization.Present }
  /** The return belongs to another browser. Nothing changed. */
  | { readonly _tag: "OtherBrowser" }
  /** Nothing is known of this return: unknown, foreign or forged. All look alike (fault F15). */
  | { readonly _tag: "Unknown" }

/** What a consent reaches, as far as the provider told. */
type Seen = Pick<Authorization.AwaitingSelection, "candidates" | "unread">

/** Sends browsers out and takes them back. */
export class Connecting extends Context.Service<
  Connecting,
  {
    /** Starts a consent by the person at the keyboard (rule K-R8). Repeated under a key, it gives the same departure. */
    readonly authenticateNow: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId,
      browser: Redacted.Redacted<string> | undefined,
      once?: Once
    ) => Effect.Effect<Departure, Refused.Refused | NotFound | ChannelUnavailable | CommitError>

    /**
     * Takes a browser back. The first return of a trip is handled, whatever it says; every later one is told the outcome.
     * The code is exchanged once, and its tokens are in the vault before anything else is written.
     */
    readonly receive: (
      channel: Channel.Channel,
      query: URLSearchParams,
      browser: Redacted.Redacted<string> | undefined
    ) => Effect.Effect<Arrival, StoreUnavailable | CommitError>
  }
>()("@portolan/ports/driving/Connecting") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Connecting,
    Effect.gen(function* () {
      const store = yield* ConnectionStore
      const provider = yield* ProviderApi
      const vault = yield* TokenVault
      const secrets = yield* Secrets
      const deployment = yield* Deployment
      const { commit, depart, departureOf, endAttempt } = yield* makeTrips
      const creating = yield* makeCreating
      const reach = yield* makeReach
      const selecting = yield* makeSelecting

      type Trip = Authorization.Present
      const reread = (trip: Trip) => store.find("authorization", trip.organizationId, trip.id)
      const actorOf = (trip: Trip): Actor.Actor =>
        trip.origin._tag === "Direct" ? trip.origin.actor : { _tag: "Guest", invitationId: trip.origin.invitationId }

      /** Decides on a trip and whatever belongs to it, and commits; gives the trip as it is now. */
      const advance = (
        trip: Trip,
        command: (at: DateTime.Utc) => ReadonlyArray<Authorization.Command>,
        also: (
          at: DateTime.Utc
        ) => Effect.Effect<ReadonlyArray<Decided>, Refused.Refused | NotFound | StoreUnavailable> = () =>
          Effect.succeed([])
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const read = yield* reread(trip)
            const at = yield* DateTime.now
            const decided = yield* Effect.fromResult(decide("authorization", trip.id, read, ...command(at)))
            yield* commit({ organizationId: trip.organizationId, actor: actorOf(trip), at }, [
              decided,
              ...(yield* also(at))
            ])
            return decided.next._tag === "Absent" ? trip : decided.next
          })
        )

      const fail = (trip: Trip, reason: Authorization.FailureReason, detail: string) =>
        advance(
          trip,
          (at) => [{ _tag: "Fail", reason, detail, at }],
          () => endAttempt(trip, outcomeText[reason])
        )

      /**
       * Whoever consents as a member answers for the consent; for a guest's nobody does until it is handed to somebody. Nor does
       * somebody who was removed while he was at the provider.
       */
      const keeperOf = Effect.fnUntraced(function* ({ organizationId, origin }: Trip) {
        if (origin._tag !== "Direct" || origin.actor._tag !== "Person") return { rests: [] }
        const { name, personId } = origin.actor
        const own = (yield* store.memberships(personId)).find((member) => member.organizationId === organizationId)
        const read = own === undefined ? undefined : yield* store.find("member", organizationId, own.id)
        // His removal hands over what he answers for, and must see this one as well.
        return read?.state._tag === "Active"
          ? { keeper: { personId, name }, rests: [standing("member", read.state.id, read)] }
          : { rests: [] }
      })

      /** What else a consent changes: the grant, the connection, and the link it came through. */
      const consentRecorded = (trip: Trip, grantId: Id.GrantId, consent: Consent, at: DateTime.Utc) =>
        Effect.gen(function* () {
          const { channel, id: authorizationId, organizationId, region } = trip
          const connection = yield* store.find("connection", organizationId, trip.connectionId)
          const { keeper, rests } = yield* keeperOf(trip)
          const decided: Array<Decided> = [
            ...rests,
            yield* Effect.fromResult(
              decide("grant", grantId, undefined, {
                _tag: "Record",
                grant: {
                  id: grantId,
                  organizationId,
                  authorizationId,
                  channel,
                  region,
                  consentedAt: at,
                  ...(keeper === undefined ? {} : { keeper }),
                  ...(trip.origin._tag === "ByLink" && trip.origin.consenting !== undefined
                    ? { consentedAs: trip.origin.consenting }
                    : {}),
                  ...(consent.grantor === undefined ? {} : { grantor: consent.grantor }),
                  ...(consent.expiresAt === undefined ? {} : { expiresAt: consent.expiresAt })
                }
              })
            ),
            yield* Effect.fromResult(
              decide("connection", trip.connectionId, connection, { _tag: "AwaitSelection", authorizationId, at })
            )
          ]
          if (trip.origin._tag === "ByLink") {
            const link: Versioned<Aggregate.Present<"invitation">> = yield* store.find(
              "invitation",
              organizationId,
              trip.origin.invitationId
            )
            decided.push(
              yield* Effect.fromResult(decide("invitation", link.state.id, link, { _tag: "Use", authorizationId, at }))
            )
          }
          return decided
        })

      const candidates = (trip: Trip, consent: Consent) =>
        provider.discover(accessTo(trip, consent.accessToken, consent)).pipe(
          Effect.timeout("45 seconds"),
          Effect.map((found): Seen => ({ candidates: found })),
          // The consent must not be lost because the list could not be read; it is looked for again later. That a login lacks the
          // permission is an answer; anything else says nothing about what it would see.
          Effect.catch((error) =>
            Effect.as(Effect.logWarning("profiles could not be listed yet", error._tag), {
              candidates: [],
              ...(error._tag === "PermissionMissing" ? {} : { unread: true as const })
            })
          )
        )

      /** Exchanges the code and stores what comes back. From the exchange to the vault nothing can be interrupted. */
      const exchange = (
        trip: Trip,
        grantId: Id.GrantId,
        code: Redacted.Redacted<string>,
        grantor: string | undefined
      ) =>
        Effect.uninterruptible(
          Effect.gen(function* () {
            const consent = yield* provider.exchange({
              channel: trip.channel,
              region: trip.region,
              code,
              redirectUri: callbackUri(deployment.origin, trip.channel),
              codeVerifier: yield* secrets.derive("code-verifier", trip.id),
              ...(grantor === undefined ? {} : { grantor })
            })
            yield* whileUnavailable(vault.put(trip.organizationId, grantId, yield* seal(consent)))
            return consent
          })
        )

      const linkIsOpen = Effect.fnUntraced(function* (trip: Trip) {
        if (trip.origin._tag !== "ByLink") return true
        const { state } = yield* store.find("invitation", trip.organizationId, trip.origin.invitationId)
        return state._tag === "Open" && DateTime.isLessThan(yield* DateTime.now, state.expiresAt)
      })

      const consented = Effect.fnUntraced(function* (
        trip: Extract<Trip, { readonly _tag: "Exchanging" }>,
        code: Redacted.Redacted<string>,
        grantor: string | undefined
      ) {
        if (!(yield* linkIsOpen(trip)))
          return yield* fail(trip, "link-closed", "the link was closed before the consent came back")
        const exchanged = yield* Effect.result(exchange(trip, trip.grantId, code, grantor))
        if (Result.isFailure(exchanged))
          return yield* fail(trip, reasonOf(exchanged.failure), exchanged.failure.message)
        const consent = exchanged.success
        const found = yield* candidates(trip, consent)
        const recorded = yield* advance(
          trip,
          (at) => [{ _tag: "RecordConsent", ...found, at }],
          (at) => consentRecorded(trip, trip.grantId, consent, at)
        ).pipe(
          // Another consent used the link up, or it was withdrawn, while this one was being exchanged (fault F14).
          Effect.catchTag("Refused", (refused) => fail(trip, "link-closed", refused.detail))
        )
        return yield* finishedByItself(recorded)
      })

      /**
       * A request asked the owner for one account, and the owner is gone again: where exactly one profile fits, nothing speaks
       * against it and nobody holds it, there is nothing left to choose (rule X-R5). Otherwise the requester chooses.
       */
      const finishedByItself = Effect.fnUntraced(function* (trip: Trip) {
        if (trip._tag !== "AwaitingSelection" || trip.origin._tag !== "ByLink") return trip
        const { state: link } = yield* store.find("invitation", trip.organizationId, trip.origin.invitationId)
        if (link.request === undefined) return trip
        const around = yield* selecting.surroundings(trip.organizationId, trip.accountId)
        const { state: grant } = yield* store.find("grant", trip.organizationId, trip.grantId)
        const own = around.connections.find(({ id }) => id === trip.connectionId)
        // Whoever ended the connection after the request was sent wanted it ended; only a person takes that back.
        if (
          own === undefined ||
          (own._tag === "Disconnected" && DateTime.isGreaterThan(own.disconnectedAt, link.issuedAt))
        )
          return trip
        const fitting = (yield* selecting.choices(
          { organizationId: trip.organizationId, reach: Access.everything },
          around,
          own,
          trip.candidates,
          grant
        )).filter(
          (choice) =>
            choice.heldBy === undefined &&
            !choice.obstacles.some(({ weight }) => weight === "blocks") &&
            // The request named one country; a profile of another one would move the account, which is for people to decide.
            choice.candidate.key.marketplaceId === own.marketplaceId
        )
        const [only] = fitting
        if (only === undefined || fitting.length > 1 || only.obstacles.length > 0) return trip
        return yield* onConflictAgain(
          Effect.gen(function* () {
            const by: Actor.Actor = { _tag: "System", part: "request" }
            const choosing = { confirmed: false, keepsReplaced: false, by, at: yield* DateTime.now }
            const chosen = yield* selectingTrip(selecting, store, yield* reread(trip), only.candidate.key, choosing)
            yield* commit({ organizationId: trip.organizationId, actor: by, at: choosing.at }, chosen.decided)
            return chosen.trip
          })
        ).pipe(
          // Whatever came between leaves the trip to the requester, who sees it waiting.
          Effect.catchTag(["Refused", "ProfileTaken", "VersionConflict"], () =>
            Effect.map(reread(trip), ({ state }) => state)
          )
        )
      })

      const receive = Effect.fn("Connecting.receive")(function* (
        channel: Channel.Channel,
        query: URLSearchParams,
        browser: Redacted.Redacted<string> | undefined
      ) {
        const callback = provider.readCallback(channel, query)
        if (callback.state === undefined) return { _tag: "Unknown" } as const
        const { state: trip } = yield* store.authorizationByState(yield* secrets.digest(callback.state))
        if (trip.channel !== channel) return { _tag: "Unknown" } as const
        if (browser === undefined) return { _tag: "OtherBrowser" } as const
        const browserDigest = yield* secrets.digest(browser)
        if (trip.browserDigest !== browserDigest) return { _tag: "OtherBrowser" } as const
        if (trip._tag !== "Started") return { _tag: "Repeated", trip } as const
        if (callback._tag === "Declined") {
          const declined = yield* advance(
            trip,
            (at) => [{ _tag: "Decline", browserDigest, detail: callback.detail, at }],
            () => endAttempt(trip, "the person declined")
          )
          return { _tag: "Handled", trip: declined } as const
        }
        const grantId = yield* secrets.id("grant")
        const returned = yield* advance(trip, (at) => [{ _tag: "Return", browserDigest, grantId, at }])
        // Of two returns at once the slower one finds another name for the grant than its own.
        if (returned._tag !== "Exchanging" || returned.grantId !== grantId)
          return { _tag: "Handled", trip: returned } as const
        switch (callback._tag) {
          case "Refused":
            return { _tag: "Handled", trip: yield* fail(returned, "provider-error", callback.detail) } as const
          case "Incomplete":
            return { _tag: "Handled", trip: yield* fail(returned, "callback-incomplete", callback.detail) } as const
          case "Consented":
            return { _tag: "Handled", trip: yield* consented(returned, callback.code, callback.grantor) } as const
        }
      })

      return Connecting.of({
        authenticateNow: Effect.fn("Connecting.authenticateNow")(function* (caller, connectionId, browser, once) {
          yield* reach.connection(caller, "connect", connectionId)
          const { actor, organizationId } = caller
          const create = Effect.gen(function* () {
            const { state } = yield* store.find("connection", organizationId, connectionId)
            const started = yield* depart(
              state,
              { _tag: "Direct", actor },
              actor,
              browser,
              () => Effect.succeed([]),
              once
            )
            return started.authorizationId as string
          })
          return yield* creating(organizationId, once, create, (id) =>
            Effect.flatMap(store.find("authorization", organizationId, id), ({ state: trip }) =>
              departureOf(trip, browser)
            )
          )
        }),
        receive: (channel, query, browser) =>
          receive(channel, query, browser).pipe(
            Effect.catchTag("NotFound", () => Effect.succeed<Arrival>({ _tag: "Unknown" })),
            // The other one of two simultaneous returns moved the trip on; this one is told the outcome.
            Effect.catchTag("Refused", () => repeated(query, channel))
          )
      })

      function repeated(query: URLSearchParams, channel: Channel.Channel) {
        return Effect.gen(function* () {
          const callback = provider.readCallback(channel, query)
          if (callback.state === undefined) return { _tag: "Unknown" } as const
          const { state: trip } = yield* store.authorizationByState(yield* secrets.digest(callback.state))
          return { _tag: "Repeated", trip } as const
        }).pipe(Effect.catchTag("NotFound", () => Effect.succeed<Arrival>({ _tag: "Unknown" })))
      }
    })
  )
}

const reasonOf = (error: { readonly _tag: string }): Authorization.FailureReason =>
  error._tag === "CodeRefused"
    ? "code-refused"
    : error._tag === "ApplicationRejected"
      ? "application-rejected"
      : "provider-unavailable"

const outcomeText: { readonly [R in Authorization.FailureReason]: string } = {
  "code-refused": "the provider did not accept the returned code",
  "provider-unavailable": "the provider did not answer",
  "application-rejected": "the provider rejected this software's credentials",
  "not-entitled": "the login may not give this consent",
  "link-closed": "the link was closed meanwhile",
  "provider-error": "the provider reported an error",
  "callback-incomplete": "the return from the provider was incomplete"
}
