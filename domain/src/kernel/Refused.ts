/**
 * The answer "no". Every refusal names the command, why it is not possible and what the person can do instead; the
 * reason is a code that programs can branch on.
 */
import * as Schema from "effect/Schema"
import { Explanation } from "./Message.ts"

/** Why a machine said no. */
export const Reason = Schema.Literals([
  /** The command makes no sense in this state, e.g. revoking a link that was used. */
  "not-possible-now",
  /** The thing exists already. */
  "already-exists",
  /** It was never created. */
  "does-not-exist",
  /** Its time is over. */
  "expired",
  /** Single use, and used. */
  "already-used",
  /** Somebody withdrew it. */
  "revoked",
  /** The callback came from another browser than the one that left. */
  "wrong-browser",
  /** Meant for another person, e.g. the invitation was sent to another address. */
  "wrong-person",
  /** The chosen profile is not among those the grant can see. */
  "unknown-profile",
  /** The profile cannot serve this account; the detail lists why. */
  "unfit-profile",
  /** The profile may be wrong; it is accepted once the person confirms. */
  "needs-confirmation",
  /** The profile is bound to another account (rule C4). */
  "profile-taken",
  /** Reconnecting with another seller or profile than before (rule C10). */
  "different-identity",
  /** A limit of the product was reached. */
  "too-many",
  /** The person's role does not allow it (rule C12: permission in the tool). */
  "not-permitted",
  /** A brand, account or company of another organization or company (rule K-R5). */
  "not-yours",
  /** The input contradicts itself. */
  "contradiction"
])
export type Reason = typeof Reason.Type

/** A refusal by the domain. Nothing changed. */
export class Refused extends Schema.TaggedError<Refused>()("Refused", {
  /** What refused, e.g. `Invitation`. */
  subject: Schema.String,
  /** The command, e.g. `Revoke`. */
  command: Schema.String,
  reason: Reason,
  /** One sentence: why. In the default language, like `nextStep`. */
  detail: Schema.String,
  /** One sentence: what to do instead. */
  nextStep: Schema.String,
  /** The same two sentences as messages, for any language. */
  explanation: Schema.optionalKey(Explanation),
  /** When the same would be accepted, for a limit that time lifts. */
  retryAt: Schema.optionalKey(Schema.DateTimeUtc)
}) {
  override get message(): string {
    return `${this.detail} ${this.nextStep}`
  }
}
