/**
 * The Selling Partner API: sending calls, and finding what a consent reaches
 * (https://github.com/amzn/selling-partner-api-docs, https://developer-docs.amazon.com/sp-api/docs/sellers-api).
 */
import { Failure, Marketplace, Profile, Text } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { DateTime, Effect, Option, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import type { SpCall, SpFailure } from "./judgeSp.ts"
import { judgeSp } from "./judgeSp.ts"
import type { AmazonTransport } from "./Login.ts"
import * as Operation from "./SpOperation.ts"

/** Sends one call for a token. */
export type Send = <A>(
  access: ProviderApi.Access,
  what: SpCall<A> & {
    readonly path: string
    readonly query?: { readonly [name: string]: string }
    readonly post?: unknown
  }
) => Effect.Effect<A, SpFailure | ProviderApi.ChannelUnavailable>

// ISO 8601 basic format, as the developer guide shows it for `x-amz-date`.
const basic = (now: DateTime.Utc): string => DateTime.formatIso(now).replaceAll(/[-:]|\.\d{3}/g, "")

/** Builds the sender. */
export const sender =
  ({ guard, settings, wire }: AmazonTransport): Send =>
  (access, what) =>
    Effect.gen(function* () {
      const region = yield* Effect.fromResult(Hosts.region(access.channel, access.region))
      if (settings.sp === undefined) {
        return yield* new ProviderApi.ChannelUnavailable({
          channel: access.channel,
          detail: "no Selling Partner application is configured"
        })
      }
      const url = `${settings.address(Hosts.sellingPartner[region])}${what.path}`
      const request =
        what.post === undefined
          ? HttpClientRequest.get(url, { urlParams: what.query ?? {} })
          : HttpClientRequest.post(url).pipe(HttpClientRequest.bodyText(JSON.stringify(what.post), "application/json"))
      const headers = {
        accept: "application/json",
        "user-agent": settings.sp.userAgent,
        "x-amz-access-token": Redacted.value(access.accessToken),
        "x-amz-date": basic(yield* DateTime.now)
      }
      return yield* wire.call(HttpClientRequest.setHeaders(request, headers), [access.accessToken]).pipe(
        Effect.flatMap((answer) => Effect.fromResult(judgeSp(answer, what))),
        // Amazon counts per operation, selling partner, application and region
        // (https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits).
        guard.within(`sp/${region}/${what.operation.name}/${access.grantId ?? access.grantor ?? ""}`)
      )
    })

const Participations = Schema.Struct({
  payload: Schema.Array(
    Schema.Struct({
      marketplace: Schema.Struct({ id: Schema.String, defaultCurrencyCode: Schema.optionalKey(Schema.String) }),
      storeName: Schema.optionalKey(Schema.NullOr(Schema.String)),
      participation: Schema.Struct({ isParticipating: Schema.Boolean, hasSuspendedListings: Schema.Boolean })
    })
  )
})

const decodeId = Schema.decodeUnknownOption(Profile.ExternalId)

const sellers = (send: Send) =>
  Effect.fnUntraced(function* (access: ProviderApi.Access, externalId: Profile.ExternalId) {
    const { payload } = yield* send(access, {
      operation: Operation.participations,
      path: "/sellers/v1/marketplaceParticipations",
      schema: Participations
    })
    const found = new Map<string, Profile.Candidate>()
    for (const { marketplace, participation, storeName } of payload) {
      // The list holds marketplaces that are none, such as "SI Prod ES"; the catalogue knows the real ones.
      const known = Option.filter(Marketplace.find(marketplace.id), ({ region }) => region === access.region)
      if (Option.isNone(known)) continue
      const { countryCode, currency, id, region } = known.value
      found.set(id, {
        _tag: "SellingPartner",
        key: { channel: "amazon-sp", region, marketplaceId: id, externalId },
        name: Text.fromProvider(storeName ?? "") || externalId,
        countryCode,
        currency: Text.fromProvider(marketplace.defaultCurrencyCode ?? "") || currency,
        type: "seller",
        isParticipating: participation.isParticipating,
        hasSuspendedListings: participation.hasSuspendedListings
      })
    }
    return [...found.values()]
  })

const vendors = (send: Send) =>
  Effect.fnUntraced(function* (access: ProviderApi.Access, externalId: Profile.ExternalId) {
    const now = yield* DateTime.now
    yield* send(access, {
      operation: Operation.purchaseOrders,
      path: "/vendor/orders/v1/purchaseOrders",
      query: {
        limit: "1",
        // A range of at most seven days; a minute less, so that two clocks need not agree.
        createdAfter: DateTime.formatIso(DateTime.subtract(now, { minutes: 7 * 24 * 60 - 1 })),
        createdBefore: DateTime.formatIso(now)
      },
      schema: Schema.Struct({ payload: Schema.Struct({}) })
    })
    const at = Marketplace.inRegion(access.region).filter(({ id }) => id === access.marketplaceId)
    return at.map(({ countryCode, currency, id, region }): Profile.Candidate => ({
      _tag: "SellingPartner",
      key: { channel: "amazon-sp", region, marketplaceId: id, externalId },
      name: `Vendor group ${externalId}`,
      countryCode,
      currency,
      type: "vendor",
      isParticipating: true,
      hasSuspendedListings: false
    }))
  })

/**
 * Lists what a consent reaches. Sellers: the marketplaces they take part in, under the id that the callback told,
 * because no answer holds it. Vendors: no call lists their marketplaces, so one harmless call proves that the consent
 * works, and the marketplace is the one whose Vendor Central gave it.
 */
export const discover = (send: Send) =>
  Effect.fn("AmazonApi.discover.sp")(function* (access: ProviderApi.Access) {
    const grantor = decodeId(access.grantor)
    if (Option.isNone(grantor)) {
      return yield* new ProviderApi.ChannelUnavailable({
        channel: access.channel,
        detail: "the selling partner id of this consent is not known"
      })
    }
    if (access.accountType !== "seller" && access.accountType !== "vendor") {
      return yield* new ProviderApi.ChannelUnavailable({
        channel: access.channel,
        detail: `${access.accountType} is not an account type of Amazon`
      })
    }
    return yield* (access.accountType === "seller" ? sellers(send) : vendors(send))(access, grantor.value).pipe(
      Effect.catchTag("RequestRefused", ({ detail }) =>
        Effect.fail(new Failure.Temporary({ detail: `discovery: ${detail}`, throttled: false }))
      )
    )
  })
