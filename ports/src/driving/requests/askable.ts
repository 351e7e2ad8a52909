/** Whether a person can be sent to consent at all; shared by links that are passed on by hand and by requests. */
import { Channel, type Connection, Refused } from "@portolan/domain"
import { Effect } from "effect"
import { type Deployment, offers } from "../../driven/Deployment.ts"

const refused = (detail: string, nextStep: string) =>
  Effect.fail(new Refused.Refused({ subject: "Invitation", asked: "Issue", reason: "contradiction", detail, nextStep }))

/**
 * Succeeds for a channel whose access comes from a person's consent and whose credentials this installation has; whoever
 * followed a link to another one could never consent (rules W-R4, K-R9).
 */
export const askable = (
  deployment: Deployment["Service"],
  { channel }: Pick<Connection.Present, "channel">
): Effect.Effect<void, Refused.Refused> => {
  if (Channel.accessBy(channel) === "partner") {
    return refused(
      `The ${Channel.label(channel)} has no consent page to send anybody to.`,
      "Ask an admin of the advertiser to add us as API partner; then link the advertiser."
    )
  }
  return offers(deployment, channel)
    ? Effect.void
    : refused(
        `This installation is not set up for the ${Channel.label(channel)}.`,
        "Ask your operator to add the provider's credentials."
      )
}
