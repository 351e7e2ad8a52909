import type { DateTime } from "effect"
import { instant } from "./words.ts"

/** The parameter of the sentence about what ends with an organization. */
export interface OrganizationEnd {
  readonly connections: number
  readonly consents: number
  readonly until: DateTime.Utc
}

/** Connections, their first load, what an action on them does, and the steps from a new account to its data. */
export const connections = {
  "backfill.read-ledger": "Read the ledger again.",
  "backfill.authorized-again": "The account was authorized again.",
  "backfill.days-again": "Its cause may be gone, so it is asked for again.",
  "backfill.tried-again": "Somebody had it tried again.",
  "backfill.nothing-connected": "Nothing is loaded, because the account is not connected.",
  "backfill.resume-first": "Resume the connection; what waits is asked for again then.",
  "backfill.finish-connection": "Finish the connection first; its first load is planned by itself.",
  "backfill.wait-for-windows": "Wait for the windows that are under way.",
  "backfill.connect-again": "Connect the account again.",
  "backfill.days-missing": ({ days }: { days: ReadonlyArray<string> }) =>
    `The provider gave nothing for ${days.length > 3 ? `${days.length} days` : days.join(", ")}.`,
  "backfill.consent-gone": "The consent is gone; authorize the account again.",
  "backfill.connection-paused": "The connection is paused.",
  "backfill.report-unfinished": "The provider did not finish the report within a day.",
  "backfill.right-missing": ({ missing }: { missing: string }) => `Missing at the provider: ${missing}.`,
  "connection.different-identity": ({
    profile,
    externalId,
    otherProfile,
    otherExternalId
  }: {
    profile: string
    externalId: string
    otherProfile: string
    otherExternalId: string
  }) =>
    `This connection belongs to ${profile} (${externalId}); the new consent is for ${otherProfile} ` +
    `(${otherExternalId}). The old consent was kept.`,
  "connection.other-channel": ({ profile, found, expected }: { profile: string; found: string; expected: string }) =>
    `${profile} is reached through ${found}; this connection is for ${expected}.`,
  "connection.other-marketplace": ({
    profile,
    found,
    expected
  }: {
    profile: string
    found: string
    expected: string
  }) => `${profile} belongs to ${found}; this connection is for ${expected}.`,
  "connection.other-type": ({ profile, found, expected }: { profile: string; found: string; expected: string }) =>
    `${profile} is a ${found} profile; this connection is for a ${expected} account.`,
  "connection.type-without-channel": ({ profile, type, channel }: { profile: string; type: string; channel: string }) =>
    `${profile} is a ${type} profile, and no ${type} account is connected through ${channel}.`,
  "connection.same-seller": "Log in at the provider as the same seller, or disconnect first.",
  "connection.by-consent": "This channel is connected by a person's consent.",
  "connection.authenticate-or-link": "Authenticate now, or create an auth link.",
  "connection.bound-elsewhere": "The connection is bound to a profile where it is.",
  "connection.authenticate-or-send": "Authenticate now, or send an auth link to the account's owner.",
  "connection.disconnect-first": "Disconnect it first.",
  "connection.was-withdrawn": ({ country }: { country: string }) =>
    `${country} was taken out of this account, and this connection with it.`,
  "connection.add-marketplace-again": "Add the marketplace to the account again; its connections come back.",
  "connection.wait-for-advertiser": "Wait until the advertiser appears; then link it.",
  "connection.give-right": "Give the login the missing right at the provider and authorize again.",
  "connection.authorize-again": "Authorize again with the same seller.",
  "connection.paused": "This connection is paused.",
  "connection.resume-first": "Resume it first.",
  "connection.no-token": "This channel has no token of its own: access rests on our partnership.",
  "connection.use-partner-credentials":
    "Call the provider with the partner's credentials and this connection's advertiser id.",
  "connection.no-consent": "This connection has no live consent.",
  "connection.connect-first": "Connect or reauthorize the account first.",
  "connection.consent-shared":
    "Your access is limited, and the consent behind this connection serves other accounts as well.",
  "connection.ask-or-own-consent":
    "Ask an admin of your organization, or connect this account with a consent of its own.",
  "effect.pause-fetching": ({ channel }: { channel: string }) =>
    `Nothing is fetched from the ${channel}, and no access token is handed out, until you resume.`,
  "effect.pause-keeps": "The consent, the bound profile, and everything loaded so far.",
  "effect.pause-end": "A consent that ends by itself ends while paused, too; you are reminded as usual.",
  "effect.resume-fetching": ({ channel }: { channel: string }) =>
    `Data of the ${channel} is fetched again, and the gap is loaded.`,
  "effect.profile-free": "The profile is free: another account may be connected to it.",
  "effect.partner-stays": "The advertiser still lists us as its partner; only its admin can change that.",
  "effect.tokens-forgotten":
    "Our tokens for this consent are forgotten, unless another connection uses the same consent.",
  "effect.provider-asked":
    "The provider is asked to end the consent where it offers that; what came of it is on record.",
  "effect.pending-dropped": "A consent that waits for a choice of profile is dropped, and its tokens are forgotten.",
  "effect.load-stops": "A load under way stops.",
  "effect.disconnect-keeps": "Everything loaded so far, the account, its brands and its history.",
  "effect.connect-again": "You can connect it again at any time.",
  "effect.company-access":
    "Members and keys whose access is limited to the present company or its brands no longer see the account.",
  "effect.company-brands":
    "It has brands of the new company from then on: those of the same name, else the first. The present company's " +
    "main account no longer speaks of it.",
  "effect.company-keeps": "Its connections, consents, auth links, loaded data and history.",
  "effect.company-back": "It can be taken back in the same way.",
  "effect.company-off-lists": "The company is taken off every list and choice; no account can be opened in it.",
  "effect.company-limited": ({ count }: { count: number }) =>
    count === 1
      ? "One member or key whose access is limited to it or its brands sees nothing by that any more."
      : `${count} members and keys whose access is limited to it or its brands see nothing by that any more.`,
  "effect.company-plan":
    "The plan of its main account cannot be changed, and an address at which it was shared shows nothing any more.",
  "effect.company-removed-accounts": ({ count }: { count: number }) =>
    count === 1
      ? "One account that was removed before stays with it, and can be restored after the company."
      : `${count} accounts that were removed before stay with it, and can be restored after the company.`,
  "effect.company-remove-keeps": "Its brands, access rights, main account and history; it can be restored with all.",
  "effect.company-merge": ({ accounts, company }: { accounts: number; company: string }) =>
    accounts === 1
      ? `Its account is taken to ${company}, with its connections, consents, data and history.`
      : `Its ${accounts} accounts are taken to ${company}, with their connections, consents, data and history.`,
  "effect.company-merge-brands": ({ company }: { company: string }) =>
    `Each account has brands of ${company} from then on: those of the same names, else its first one.`,
  "effect.company-restored":
    "The company is back on the lists, with its brands, main account and history. Access that was limited to it " +
    "counts again.",
  "effect.organization-closed": ({ until }: { until: DateTime.Utc }) =>
    `Nobody can work in the organization any more, and nothing is fetched. You can reopen it until ${instant(until)}.`,
  "effect.organization-members": ({ count }: { count: number }) =>
    count === 1
      ? "You are its only member."
      : `Its ${count} members get a mail and are told so on every page; what they do elsewhere is untouched.`,
  "effect.organization-keys": ({ count }: { count: number }) =>
    count === 1 ? "Its API key is refused." : `Its ${count} API keys are refused.`,
  "effect.organization-links": "Auth links, requests and shared plans lead nowhere until you reopen it.",
  "effect.organization-consents": ({ connections, consents, until }: OrganizationEnd) =>
    `On ${instant(until)} its ${connections === 1 ? "live connection is" : `${connections} live connections are`} ` +
    `disconnected, and ${consents === 1 ? "the consent is" : `${consents} consents are`} ended, at the provider too ` +
    "where it offers that.",
  "effect.organization-erased": ({ until }: { until: DateTime.Utc }) =>
    `On ${instant(until)} everything loaded is erased, and the keys are revoked. That cannot be taken back.`,
  "effect.organization-reopen":
    "Until then all stays as it is: members, keys, companies, accounts, consents and data come back when you reopen " +
    "it.",
  "effect.organization-history": "The history of events stays on record: who did what and when.",
  "effect.account-off-lists": "The account is taken off every list; nobody can connect it.",
  "effect.remove-keeps": "Its loaded data and its history; it can be restored with both.",
  "effect.marketplace-off": ({ country }: { country: string }) =>
    `${country} is taken off the account; its connections are off every list, and nobody can connect them.`,
  "effect.marketplace-waiting": ({ count }: { count: number }) =>
    `${count} consents that wait for a choice of profile are dropped, and their tokens are forgotten.`,
  "effect.marketplace-started": ({ count }: { count: number }) =>
    count === 1
      ? "A visit to the provider that is under way for it comes to nothing."
      : `${count} visits to the provider that are under way for it come to nothing.`,
  "effect.marketplace-links": ({ count }: { count: number }) =>
    count === 1
      ? "An open auth link or request to connect for it is withdrawn; whoever opens it is told so."
      : `${count} open auth links or requests to connect for it are withdrawn; whoever opens one is told so.`,
  "effect.marketplace-expected": ({ advertiser }: { advertiser: string }) =>
    `We no longer wait for the advertiser ${advertiser} there.`,
  "effect.marketplace-keeps":
    "The account, its other marketplaces and their connections, what was loaded, and the history.",
  "effect.marketplace-back":
    "It can be added again at any time; its connections come back with their history, not connected.",
  "effect.account-back": "The account is back on the lists, with its brands and history, not connected.",
  "effect.data-erased": ({ days }: { days: number }) =>
    `Everything loaded for this account is erased in ${days} days; until then you can call it off.`,
  "effect.connecting-calls-off": "Connecting the account again before that day calls the erasure off, too.",
  "effect.erase-keeps": "The account and its history of events: who did what and when stays on record.",
  "effect.erasure-off": "The erasure is called off; all data stays.",
  "onboarding.connect-title": ({ what }: { what: string }) => `Connect ${what}`,
  "onboarding.let-in-title": "Let us in as partner",
  "onboarding.listed-as-partner": "The advertiser lists us as its partner.",
  "onboarding.consent-given": "Consent was given.",
  "onboarding.wait-for-advertiser": ({ advertiser }: { advertiser: string }) =>
    `We wait for the advertiser “${advertiser}” to appear, and look every 15 minutes.`,
  "onboarding.admin-adds-us":
    "An admin of the advertiser adds us as API partner with write access. There is no sign-in to follow.",
  "onboarding.sign-in": "Sign in at the provider with the login that manages the account, and agree.",
  "onboarding.link-title": "Link the advertiser",
  "onboarding.choose-title": "Choose merchant and marketplace",
  "onboarding.bound": ({ profile }: { profile: string }) => `Bound to ${profile}.`,
  "onboarding.compare-advertiser": "Compare the advertiser with the one you expect, and link it.",
  "onboarding.choose-account": "Choose which of the accounts that the login sees belongs here.",
  "onboarding.listed-later": "What the login sees is listed once access is there.",
  "onboarding.channel-connected": ({ channel }: { channel: string }) => `${channel} is connected.`,
  "onboarding.confirm-seller": "Consent was given; confirm which seller it is for.",
  "onboarding.channel-optional": ({ channel }: { channel: string }) =>
    `${channel} is optional for this kind of account. Nothing lacks without it.`,
  "onboarding.agree-once-more": "The same login agrees once more, for sales, inventory and content.",
  "onboarding.follows-advertising": "It follows the advertising connection.",
  "onboarding.load-title": "Load the history",
  "onboarding.load-begins": ({ hours }: { hours: number }) =>
    `It begins by itself once the account is connected, and takes up to ${hours} hours.`,
  "onboarding.loaded": "The history is loaded.",
  "onboarding.partly-loaded": "What is connected is loaded; the rest follows with the other channel.",
  "onboarding.syncing": ({ hours }: { hours: number }) =>
    `Syncing. It takes up to ${hours} hours and goes on without you.`,
  "onboarding.overdue": ({ hours }: { hours: number }) =>
    `Syncing has taken longer than ${hours} hours. Support has been told; the load goes on, and you hear ` +
    "from us when it is complete.",
  "onboarding.name-title": "Name the account",
  "onboarding.account-created": ({ account }: { account: string }) => `${account} was created.`
}
