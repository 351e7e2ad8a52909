/**
 * Finds what a consent of the Selling Partner API reaches (https://developer-docs.amazon.com/sp-api/docs/sellers-api).
 */
import { Failure, Marketplace, Profile, Text } from "@portolan/domain"
import { LeftOut, ProviderApi } from "@portolan/ports"
import { Quarantine } from "@portolan/wire"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Send } from "./SellingPartner.ts"
import * as Operation from "./SpOperation.ts"
import { unanswered } from "./unanswered.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const List = Schema.Struct({ payload: Schema.Array(Schema.Unknown) })
const Participation = Schema.Struct({
  marketplace: Schema.Struct({ id: Schema.NonEmptyString, defaultCurrencyCode: text }),
  storeName: text,
  participation: Schema.Struct({
    isParticipating: Schema.Boolean,
    // Left out by some answers; Amazon says so where listings are suspended.
    hasSuspendedListings: Schema.optionalKey(Schema.NullOr(Schema.Boolean))
  })
})

const decodeId = Schema.decodeUnknownOption(Profile.ExternalId)

const marketplaceIdOf = (item: unknown): string | undefined =>
  typeof item === "object" && item !== null && "marketplace" in item
    ? Quarantine.fieldOf(item.marketplace, "id")
    : undefined

const sellers = (send: Send) =>
  Effect.fnUntraced(function* (access: ProviderApi.Access, externalId: Profile.ExternalId) {
    const what = Operation.participations.name
    const { payload } = yield* send(access, {
      operation: Operation.participations,
      path: "/sellers/v1/marketplaceParticipations",
      schema: List
    })
    const { good, odd } = Quarantine.each(payload, Participation, { what, keyOf: marketplaceIdOf })
    const found = new Map<string, Profile.Candidate>()
    for (const { marketplace, participation, storeName } of good) {
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
        hasSuspendedListings: participation.hasSuspendedListings ?? false
      })
    }
    // A list of which nothing can be read is no empty list.
    if (good.length === 0 && odd.length > 0)
      return yield* new Failure.Temporary({ detail: odd[0]?.reason ?? "", throttled: false })
    yield* LeftOut.report({ channel: access.channel, call: "discover", items: odd })
    return [...found.values()]
  })

/** One harmless call of each kind of vendor; a range of at most seven days. */
const probes = [
  {
    operation: Operation.purchaseOrders,
    path: "/vendor/orders/v1/purchaseOrders",
    more: {},
    schema: Schema.Struct({ payload: Schema.Struct({}) })
  },
  // Vendors who ship for Amazon and sell nothing to it have no purchase orders, and their consent no right to them
  // (https://developer-docs.amazon.com/sp-api/docs/vendor-direct-fulfillment-orders-api-v2021-12-28-reference).
  {
    operation: Operation.directFulfilmentOrders,
    path: "/vendor/directFulfillment/orders/2021-12-28/purchaseOrders",
    more: { includeDetails: "false" },
    schema: Schema.Struct({})
  }
] as const

const probe = (send: Send, access: ProviderApi.Access, { more, operation, path, schema }: (typeof probes)[number]) =>
  Effect.gen(function* () {
    const now = yield* DateTime.now
    yield* send(access, {
      operation,
      path,
      query: {
        limit: "1",
        // A minute less than the range, so that two clocks need not agree.
        createdAfter: DateTime.formatIso(DateTime.subtract(now, { minutes: 7 * 24 * 60 - 1 })),
        createdBefore: DateTime.formatIso(now),
        ...more
      },
      schema
    })
  })

const vendors = (send: Send) =>
  Effect.fnUntraced(function* (access: ProviderApi.Access, externalId: Profile.ExternalId) {
    const [retail, direct] = probes
    yield* probe(send, access, retail).pipe(
      Effect.catchTag("PermissionMissing", (lacking) =>
        probe(send, access, direct).pipe(
          // Neither kind: the right that most vendors have is the one to name.
          Effect.catchTag(["PermissionMissing", "RequestRefused"], () => Effect.fail(lacking))
        )
      )
    )
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
      Effect.catchTag("RequestRefused", unanswered("discovery"))
    )
  })
