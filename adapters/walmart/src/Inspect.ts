/** What Walmart tells about why an account is missing or limited (rule C9). */
import type { Check, Failure, Profile, Region } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Schema } from "effect"
import type { Connect } from "./Connect.ts"

type Facts = Check.Facts
type About = Parameters<(typeof ProviderApi.ProviderApi.Service)["inspect"]>[1]
type Advertisers = (
  region: Region.Region
) => Effect.Effect<
  ReadonlyArray<Profile.Advertiser>,
  Failure.Temporary | Failure.ApplicationRejected | ProviderApi.ChannelUnavailable
>

const Campaigns = Schema.Array(Schema.Unknown)

/**
 * Leaves out the facts of a question that had trouble. Refused credentials concern every question and are a failure.
 */
const orNothing = (
  question: Effect.Effect<Facts, ProviderApi.CallError | Failure.RequestRefused>
): Effect.Effect<Facts, ProviderApi.CallError> =>
  question.pipe(Effect.catchTag(["Temporary", "PermissionMissing", "RequestRefused"], () => Effect.succeed<Facts>({})))

/**
 * Whether the advertiser is among those who added us, with which access, and whether it has campaigns. Without a
 * profile, the account type's advertisers of the market are meant, and only one of them would be known well enough to
 * say more.
 */
export const connect = (advertisers: Advertisers, { send }: Connect) =>
  Effect.fn("WalmartApi.inspect.connect")(function* (access: ProviderApi.Access, about: About) {
    let advertiserId: string | undefined = about.profile?.externalId
    const facts = yield* orNothing(
      advertisers(access.region).pipe(
        Effect.map((found): Facts => {
          const meant = found.filter(({ key, type }) =>
            about.profile === undefined ? type === access.accountType : key.externalId === about.profile.externalId
          )
          const [first, ...more] = meant
          advertiserId = more.length === 0 ? first?.key.externalId : undefined
          if (first === undefined) return { profileVisible: false }
          return more.every(({ permission }) => permission === first.permission)
            ? { profileVisible: true, permission: first.permission }
            : { profileVisible: true }
        })
      )
    )
    if (advertiserId === undefined || !/^\d+$/.test(advertiserId)) return facts
    const campaigns = send({
      region: access.region,
      operation: "listCampaigns",
      advertiserId,
      path: `/api/v1/campaigns?advertiserId=${advertiserId}`,
      schema: Campaigns
    }).pipe(Effect.map((list): Facts => ({ campaigns: list.length })))
    return { ...facts, ...(yield* orNothing(campaigns)) }
  })

/** Of a marketplace seller Walmart tells no call anything that the checklist asks for. */
export const marketplace: Facts = { notReported: ["participates"] }
