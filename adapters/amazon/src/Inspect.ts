/** What Amazon tells about why an account is missing or limited (rules S-R5, C9). */
import type { Check, Failure, Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Schema } from "effect"
import type { Send } from "./Ads.ts"

type Api = typeof ProviderApi.ProviderApi.Service
type Facts = Check.Facts
type About = Parameters<Api["inspect"]>[1]
type Discover = (access: ProviderApi.Access) => Effect.Effect<ReadonlyArray<Profile.Candidate>, ProviderApi.CallError>
type Advertising = Extract<Profile.Candidate, { readonly _tag: "AdvertisingProfile" }>

const campaignType = "application/vnd.spCampaign.v3+json"
const Campaigns = Schema.Struct({ campaigns: Schema.Array(Schema.Unknown) })

/**
 * Leaves out the facts of a question that had trouble. A dead token and a bad application concern every question and
 * are failures, so that the token is refreshed and the operator hears of it.
 */
const orNothing = (
  question: Effect.Effect<Facts, ProviderApi.CallError | Failure.RequestRefused>
): Effect.Effect<Facts, ProviderApi.CallError> =>
  question.pipe(Effect.catchTag(["Temporary", "PermissionMissing", "RequestRefused"], () => Effect.succeed<Facts>({})))

const isAdvertising = (one: Profile.Candidate): one is Advertising => one._tag === "AdvertisingProfile"

/** What the list says of the profiles that could be meant: all of them or nothing, because only one is meant. */
const listed = (meant: ReadonlyArray<Advertising>): Facts => {
  const [first, ...more] = meant
  if (first === undefined) return { profileVisible: false }
  const permission = more.every((one) => one.permission === first.permission) ? { permission: first.permission } : {}
  if (first.validPayment === undefined) return { profileVisible: true, ...permission, notReported: ["payment-valid"] }
  return more.every((one) => one.validPayment === first.validPayment)
    ? { profileVisible: true, ...permission, paymentValid: first.validPayment }
    : { profileVisible: true, ...permission }
}

/**
 * Advertising: whether the login sees the profile, what it may do there, whether the payment method holds, and whether
 * there is a Sponsored Products campaign. Without a profile, the profiles of the account's type in the marketplace are
 * meant, and campaigns are asked for only when there is exactly one.
 */
export const ads = (discover: Discover, send: Send) =>
  Effect.fn("AmazonApi.inspect.ads")(function* (access: ProviderApi.Access, about: About) {
    let profileId: string | undefined = about.profile?.externalId
    const facts = yield* orNothing(
      discover(access).pipe(
        Effect.map((found) => {
          const meant = found
            .filter(isAdvertising)
            .filter(({ key, type }) =>
              about.profile === undefined
                ? key.marketplaceId === about.marketplaceId && type === access.accountType
                : key.externalId === about.profile.externalId
            )
          if (meant.length !== 1) profileId = undefined
          else profileId = meant[0]?.key.externalId
          return listed(meant)
        })
      )
    )
    if (profileId === undefined) return facts
    const campaigns = send(access, {
      operation: "listCampaigns",
      path: "/sp/campaigns/list",
      profileId,
      accept: campaignType,
      post: { type: campaignType, body: { maxResults: 1 } },
      schema: Campaigns
    }).pipe(Effect.map((page): Facts => ({ campaigns: page.campaigns.length > 0 })))
    return { ...facts, ...(yield* orNothing(campaigns)) }
  })

/**
 * Selling Partner: whether the seller takes part in the marketplace, and whether its listings are suspended there.
 * Amazon lists no marketplaces for vendors, so nothing is told of them.
 */
export const sellingPartner = (discover: Discover) =>
  Effect.fn("AmazonApi.inspect.sp")(function* (access: ProviderApi.Access, about: About) {
    if (access.accountType !== "seller") return { notReported: ["participates"] } satisfies Facts
    const marketplaceId: Marketplace.MarketplaceId = about.profile?.marketplaceId ?? about.marketplaceId
    return yield* orNothing(
      discover(access).pipe(
        Effect.map((found): Facts => {
          const one = found.find(({ key }) => key.marketplaceId === marketplaceId)
          return one?._tag === "SellingPartner"
            ? { participating: one.isParticipating, suspendedListings: one.hasSuspendedListings }
            : { participating: false }
        })
      )
    )
  })
