/** Whether a person can be sent to consent at all; shared by links that are passed on by hand and by requests. */
import { Channel, type Connection, Refused } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { type Deployment, offers } from "../../driven/Deployment.ts"

const refused = (detail: string, nextStep: string) =>
  new Refused.Refused({ subject: "Invitation", asked: "Issue", reason: "contradiction", detail, nextStep })

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
      `The ${label} has no consent page to send anybody to.`,
      "Ask an admin of the advertiser to add us as API partner; then link the advertiser."
    )
  }
  if (!offers(deployment, channel)) {
    return yield* refused(
      `This installation is not set up for the ${label}.`,
      "Ask your operator to add the provider's credentials."
    )
  }
})
