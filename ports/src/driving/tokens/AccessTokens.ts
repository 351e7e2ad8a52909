/**
 * Live access tokens. Grants own tokens, and one refresh serves everybody who waits: within a process through a shared
 * flight, across processes through a lease of the vault.
 *
 * - A token handed out is good for at least five minutes.
 * - Spending a refresh token is not interruptible, and its answer is stored before anything else happens.
 * - A refused refresh token is judged only after reading again: if the stored secret moved, somebody else won. Then it
 *   is tried once more after a pause, because mass false refusals have been seen; only then the grant counts as dead.
 */
import { Access, type Aggregate, Channel, Failure, type Id, Refused } from "@portolan/domain"
import { Context, DateTime, Deferred, Duration, Effect, Exit, Layer, Redacted, Schedule, Schema } from "effect"
import { Repository, type NotFound, type Versioned } from "../../driven/Repository.ts"
import { type ChannelUnavailable, ProviderApi, type Tokens } from "../../driven/ProviderApi.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import {
  type KeyUnavailable,
  type Lease,
  type SecretCorrupted,
  type SecretUnacceptable,
  TokenVault,
  VaultUnavailable
} from "../../driven/TokenVault.ts"
import { makeAccessScope } from "../shared/AccessScope.ts"

/** An access token with its end. */
export interface AccessToken {
  readonly token: Redacted.Redacted<string>
  readonly expiresAt: DateTime.Utc
}

/** How long a token handed out is good for, at least. */
export const margin = Duration.minutes(5)
// A lease outlives one answer of the provider and the storing of it; before a second spending it is prolonged, so two
// workers never spend at once.
const leaseLife = Duration.seconds(45)
const providerDeadline = Duration.seconds(30)
const confirmAfter = Duration.seconds(2)
const waitStep = Duration.millis(150)
const waitSteps = 300

/** What is stored of a grant's tokens. */
const Stored = Schema.fromJsonString(
  Schema.toCodecJson(
    Schema.Struct({ refreshToken: Schema.String, accessToken: Schema.String, accessExpiresAt: Schema.DateTimeUtc })
  )
)
const decodeStored = Schema.decodeUnknownEffect(Stored)
const encodeStored = Schema.encodeEffect(Stored)

/** Writes tokens in the form that is stored. */
export const seal = (tokens: Tokens): Effect.Effect<Redacted.Redacted<string>> =>
  encodeStored({
    refreshToken: Redacted.value(tokens.refreshToken),
    accessToken: Redacted.value(tokens.accessToken),
    accessExpiresAt: tokens.accessExpiresAt
  }).pipe(
    Effect.orDie,
    Effect.map((text) => Redacted.make(text))
  )

/** Reads what `seal` wrote. What cannot be read was not written by us: a defect. */
export const tokensOf = (
  secret: Redacted.Redacted<string>
): Effect.Effect<{ readonly refreshToken: Redacted.Redacted<string> }> =>
  decodeStored(Redacted.value(secret)).pipe(
    Effect.orDie,
    Effect.map(({ refreshToken }) => ({ refreshToken: Redacted.make(refreshToken) }))
  )

/**
 * Tries again for a few seconds while the vault does not answer. What is being stored cannot be had a second time: a code
 * or a refresh token was spent for it.
 */
export const whileUnavailable = <A, E, R>(effect: Effect.Effect<A, E | VaultUnavailable, R>) =>
  Effect.retry(effect, {
    times: 6,
    schedule: Schedule.exponential("100 millis"),
    while: (error) => error instanceof VaultUnavailable
  })

/** Why no token can be handed out. */
export type TokenError =
  | Failure.Temporary
  | Failure.GrantRefused
  | Failure.ApplicationRejected
  | ChannelUnavailable
  | NotFound
  | StoreUnavailable
  | KeyUnavailable
  | SecretCorrupted
  | SecretUnacceptable
  | VaultUnavailable

/** Hands out access tokens. */
export class AccessTokens extends Context.Service<
  AccessTokens,
  {
    /**
     * A token of a grant, good for at least `margin`. `refused` names a token that the provider did not accept although
     * it should be good; it is replaced first (law PROV-18).
     */
    readonly ofGrant: (
      organizationId: Id.OrganizationId,
      grantId: Id.GrantId,
      refused?: Redacted.Redacted<string>
    ) => Effect.Effect<AccessToken, TokenError>

    /**
     * The token of a connection, for software that calls the provider itself. The caller needs the role to connect, and the
     * right to change every account that the same consent serves: a token is good for all of them.
     */
    readonly ofConnection: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<AccessToken, TokenError | Refused.Refused>
  }
>()("@portolan/ports/driving/AccessTokens") {
  /** Tokens over the vault and the provider. */
  static readonly layer = Layer.effect(
    AccessTokens,
    Effect.gen(function* () {
      const store = yield* Repository
      const vault = yield* TokenVault
      const provider = yield* ProviderApi
      const scope = yield* Effect.scope
      const accessScope = yield* makeAccessScope
      const flights = new Map<string, Deferred.Deferred<AccessToken, TokenError>>()

      const grantOver = (detail: string) => new Failure.GrantRefused({ detail })

      const read = (organizationId: Id.OrganizationId, grantId: Id.GrantId) =>
        Effect.gen(function* () {
          const stored = yield* Effect.catchTag(vault.get(organizationId, grantId), "SecretNotFound", () =>
            Effect.fail(grantOver("its tokens were forgotten"))
          )
          const tokens = yield* Effect.orDie(decodeStored(Redacted.value(stored.secret)))
          return { ...tokens, version: stored.version }
        })
      type Read = Effect.Success<ReturnType<typeof read>>

      const isGood = (tokens: Read, now: DateTime.Utc, refused: Redacted.Redacted<string> | undefined) =>
        DateTime.isGreaterThanOrEqualTo(tokens.accessExpiresAt, DateTime.addDuration(now, margin)) &&
        (refused === undefined || Redacted.value(refused) !== tokens.accessToken)

      const handOut = (tokens: Read): AccessToken => ({
        token: Redacted.make(tokens.accessToken),
        expiresAt: tokens.accessExpiresAt
      })

      const takenOver = new Failure.Temporary({ detail: "another worker took this refresh over", throttled: false })

      /** The stored token if it is good; whoever wrote it knows better than the caller. */
      const stored = Effect.fnUntraced(function* (
        organizationId: Id.OrganizationId,
        grantId: Id.GrantId,
        refused: Redacted.Redacted<string> | undefined
      ) {
        const tokens = yield* read(organizationId, grantId)
        return isGood(tokens, yield* DateTime.now, refused) ? handOut(tokens) : yield* takenOver
      })

      /** Spends the refresh token and stores the answer; nothing in between can be interrupted. */
      const spend = (
        organizationId: Id.OrganizationId,
        grant: Aggregate.Present<"grant">,
        tokens: Read,
        refused: Redacted.Redacted<string> | undefined
      ) =>
        Effect.uninterruptible(
          Effect.gen(function* () {
            const answer = yield* provider
              .refresh({
                channel: grant.channel,
                region: grant.region,
                refreshToken: Redacted.make(tokens.refreshToken),
                ...(grant.grantor === undefined ? {} : { grantor: grant.grantor })
              })
              .pipe(
                Effect.timeoutOrElse({
                  duration: providerDeadline,
                  orElse: () =>
                    Effect.fail(
                      new Failure.Temporary({ detail: "the token endpoint did not answer in time", throttled: false })
                    )
                })
              )
            const secret = yield* seal(answer)
            // By version alone, not by the lease's fence: whoever is late but wrote nothing over anybody holds the newest
            // refresh token there is, and with a provider that rotates them throwing it away would end the connection.
            return yield* vault.compareAndSwap(organizationId, grant.id, tokens.version, secret).pipe(
              whileUnavailable,
              Effect.map((): AccessToken => ({ token: answer.accessToken, expiresAt: answer.accessExpiresAt })),
              // Forgotten or replaced while we were out: whoever did that knows better (fault F30).
              Effect.catchTag(["SecretNotFound", "StaleVersion", "Fenced"], () =>
                stored(organizationId, grant.id, refused)
              )
            )
          })
        )

      const refreshUnderLease = Effect.fnUntraced(function* (
        organizationId: Id.OrganizationId,
        grant: Aggregate.Present<"grant">,
        refused: Redacted.Redacted<string> | undefined,
        lease: Lease
      ) {
        const tokens = yield* read(organizationId, grant.id)
        if (isGood(tokens, yield* DateTime.now, refused)) return handOut(tokens)
        return yield* Effect.catchTag(spend(organizationId, grant, tokens, refused), "GrantRefused", () =>
          Effect.gen(function* () {
            yield* Effect.sleep(confirmAfter)
            const again = yield* read(organizationId, grant.id)
            if (again.version !== tokens.version && isGood(again, yield* DateTime.now, refused)) return handOut(again)
            // The first answer may have used the lease up; without it somebody else may be spending at this moment.
            yield* Effect.catchTag(vault.renewLease(organizationId, lease, leaseLife), "LeaseLost", () => takenOver)
            return yield* spend(organizationId, grant, again, refused)
          })
        )
      })

      const refresh = Effect.fn("AccessTokens.refresh")(function* (
        organizationId: Id.OrganizationId,
        grantId: Id.GrantId,
        refused: Redacted.Redacted<string> | undefined
      ) {
        const { state: grant } = yield* store.find("grant", organizationId, grantId)
        if (grant._tag === "Ended") return yield* grantOver(`the grant ended: ${grant.end}`)
        for (let step = 0; step < waitSteps; step++) {
          const outcome = yield* vault.acquireLease(organizationId, grantId, leaseLife).pipe(
            Effect.map((lease) => ({ lease })),
            Effect.catchTag("LeaseHeld", () => Effect.succeed("held" as const)),
            Effect.catchTag("SecretNotFound", () => Effect.fail(grantOver("its tokens were forgotten")))
          )
          if (outcome !== "held") {
            return yield* Effect.ensuring(
              refreshUnderLease(organizationId, grant, refused, outcome.lease),
              Effect.ignore(vault.releaseLease(organizationId, outcome.lease))
            )
          }
          yield* Effect.sleep(waitStep)
          const tokens = yield* read(organizationId, grantId)
          if (isGood(tokens, yield* DateTime.now, refused)) return handOut(tokens)
        }
        return yield* new Failure.Temporary({
          detail: "another worker is refreshing this grant for too long",
          throttled: false
        })
      })

      /**
       * Joins the flight of a grant, or starts it in the service's own scope, so that no caller's interruption ends it. A
       * flight that is announced is under way: nothing can come between, or everybody after would wait for ever.
       */
      const shared = (
        organizationId: Id.OrganizationId,
        grantId: Id.GrantId,
        refused: Redacted.Redacted<string> | undefined
      ) =>
        Effect.uninterruptibleMask((restore) => {
          const name = `${organizationId}/${grantId}`
          const flying = flights.get(name)
          if (flying !== undefined) return restore(Deferred.await(flying))
          const flight = Deferred.makeUnsafe<AccessToken, TokenError>()
          flights.set(name, flight)
          return Effect.forkIn(
            Effect.onExit(Effect.interruptible(refresh(organizationId, grantId, refused)), (exit) => {
              flights.delete(name)
              return Deferred.done(
                flight,
                Exit.isSuccess(exit) || !Exit.hasInterrupts(exit)
                  ? exit
                  : Exit.fail(new Failure.Temporary({ detail: "the process is stopping", throttled: false }))
              )
            }),
            scope,
            { uninterruptible: true }
          ).pipe(Effect.andThen(restore(Deferred.await(flight))))
        })

      const ofGrant = Effect.fn("AccessTokens.ofGrant")(function* (
        organizationId: Id.OrganizationId,
        grantId: Id.GrantId,
        refused?: Redacted.Redacted<string>
      ) {
        const tokens = yield* read(organizationId, grantId)
        if (isGood(tokens, yield* DateTime.now, refused)) return handOut(tokens)
        return yield* shared(organizationId, grantId, refused)
      })

      /** A provider knows nothing of our limits, so a token must not open an account that the caller may not change. */
      const servesNothingElse = Effect.fnUntraced(function* (caller: Access.Caller, grantId: Id.GrantId) {
        if (caller.accessScope._tag === "Everything") return
        for (const { state } of yield* store.connectionsOfGrant(caller.organizationId, grantId)) {
          const { state: account } = yield* store.find("account", caller.organizationId, state.accountId)
          if (Access.rightOn(caller.accessScope, account) === "write") continue
          return yield* new Refused.Refused({
            subject: "Connection",
            asked: "AccessToken",
            reason: "not-permitted",
            detail: "Your access is limited, and the consent behind this connection serves other accounts as well.",
            nextStep: "Ask an admin of your organization, or connect this account with a consent of its own."
          })
        }
      })

      return AccessTokens.of({
        ofGrant,
        ofConnection: Effect.fn("AccessTokens.ofConnection")(function* (caller, connectionId) {
          const { state }: Versioned<Aggregate.Present<"connection">> = yield* accessScope.connection(
            caller,
            "connect",
            connectionId
          )
          if ((state._tag === "Connected" || state._tag === "Limited") && state.paused !== undefined) {
            return yield* new Refused.Refused({
              subject: "Connection",
              asked: "AccessToken",
              reason: "not-possible-now",
              detail: "This connection is paused.",
              nextStep: "Resume it first."
            })
          }
          if (Channel.accessBy(state.channel) === "partner") {
            return yield* new Refused.Refused({
              subject: "Connection",
              asked: "AccessToken",
              reason: "contradiction",
              detail: "This channel has no token of its own: access rests on our partnership.",
              nextStep: "Call the provider with the partner's credentials and this connection's advertiser id."
            })
          }
          if (state._tag !== "Connected" && state._tag !== "Limited") {
            return yield* new Refused.Refused({
              subject: "Connection",
              asked: "AccessToken",
              reason: "not-possible-now",
              detail: "This connection has no live consent.",
              nextStep: "Connect or reauthorize the account first."
            })
          }
          yield* servesNothingElse(caller, state.link.grantId)
          return yield* ofGrant(caller.organizationId, state.link.grantId)
        })
      })
    })
  )
}
