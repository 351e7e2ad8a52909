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
import { Repository, type NotFound, type Versioned } from "../../driven/Repository.ts"
import { callbackUri, Deployment } from "../../driven/Deployment.ts"
import { type ChannelUnavailable, type Consent, ProviderApi } from "../../driven/ProviderApi.ts"
import { Secrets } from "../../driven/Secrets.ts"
import { TokenVault } from "../../driven/TokenVault.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import { seal, whileUnavailable } from "../tokens/storedTokens.ts"
import { type Decided, decide, onConflictAgain, standing } from "../shared/change.ts"
import { makeIdempotency, type IdempotencyKey } from "../shared/idempotency.ts"
import { makeAccessScope } from "../shared/AccessScope.ts"
import { makeSelecting } from "./selecting.ts"
import { selectProfile } from "./selectingTrip.ts"
import { type AuthorizationRedirect, makeAuthorizations } from "./trips.ts"
import { accessTo } from "../tokens/withToken.ts"

/** What became of a callback. Each case is a page that says what happened and what to do next. */
export type CallbackResult =
  /** The consent is recorded and waits for a person's choice, or the authorization ended; the state says which. */
  | { readonly _tag: "Handled"; readonly authorization: Authorization.Present }
  /** The same return came before; the state says what became of it (law SESS-08). */
  | { readonly _tag: "Repeated"; readonly authorization: Authorization.Present }
  /** The return belongs to another browser. Nothing changed. */
  | { readonly _tag: "BrowserMismatch" }
  /** Nothing is known of this return: unknown, foreign or forged. All look alike (fault F15). */
  | { readonly _tag: "Unknown" }

/** What a consent reaches, as far as the provider told. */
type Seen = Pick<Authorization.AwaitingSelection, "candidates" | "listFailed">

/** Sends browsers out and takes them back. */
export class Connecting extends Context.Service<
  Connecting,
  {
    /** Starts a consent by the person at the keyboard (rule K-R8). Repeated under a key, it gives the same departure. */
    readonly authenticateNow: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId,
      browser: Redacted.Redacted<string> | undefined,
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<AuthorizationRedirect, Refused.Refused | NotFound | ChannelUnavailable | CommitError>

    /**
     * Takes a browser back. The first return of an authorization is handled, whatever it says; every later one is told the outcome.
     * The code is exchanged once, and its tokens are in the vault before anything else is written.
     */
    readonly receive: (
      channel: Channel.Channel,
      query: URLSearchParams,
      browser: Redacted.Redacted<string> | undefined
    ) => Effect.Effect<CallbackResult, StoreUnavailable | CommitError>
  }
>()("@portolan/ports/driving/Connecting") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Connecting,
    Effect.gen(function* () {
      const store = yield* Repository
      const provider = yield* ProviderApi
      const vault = yield* TokenVault
      const secrets = yield* Secrets
      const deployment = yield* Deployment
      const { commit, startAuthorization, redirectOf, endAttempt } = yield* makeAuthorizations
      const withIdempotency = yield* makeIdempotency
      const accessScope = yield* makeAccessScope
      const selecting = yield* makeSelecting

      type AuthorizationPresent = Authorization.Present
      const reread = (authorization: AuthorizationPresent) =>
        store.find("authorization", authorization.organizationId, authorization.id)
      const actorOf = (authorization: AuthorizationPresent): Actor.Actor =>
        authorization.origin._tag === "Direct"
          ? authorization.origin.actor
          : { _tag: "Guest", invitationId: authorization.origin.invitationId }

      /** Decides on an authorization and whatever belongs to it, and commits; gives the authorization as it is now. */
      const advance = (
        authorization: AuthorizationPresent,
        command: (at: DateTime.Utc) => ReadonlyArray<Authorization.Command>,
        also: (
          at: DateTime.Utc
        ) => Effect.Effect<ReadonlyArray<Decided>, Refused.Refused | NotFound | StoreUnavailable> = () =>
          Effect.succeed([])
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const read = yield* reread(authorization)
            const at = yield* DateTime.now
            const decided = yield* Effect.fromResult(decide("authorization", authorization.id, read, ...command(at)))
            yield* commit({ organizationId: authorization.organizationId, actor: actorOf(authorization), at }, [
              decided,
              ...(yield* also(at))
            ])
            return decided.next._tag === "Absent" ? authorization : decided.next
          })
        )

      const fail = (authorization: AuthorizationPresent, reason: Authorization.FailureReason, detail: string) =>
        advance(
          authorization,
          (at) => [{ _tag: "Fail", reason, detail, at }],
          () => endAttempt(authorization, outcomeText[reason])
        )

      /**
       * Whoever consents as a member answers for the consent; for a guest's nobody does until it is handed to somebody. Nor does
       * somebody who was removed while he was at the provider.
       */
      const keeperOf = Effect.fnUntraced(function* ({ organizationId, origin }: AuthorizationPresent) {
        if (origin._tag !== "Direct" || origin.actor._tag !== "Person") return { rests: [] }
        const { name, personId } = origin.actor
        const own = (yield* store.memberships(personId)).find((member) => member.organizationId === organizationId)
        const read = own === undefined ? undefined : yield* store.find("member", organizationId, own.id)
        // His removal hands over what he answers for, and must see this one as well.
        return read?.state._tag === "Active"
          ? { responsibleMember: { personId, name }, rests: [standing("member", read.state.id, read)] }
          : { rests: [] }
      })

      /** What else a consent changes: the grant, the connection, and the link it came through. */
      const consentRecorded = (
        authorization: AuthorizationPresent,
        grantId: Id.GrantId,
        consent: Consent,
        at: DateTime.Utc
      ) =>
        Effect.gen(function* () {
          const { channel, id: authorizationId, organizationId, region } = authorization
          const connection = yield* store.find("connection", organizationId, authorization.connectionId)
          const { responsibleMember, rests } = yield* keeperOf(authorization)
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
                  ...(responsibleMember === undefined ? {} : { responsibleMember }),
                  ...(authorization.origin._tag === "ByLink" && authorization.origin.consenting !== undefined
                    ? { consentedAs: authorization.origin.consenting }
                    : {}),
                  ...(consent.grantor === undefined ? {} : { grantor: consent.grantor }),
                  ...(consent.expiresAt === undefined ? {} : { expiresAt: consent.expiresAt })
                }
              })
            ),
            yield* Effect.fromResult(
              decide("connection", authorization.connectionId, connection, {
                _tag: "AwaitSelection",
                authorizationId,
                at
              })
            )
          ]
          if (authorization.origin._tag === "ByLink") {
            const link: Versioned<Aggregate.Present<"invitation">> = yield* store.find(
              "invitation",
              organizationId,
              authorization.origin.invitationId
            )
            decided.push(
              yield* Effect.fromResult(decide("invitation", link.state.id, link, { _tag: "Use", authorizationId, at }))
            )
          }
          return decided
        })

      const candidates = (authorization: AuthorizationPresent, consent: Consent) =>
        provider.discover(accessTo(authorization, consent.accessToken, consent)).pipe(
          Effect.timeout("45 seconds"),
          Effect.map((found): Seen => ({ candidates: found })),
          // The consent must not be lost because the list could not be read; it is looked for again later. That a login lacks the
          // permission is an answer; anything else says nothing about what it would see.
          Effect.catch((error) =>
            Effect.as(Effect.logWarning("profiles could not be listed yet", error._tag), {
              candidates: [],
              ...(error._tag === "PermissionMissing" ? {} : { listFailed: true as const })
            })
          )
        )

      /** Exchanges the code and stores what comes back. From the exchange to the vault nothing can be interrupted. */
      const exchange = (
        authorization: AuthorizationPresent,
        grantId: Id.GrantId,
        code: Redacted.Redacted<string>,
        grantor: string | undefined
      ) =>
        Effect.uninterruptible(
          Effect.gen(function* () {
            const consent = yield* provider.exchange({
              channel: authorization.channel,
              region: authorization.region,
              code,
              redirectUri: callbackUri(deployment.origin, authorization.channel),
              codeVerifier: yield* secrets.derive("code-verifier", authorization.id),
              ...(grantor === undefined ? {} : { grantor })
            })
            yield* whileUnavailable(vault.put(authorization.organizationId, grantId, yield* seal(consent)))
            return consent
          })
        )

      const linkIsOpen = Effect.fnUntraced(function* (authorization: AuthorizationPresent) {
        if (authorization.origin._tag !== "ByLink") return true
        const { state } = yield* store.find(
          "invitation",
          authorization.organizationId,
          authorization.origin.invitationId
        )
        return state._tag === "Open" && DateTime.isLessThan(yield* DateTime.now, state.expiresAt)
      })

      const consented = Effect.fnUntraced(function* (
        authorization: Extract<AuthorizationPresent, { readonly _tag: "Exchanging" }>,
        code: Redacted.Redacted<string>,
        grantor: string | undefined
      ) {
        if (!(yield* linkIsOpen(authorization)))
          return yield* fail(authorization, "link-closed", "the link was closed before the consent came back")
        const exchanged = yield* Effect.result(exchange(authorization, authorization.grantId, code, grantor))
        if (Result.isFailure(exchanged))
          return yield* fail(authorization, reasonOf(exchanged.failure), exchanged.failure.message)
        const consent = exchanged.success
        const found = yield* candidates(authorization, consent)
        const recorded = yield* advance(
          authorization,
          (at) => [{ _tag: "RecordConsent", ...found, at }],
          (at) => consentRecorded(authorization, authorization.grantId, consent, at)
        ).pipe(
          // Another consent used the link up, or it was withdrawn, while this one was being exchanged (fault F14).
          Effect.catchTag("Refused", (refused) => fail(authorization, "link-closed", refused.detail))
        )
        return yield* finishedByItself(recorded)
      })

      /**
       * A request asked the owner for one account, and the owner is gone again: where exactly one profile fits, nothing speaks
       * against it and nobody holds it, there is nothing left to choose (rule X-R5). Otherwise the requester chooses.
       */
      const finishedByItself = Effect.fnUntraced(function* (authorization: AuthorizationPresent) {
        if (authorization._tag !== "AwaitingSelection" || authorization.origin._tag !== "ByLink") return authorization
        const { state: link } = yield* store.find(
          "invitation",
          authorization.organizationId,
          authorization.origin.invitationId
        )
        if (link.request === undefined) return authorization
        const around = yield* selecting.surroundings(authorization.organizationId, authorization.accountId)
        const { state: grant } = yield* store.find("grant", authorization.organizationId, authorization.grantId)
        const own = around.connections.find(({ id }) => id === authorization.connectionId)
        // Whoever ended the connection after the request was sent wanted it ended; only a person takes that back.
        if (
          own === undefined ||
          (own._tag === "Disconnected" && DateTime.isGreaterThan(own.disconnectedAt, link.issuedAt))
        )
          return authorization
        const fitting = (yield* selecting.choices(
          { organizationId: authorization.organizationId, accessScope: Access.everything },
          around,
          own,
          authorization.candidates,
          grant
        )).filter(
          (choice) =>
            choice.heldBy === undefined &&
            !choice.obstacles.some(({ weight }) => weight === "blocks") &&
            // The request named one country; a profile of another one would move the account, which is for people to decide.
            choice.candidate.key.marketplaceId === own.marketplaceId
        )
        const [only] = fitting
        if (only === undefined || fitting.length > 1 || only.obstacles.length > 0) return authorization
        return yield* onConflictAgain(
          Effect.gen(function* () {
            const by: Actor.Actor = { _tag: "System", part: "request" }
            const choosing = { confirmed: false, keepsReplaced: false, by, at: yield* DateTime.now }
            const chosen = yield* selectProfile(
              selecting,
              store,
              yield* reread(authorization),
              only.candidate.key,
              choosing
            )
            yield* commit({ organizationId: authorization.organizationId, actor: by, at: choosing.at }, chosen.decided)
            return chosen.authorization
          })
        ).pipe(
          // Whatever came between leaves the authorization to the requester, who sees it waiting.
          Effect.catchTag(["Refused", "ProfileTaken", "VersionConflict"], () =>
            Effect.map(reread(authorization), ({ state }) => state)
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
        const { state: authorization } = yield* store.authorizationByState(yield* secrets.digest(callback.state))
        if (authorization.channel !== channel) return { _tag: "Unknown" } as const
        if (browser === undefined) return { _tag: "BrowserMismatch" } as const
        const browserDigest = yield* secrets.digest(browser)
        if (authorization.browserDigest !== browserDigest) return { _tag: "BrowserMismatch" } as const
        if (authorization._tag !== "Started") return { _tag: "Repeated", authorization } as const
        if (callback._tag === "Declined") {
          const declined = yield* advance(
            authorization,
            (at) => [{ _tag: "Decline", browserDigest, detail: callback.detail, at }],
            () => endAttempt(authorization, "the person declined")
          )
          return { _tag: "Handled", authorization: declined } as const
        }
        const grantId = yield* secrets.id("grant")
        const returned = yield* advance(authorization, (at) => [{ _tag: "Return", browserDigest, grantId, at }])
        // Of two returns at once the slower one finds another name for the grant than its own.
        if (returned._tag !== "Exchanging" || returned.grantId !== grantId)
          return { _tag: "Handled", authorization: returned } as const
        switch (callback._tag) {
          case "Refused":
            return { _tag: "Handled", authorization: yield* fail(returned, "provider-error", callback.detail) } as const
          case "Incomplete":
            return {
              _tag: "Handled",
              authorization: yield* fail(returned, "callback-incomplete", callback.detail)
            } as const
          case "Consented":
            return {
              _tag: "Handled",
              authorization: yield* consented(returned, callback.code, callback.grantor)
            } as const
        }
      })

      return Connecting.of({
        authenticateNow: Effect.fn("Connecting.authenticateNow")(
          function* (caller, connectionId, browser, idempotencyKey) {
            yield* accessScope.connection(caller, "connect", connectionId)
            const { actor, organizationId } = caller
            const create = Effect.gen(function* () {
              const { state } = yield* store.find("connection", organizationId, connectionId)
              const started = yield* startAuthorization(
                state,
                { _tag: "Direct", actor },
                actor,
                browser,
                () => Effect.succeed([]),
                idempotencyKey
              )
              return started.authorizationId as string
            })
            return yield* withIdempotency(organizationId, idempotencyKey, create, (id) =>
              Effect.flatMap(store.find("authorization", organizationId, id), ({ state: authorization }) =>
                redirectOf(authorization, browser)
              )
            )
          }
        ),
        receive: (channel, query, browser) =>
          receive(channel, query, browser).pipe(
            Effect.catchTag("NotFound", () => Effect.succeed<CallbackResult>({ _tag: "Unknown" })),
            // The other one of two simultaneous returns moved the authorization on; this one is told the outcome.
            Effect.catchTag("Refused", () => repeated(query, channel))
          )
      })

      function repeated(query: URLSearchParams, channel: Channel.Channel) {
        return Effect.gen(function* () {
          const callback = provider.readCallback(channel, query)
          if (callback.state === undefined) return { _tag: "Unknown" } as const
          const { state: authorization } = yield* store.authorizationByState(yield* secrets.digest(callback.state))
          return { _tag: "Repeated", authorization } as const
        }).pipe(Effect.catchTag("NotFound", () => Effect.succeed<CallbackResult>({ _tag: "Unknown" })))
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
