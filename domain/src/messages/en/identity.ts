import type { DateTime } from "effect"
import { day } from "./words.ts"

/** Who a consent is of, as far as it is known. */
export const identity = {
  "identity.not-asked": "Only the consent itself says so; the provider has not been asked yet.",
  "identity.right-missing": "Only the consent itself says so; the application lacks the right to ask the provider.",
  "identity.not-offered": "Only the consent itself says so; the provider confirms it for no account of this kind.",
  "identity.not-named": "Only the consent itself says so; the provider's answers name nobody yet.",
  "identity.unanswered": "The provider could not say just now who consented. It is asked again.",
  "identity.unconfirmed": "Only the consent itself says so; support took a confirmation back.",
  "identity.ask-again":
    "The provider could not say just now who consented, and this connection is bound to somebody who was proven. " +
    "Check the list again in a few minutes.",
  "identity.unlike": ({ id, store }: { id: string; store: string }) =>
    `Nothing proves that this consent is of ${id}, and it shows another store than “${store}”, which was connected ` +
    "before.",
  "identity.reason-missing": "Nothing is said about what shows who the consent is of.",
  "identity.say-what-shows-it": "Say what you have seen, e.g. a letter of its owner.",
  "identity.reason-too-long": ({ limit }: { limit: number }) => `The reason has over ${limit} characters.`,
  "identity.shorten-reason": "Use fewer words.",
  "identity.not-confirmed": "No operator has confirmed it.",
  "identity.provider-says-it": "The provider itself says who it is of.",
  "identity.same-owner": "the account's other channel is of the same seller",
  "identity.same-store": "it shows the store that was connected before",
  "identity.proven": ({ by, at }: { by: string; at: DateTime.Utc }) => `Proven since ${day(at)}: ${by}.`,
  "identity.confirmed": ({ because, at }: { because: string; at: DateTime.Utc }) =>
    `Confirmed by support on ${day(at)}: ${because}`
}
