/**
 * The Marketplace API: sending calls, and finding what a consent reaches
 * (https://developer.walmart.com/us-marketplace/docs/authentication-authorization).
 */
import { randomUUID } from "node:crypto"
import { Failure, Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Effect, Option, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import { judgeMarketplace, type MarketplaceCall, type MarketplaceFailure } from "./judgeMarketplace.ts"
import { type WalmartTransport, serviceName } from "./Token.ts"

/** Sends one call for a token. `path` begins with `/v3/` and may hold a query. */
export type Send = <A>(
  access: ProviderApi.Access,
  what: MarketplaceCall<A> & { readonly path: string }
) => Effect.Effect<A, MarketplaceFailure | ProviderApi.ChannelUnavailable>

/** Builds the sender. */
export const sender =
  ({ guard, settings, wire }: WalmartTransport): Send =>
  (access, what) =>
    Effect.gen(function* () {
      const at = yield* Effect.fromResult(Hosts.market(access.channel, access.region))
      if (settings.marketplace === undefined) {
        return yield* Hosts.unavailable(access.channel, "no Marketplace application is configured")
      }
      const { channelType } = settings.marketplace
      const request = HttpClientRequest.get(`${settings.address(Hosts.marketplace)}${what.path}`).pipe(
        HttpClientRequest.setHeaders({
          accept: "application/json",
          // Not `Authorization: Bearer`.
          "wm_sec.access_token": Redacted.value(access.accessToken),
          "wm_svc.name": serviceName,
          "wm_qos.correlation_id": randomUUID(),
          wm_market: Hosts.marketHeader(at),
          ...(channelType === undefined ? {} : { "wm_consumer.channel.type": channelType })
        })
      )
      return yield* wire.call(request, [access.accessToken]).pipe(
        Effect.flatMap((answer) => Effect.fromResult(judgeMarketplace(answer, what, settings.assumptions))),
        // Walmart counts per endpoint and seller (https://developer.walmart.com/us-marketplace/docs).
        guard.within(`marketplace/${at.countryCode}/${what.operation}/${access.grantId ?? access.grantor ?? ""}`)
      )
    })

const isTrue = Schema.Union([Schema.Boolean, Schema.Literals(["true", "false"])])

const Detail = Schema.Struct({
  is_valid: Schema.optionalKey(isTrue),
  scopes: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.NullOr(Schema.String))))
})

const decodeId = Schema.decodeUnknownOption(Profile.ExternalId)

/**
 * What a consent leaves out of what is needed, in words. A scope that the detail does not name is not told as
 * missing: Walmart's own example leaves some out.
 */
export const missingScopes = (
  given: { readonly [scope: string]: string | null },
  needed: { readonly [scope: string]: "full_access" | "view_only" }
): ReadonlyArray<string> =>
  Object.entries(needed).flatMap(([scope, level]) => {
    const has = Object.hasOwn(given, scope) ? given[scope] : undefined
    if (has === "no_access") return [`${scope} (no access)`]
    return has === "view_only" && level === "full_access" ? [`${scope} (view only)`] : []
  })

/**
 * The one seller behind a consent, under the id that the callback told. No call lists sellers or tells a name, so the
 * token's own detail proves that the consent works and tells what it leaves out.
 */
export const discover = ({ settings }: WalmartTransport, send: Send) =>
  Effect.fn("WalmartApi.discover")(function* (access: ProviderApi.Access) {
    const externalId = decodeId(access.grantor)
    if (Option.isNone(externalId)) {
      return yield* Hosts.unavailable(access.channel, "the seller's id of this consent is not known")
    }
    if (access.accountType !== "walmart-3p") {
      return yield* Hosts.unavailable(
        access.channel,
        `${access.accountType} is not an account type of Walmart Marketplace`
      )
    }
    const { countryCode, currency, id, region } = yield* Effect.fromResult(Hosts.market(access.channel, access.region))
    const detail = yield* send(access, {
      operation: "tokenDetail",
      scope: "token detail",
      path: "/v3/token/detail",
      schema: Detail
    }).pipe(
      Effect.catchTag("RequestRefused", (refusal) =>
        Effect.fail(new Failure.Temporary({ detail: `tokenDetail: ${refusal.detail}`, throttled: false }))
      )
    )
    if (detail.is_valid === false || detail.is_valid === "false") {
      return yield* new Failure.AccessTokenRefused({ detail: "the token detail says that it is not valid" })
    }
    const missing = missingScopes(detail.scopes ?? {}, settings.assumptions.scopes)
    const candidate: Profile.Candidate = {
      _tag: "SellingPartner",
      key: { channel: "walmart-marketplace", region, marketplaceId: id, externalId: externalId.value },
      name: `Walmart seller ${externalId.value}`,
      countryCode,
      currency,
      type: "walmart-3p",
      isParticipating: true,
      hasSuspendedListings: false,
      ...(missing.length === 0 ? {} : { missingScopes: missing })
    }
    return [candidate]
  })
