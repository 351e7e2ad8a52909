/** Channels whose access comes from an advertiser's partnership with us, and the grants that record it. */
import { Channel, type Connection, type Id, Messages, type Profile, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"

/** Refuses a connection that a person's consent opens. */
export const requirePartnerChannel = Effect.fnUntraced(function* ({ channel }: Connection.Present) {
  const catalogue = yield* CurrentCatalogue
  if (Channel.accessBy(channel, catalogue) === "partner") return
  return yield* Refusal.make("Connection", "Link", "contradiction", {
    detail: Messages.say("channel.by-consent", { channel: Channel.label(channel, catalogue) }),
    nextStep: Messages.say("connection.authenticate-or-link")
  })
})

/** The active grants for advertisers of one channel and region, all of them: an organization has few. */
export const advertiserGrants = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  { channel, region }: Pick<Profile.Key, "channel" | "region">
) {
  const all = yield* everyPage((page) =>
    repository.grants(organizationId, { channel, region, states: ["Active"] }, page)
  )
  return all.flatMap(({ advertiser, id }) => (advertiser === undefined ? [] : [{ id, advertiser }]))
})
