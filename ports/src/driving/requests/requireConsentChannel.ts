/** Whether a person can be sent to consent at all; shared by links that are passed on by hand and by requests. */
import { Channel, type Connection, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { type Deployment, offers } from "../../driven/Deployment.ts"

const refused = (detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Invitation", "Issue", "contradiction", { detail, nextStep })

/**
 * Succeeds for a channel whose access comes from a person's consent and whose credentials this installation has. A link
 * to another channel could never lead to a consent, so it is refused (rules W-R4, K-R9).
 */
export const requireConsentChannel = Effect.fnUntraced(function* (
  deployment: Deployment["Service"],
  { channel }: Pick<Connection.Present, "channel">
) {
  const catalogue = yield* CurrentCatalogue
  const label = Channel.label(channel, catalogue)
  if (Channel.accessBy(channel, catalogue) === "partner") {
    return yield* refused(
      Messages.say("channel.no-page-to-send-to", { channel: label }),
      Messages.say("channel.have-admin-add-us")
    )
  }
  if (!offers(deployment, channel)) {
    return yield* refused(
      Messages.say("channel.not-set-up", { channel: label }),
      Messages.say("channel.ask-for-credentials")
    )
  }
})
