/**
 * The Ads API: sending calls, and finding the profiles a consent reaches
 * (https://advertising.amazon.com/API/docs/en-us/reference/api-overview,
 * https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/profiles).
 */
import { Failure, Marketplace, Profile, type Region, Text } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Option, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import type { AdsCall, AdsFailure } from "./judgeAds.ts"
import { judgeAds } from "./judgeAds.ts"
import type { AmazonTransport } from "./Login.ts"

/** Sends one call for a token; `profileId` goes into the scope header. */
export type Send = <A>(
  access: ProviderApi.Access,
  what: AdsCall<A> & {
    readonly path: string
    readonly profileId?: string
    /** What the answer has to be; plain JSON unless told. */
    readonly accept?: string
    readonly post?: { readonly type: string; readonly body: unknown }
  }
) => Effect.Effect<A, AdsFailure | ProviderApi.ChannelUnavailable>

/** Builds the sender. */
export const sender =
  ({ guard, settings, wire }: AmazonTransport): Send =>
  (access, what) =>
    Effect.gen(function* () {
      const region = yield* Effect.fromResult(Hosts.region(access.channel, access.region))
      if (settings.ads === undefined) {
        return yield* new ProviderApi.ChannelUnavailable({
          channel: access.channel,
          detail: "no Ads API application is configured"
        })
      }
      const url = `${settings.address(Hosts.ads[region])}${what.path}`
      const headers = {
        accept: what.accept ?? "application/json",
        authorization: `Bearer ${Redacted.value(access.accessToken)}`,
        "amazon-advertising-api-clientid": settings.ads.clientId,
        ...(what.profileId === undefined ? {} : { "amazon-advertising-api-scope": what.profileId })
      }
      const request =
        what.post === undefined
          ? HttpClientRequest.get(url)
          : HttpClientRequest.post(url).pipe(HttpClientRequest.bodyText(JSON.stringify(what.post.body), what.post.type))
      return yield* wire.call(HttpClientRequest.setHeaders(request, headers), [access.accessToken]).pipe(
        Effect.flatMap((answer) => Effect.fromResult(judgeAds(answer, what))),
        guard.within(`ads/${region}/${what.operation}/${what.profileId ?? access.grantId ?? access.grantor ?? ""}`)
      )
    })

const Digits = Schema.String.check(Schema.isPattern(/^\d{1,30}$/))

const ProfileBody = Schema.Struct({
  profileId: Digits,
  countryCode: Schema.optionalKey(Schema.String),
  currencyCode: Schema.optionalKey(Schema.String),
  timezone: Schema.optionalKey(Schema.String),
  accountInfo: Schema.Struct({
    id: Schema.String,
    type: Schema.String,
    marketplaceStringId: Schema.optionalKey(Schema.String),
    name: Schema.optionalKey(Schema.NullOr(Schema.String)),
    subType: Schema.optionalKey(Schema.NullOr(Schema.String)),
    validPaymentMethod: Schema.optionalKey(Schema.NullOr(Schema.Boolean))
  })
})
type ProfileBody = typeof ProfileBody.Type

const Profiles = Schema.Array(ProfileBody)
const isExternalId = Schema.is(Profile.ExternalId)
const isType = Schema.is(Schema.Literals(["seller", "vendor", "agency"]))

// Newer account calls write the country differently, and the id is the firmer of the two
// (https://advertising.amazon.com/API/docs/en-us/reference/api-overview).
const marketplaceOf = ({ accountInfo, countryCode }: ProfileBody): Option.Option<Marketplace.Marketplace> =>
  Option.orElse(Option.flatMap(Option.fromUndefinedOr(accountInfo.marketplaceStringId), Marketplace.find), () =>
    accountInfo.marketplaceStringId === undefined
      ? Option.flatMap(Option.fromUndefinedOr(countryCode), (code) => Marketplace.findByCountry("amazon", code))
      : Option.none()
  )

const candidate = (
  body: ProfileBody,
  region: Region.Region,
  permission: "edit" | "view"
): Option.Option<Profile.Candidate> => {
  const { accountInfo, profileId } = body
  const found = Option.filter(marketplaceOf(body), (marketplace) => marketplace.region === region)
  // A marketplace or kind that is not known yet is none that an account here could have.
  if (Option.isNone(found) || !isType(accountInfo.type) || !isExternalId(profileId)) return Option.none()
  const marketplace = found.value
  const subType = Text.fromProvider(accountInfo.subType ?? "")
  return Option.some({
    _tag: "AdvertisingProfile",
    key: { channel: "amazon-ads", region: marketplace.region, marketplaceId: marketplace.id, externalId: profileId },
    // Sellers' profiles may come without a name; the merchant id is what they can recognise then.
    name: Text.fromProvider(accountInfo.name ?? "") || Text.fromProvider(accountInfo.id),
    countryCode: marketplace.countryCode,
    currency: Text.fromProvider(body.currencyCode ?? "") || marketplace.currency,
    timeZone: Text.fromProvider(body.timezone ?? "") || marketplace.timeZone,
    ownerId: Text.fromProvider(accountInfo.id),
    type: accountInfo.type,
    ...(subType === "" ? {} : { subType }),
    permission,
    ...(typeof accountInfo.validPaymentMethod === "boolean" ? { validPayment: accountInfo.validPaymentMethod } : {})
  })
}

/**
 * The most profiles that Amazon lists
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/profiles).
 */
const longestList = 5000

/**
 * Lists the profiles of a region twice: those the login may edit, which is the API's default, and those it may view.
 * One that is only in the second list is "view"
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/permissions).
 */
export const discover = (send: Send) =>
  Effect.fn("AmazonApi.discover.ads")(function* (access: ProviderApi.Access) {
    const list = (path: string) =>
      send(access, { operation: "listProfiles", path, schema: Profiles }).pipe(
        Effect.tap((profiles) =>
          profiles.length < longestList
            ? Effect.void
            : Effect.logWarning("Amazon cut a list of profiles at its limit of 5000")
        ),
        Effect.catchTag("RequestRefused", ({ detail }) =>
          Effect.fail(new Failure.Temporary({ detail: `listProfiles: ${detail}`, throttled: false }))
        )
      )
    const editable = yield* list("/v2/profiles")
    const visible = yield* list("/v2/profiles?accessLevel=view")
    const found = new Map<string, Profile.Candidate>()
    for (const [profiles, permission] of [
      [visible, "view"],
      [editable, "edit"]
    ] as const) {
      for (const body of profiles) {
        const one = candidate(body, access.region, permission)
        if (Option.isSome(one)) found.set(body.profileId, one.value)
      }
    }
    return [...found.values()]
  })
