import { list } from "./words.ts"

const choosePending = "Choose the profile under Pending authorizations."

/** Authorizations at the provider, grants, auth links, and the profiles that people choose from. */
export const authorizations = {
  "authorization.start-over": "Start the connection again from the account page or the link.",
  "authorization.callback-repeated": "This return from the provider was already handled.",
  "authorization.other-browser": "This return came from another browser than the one that started.",
  "authorization.stay-in-browser": "Open the link again and stay in one browser.",
  "authorization.profile-unseen": "This profile is not among those the login can see.",
  "authorization.choose-listed": "Choose one from the list, or check the list again.",
  "authorization.choose-profile": "Choose the profile that belongs to this account.",
  "authorization.confirm-profile": "Confirm that this is the right profile, or choose another one.",
  "authorization.finished-otherwise": "This authorization is finished with another profile.",
  "authorization.start-new-to-change": "Start a new authorization to change the profile.",
  "authorization.time-over": "The time for this attempt is over.",
  "authorization.finish-consent": "Finish the consent at the provider.",
  "authorization.wait-and-look": "Wait a moment and look again.",
  "authorization.choose-pending": choosePending,
  "authorization.started-in-other-browser": "This attempt was started by another browser.",
  "authorization.new-attempt": "Start a new attempt, with a new idempotency key.",
  "authorization.consent-over": "This consent is over.",
  "authorization.authorize-again": "Authorize again.",
  "authorization.dismiss-and-authorize": "Dismiss it, and authorize again.",
  "authorization.data-being-erased": "The data of this account is being erased.",
  "authorization.wait-for-erasure": "Try again in a few minutes; everything is loaded anew then.",
  "authorization.marketplace-removed": "Its marketplace was taken out of the account before a profile was chosen.",
  "authorization.disconnected-before-choice": "The connection was disconnected before a profile was chosen.",
  "authorization.withdrawn-before-choice": "The consent was withdrawn at the provider before a profile was chosen.",
  "authorization.of-somebody-else":
    "The provider says that the consent is of somebody else than it named. Nothing was connected.",
  "authorization.choice-due-title": ({ account }: { account: string }) =>
    `${account}: a profile still has to be chosen`,
  "authorization.choice-due": ({ channel }: { channel: string }) =>
    `Consent for the ${channel} was given. ${choosePending}`,
  "authorization.no-profile-title": ({ account }: { account: string }) => `${account}: no profile is visible yet`,
  "channel.no-consent-page": ({ channel }: { channel: string }) => `The ${channel} has no consent page.`,
  "channel.no-page-to-send-to": ({ channel }: { channel: string }) =>
    `The ${channel} has no consent page to send anybody to.`,
  "channel.have-admin-add-us": "Ask an admin of the advertiser to add us as API partner; then link the advertiser.",
  "channel.by-consent": ({ channel }: { channel: string }) => `The ${channel} is connected by a person's consent.`,
  "channel.not-set-up": ({ channel }: { channel: string }) => `This installation is not set up for the ${channel}.`,
  "channel.ask-for-credentials": "Ask your operator to add the provider's credentials.",
  "channel.unavailable": ({ channel, detail }: { channel: string; detail: string }) =>
    `${channel} is not available here: ${detail}`,
  "channel.no-partnership": ({ region }: { region: string }) => `in ${region} no access comes by partnership`,
  "channel.no-adapter": "no adapter speaks for this channel here",
  "grant.exists": "This grant is recorded.",
  "grant.in-use": "This grant is in use.",
  "grant.end-first": "End it first.",
  "grant.start-new": "Start a new authorization.",
  "grant.use-connection": "Use the connection's own commands.",
  "grant.access-over": "This access is over.",
  "grant.use-another": "Use another one, or authorize again.",
  "grant.other-channel": ({ consent, connection }: { consent: string; connection: string }) =>
    `This consent is for the ${consent}, the connection for the ${connection}.`,
  "grant.choose-same-channel": "Choose a consent of the same channel.",
  "grant.member-answers": "Only a member can answer for a consent.",
  "grant.choose-member": "Choose somebody from the list of members.",
  "grant.only-another-member": "Only another member can answer for the consents.",
  "grant.ended-by-hand": "Somebody ended it at the provider, and said so here.",
  "grant.partnership-has-no-consent": "An advertiser's admin ends this access; there is no consent to end.",
  "grant.not-asked": ({ error }: { error: string }) => `The provider could not be asked (${error}).`,
  "link.ask-sender": "Ask the person who sent you the link for a new one.",
  "link.without-request": "This link was not sent by us.",
  "link.copy-address": "Copy its address and pass it on.",
  "link.used": "This link has been used.",
  "link.withdrawn": "This link was withdrawn by the person who sent it.",
  "link.expired": "This link has expired.",
  "link.lifetime": "A link lives between one hour and 30 days.",
  "link.choose-expiry": "Choose another expiry.",
  "link.exists": "This link exists.",
  "link.create-another": "Create another one.",
  "link.followed-too-often": "This link was followed too often.",
  "link.dismiss-authorization": "Dismiss the pending authorization it led to instead.",
  "link.create-first": "Create a link first.",
  "link.send": "Send the link to the person who may consent.",
  "link.create-new": "Create a new link.",
  "profile.other-country": ({ country, countries }: { country: string; countries: string }) =>
    `It belongs to ${country}, the account to ${countries}.`,
  "profile.other-type": ({ found, expected }: { found: string; expected: string }) =>
    `It is a ${found} profile; the account is a ${expected} account.`,
  "profile.other-seller": "It belongs to another seller than the account's other channel.",
  "profile.not-participating": "The seller does not participate in this marketplace.",
  "profile.listings-suspended": "The seller's listings are suspended in this marketplace.",
  "profile.scopes-left-out": ({ scopes }: { scopes: ReadonlyArray<string> }) =>
    `The consent leaves out: ${list(scopes)}.`,
  "profile.payment-problem": "The advertising account has a payment problem.",
  "profile.spend-limit": "The advertiser has reached its spend limit.",
  "profile.lacks": ({ missing }: { missing: string }) => `It lacks ${missing}; the connection would be limited.`,
  "profile.missing-scopes": ({ scopes }: { scopes: ReadonlyArray<string> }) =>
    `access to ${list(scopes)} (the consent leaves it out)`,
  "profile.not-visible": "access to the profile (this login no longer sees it)",
  "profile.other-person": ({ provider }: { provider: string }) =>
    `Another person consented for the account's other channel; ${provider} expects the same user for both.`,
  "profile.would-move": ({ country }: { country: string }) =>
    `It belongs to ${country}; the account would be moved there.`,
  "profile.taken": "It is connected to another account.",
  "profile.held-elsewhere":
    "This profile is already connected elsewhere. If you believe that this is wrong, contact support.",
  "profile.held-by-account": ({ account }: { account: string }) =>
    `This profile is already connected to the account “${account}”.`,
  "profile.choose-or-disconnect": "Choose another profile, or disconnect it there first."
}
