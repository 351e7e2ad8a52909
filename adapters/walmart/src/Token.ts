/** Exchanging codes and spending refresh tokens of the Marketplace API (walmart A3). */
import { randomUUID } from "node:crypto"
import { type Channel, Failure, type Region } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import type { Guard, Wire } from "@portolan/wire"
import { DateTime, Effect, Option, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import { type Issued, judgeToken, type Spent, type Unclear } from "./judgeToken.ts"
import type * as Settings from "./Settings.ts"

type Secret = Redacted.Redacted<string>
type Api = typeof ProviderApi.ProviderApi.Service

/** Everything this adapter's conversations share. */
export interface Parts {
  readonly settings: Settings.Resolved
  readonly wire: Wire.Wire
  readonly guard: Guard.Guard
}

/** What every call of the Marketplace API names itself to. */
export const serviceName = "Walmart Marketplace"

interface Door {
  readonly application: Settings.MarketplaceApplication
  readonly market: string
}

const tokens = (issued: Issued, sentAt: DateTime.Utc, kept: Secret): ProviderApi.Tokens => ({
  accessToken: issued.accessToken,
  // From before sending, so that neither the journey nor a slow clock makes it too late (law PROV-06).
  accessExpiresAt: DateTime.add(sentAt, { seconds: issued.lifeSeconds }),
  // Walmart gives no new one with a refresh; if it ever does, that is the one to keep.
  refreshToken: Option.getOrElse(issued.refreshToken, () => kept)
})

type Whose = Effect.Effect<never, Failure.Temporary | Failure.GrantRefused | Failure.ApplicationRejected>

const isUnclear = (failure: { readonly _tag: string }): failure is Unclear => failure._tag === "Unclear"

/** The `exchange` and `refresh` of the port. */
export const make = ({ guard, settings, wire }: Parts): Pick<Api, "exchange" | "refresh"> => {
  const door = (channel: Channel.Channel, region: Region.Region) =>
    Effect.gen(function* () {
      if (channel !== "walmart-marketplace") {
        return yield* Hosts.unavailable(
          channel,
          channel === "walmart-connect"
            ? "access rests on our partnership; it has no tokens"
            : "it is not a channel of Walmart"
        )
      }
      const at = yield* Effect.fromResult(Hosts.market(channel, region))
      if (settings.marketplace === undefined) {
        return yield* Hosts.unavailable(channel, "no Marketplace application is configured")
      }
      return { application: settings.marketplace, market: Hosts.marketHeader(at) }
    })

  const sellerOf = (channel: Channel.Channel, grantor: string | undefined) =>
    // Without it Walmart refuses both grants (field problem 60).
    grantor === undefined
      ? Effect.fail(Hosts.unavailable(channel, "the seller's id of this consent is not known"))
      : Effect.succeed(grantor)

  const ask = Effect.fnUntraced(function* (
    { application, market }: Door,
    spent: Spent,
    seller: string | undefined,
    fields: { readonly [name: string]: string },
    secrets: ReadonlyArray<Secret>
  ) {
    const basic = Buffer.from(`${application.clientId}:${Redacted.value(application.clientSecret)}`).toString("base64")
    const request = HttpClientRequest.post(`${settings.address(Hosts.marketplace)}/v3/token`).pipe(
      HttpClientRequest.setHeaders({
        accept: "application/json",
        authorization: `Basic ${basic}`,
        "wm_svc.name": serviceName,
        "wm_qos.correlation_id": randomUUID(),
        wm_market: market,
        ...(seller === undefined ? {} : { "wm_partner.id": seller }),
        ...(application.channelType === undefined ? {} : { "wm_consumer.channel.type": application.channelType })
      }),
      HttpClientRequest.bodyText(new URLSearchParams(fields).toString(), "application/x-www-form-urlencoded")
    )
    return yield* wire.call(request, [...secrets, application.clientSecret, Redacted.make(basic)]).pipe(
      Effect.flatMap((answer) => Effect.fromResult(judgeToken(answer, spent, settings.assumptions))),
      guard.within(`token/${market}/${seller ?? ""}`)
    )
  })

  const rejected = (detail: string) => new Failure.ApplicationRejected({ detail })

  const exchange: Api["exchange"] = Effect.fn("WalmartApi.exchange")(
    function* ({ channel, code, grantor, redirectUri, region }) {
      const at = yield* door(channel, region)
      const seller = yield* sellerOf(channel, grantor)
      const sentAt = yield* DateTime.now
      const fields = { grant_type: "authorization_code", code: Redacted.value(code), redirect_uri: redirectUri }
      const issued = yield* ask(at, "code", seller, fields, [code]).pipe(
        Effect.catchTag(["Unclear", "GrantRefused"], ({ detail }) => Effect.fail(rejected(detail)))
      )
      const days = settings.assumptions.consentDays
      return {
        // `judgeToken` lets no exchange pass without a refresh token.
        ...tokens(issued, sentAt, Option.getOrThrow(issued.refreshToken)),
        grantor: seller,
        ...(days === null ? {} : { expiresAt: DateTime.add(sentAt, { days }) })
      }
    },
    // A code is spent the moment it is sent, and the consent exists only in the answer: once begun, it is finished.
    Effect.uninterruptible
  )

  /** Tells whose credentials were refused: when a token of our own can be had, ours are good and the grant is dead. */
  const whose = (at: Door, { detail }: Unclear): Whose =>
    settings.assumptions.probeOwnCredentials
      ? ask(at, "own", undefined, { grant_type: "client_credentials" }, []).pipe(
          Effect.matchEffect({
            onSuccess: (): Whose =>
              Effect.fail(new Failure.GrantRefused({ detail: `${detail} (our own credentials are accepted)` })),
            onFailure: (failure): Whose => Effect.fail(failure._tag === "Temporary" ? failure : rejected(detail))
          })
        )
      : Effect.fail(rejected(detail))

  const refresh: Api["refresh"] = Effect.fn("WalmartApi.refresh")(
    function* ({ channel, grantor, refreshToken, region }) {
      const at = yield* door(channel, region)
      const seller = yield* sellerOf(channel, grantor)
      const sentAt = yield* DateTime.now
      const fields = { grant_type: "refresh_token", refresh_token: Redacted.value(refreshToken) }
      const issued = yield* ask(at, "refresh", seller, fields, [refreshToken]).pipe(
        Effect.catchIf(isUnclear, (unclear) => whose(at, unclear)),
        Effect.catchTag("CodeRefused", ({ detail }) => Effect.fail(rejected(detail)))
      )
      return tokens(issued, sentAt, refreshToken)
    },
    // If Walmart ever rotated, an interrupted refresh would lose the only good token.
    Effect.uninterruptible
  )

  return { exchange, refresh }
}
