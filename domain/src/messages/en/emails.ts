import type { DateTime } from "effect"
import { instant, linkStays } from "./words.ts"

const notYou = "If it was not you, do nothing."

const requestSubject = (requester: string, account: string): string => `${requester} asks you to connect ${account}`

/** The parameter of sentences about an instant. */
export interface At {
  readonly at: DateTime.Utc
}

/** The parameter of sentences about who acted. */
export interface ByWhom {
  readonly requester: string
  readonly organization: string
}

/** The parameter of sentences about the ownership of an organization. */
export interface Ownership {
  readonly organization: string
  readonly owner: string
  readonly other: string
  readonly product: string
}

/** Emails: their subjects, sentences and buttons. */
export const emails = {
  "email.hello": "Hello,",
  "email.hello-name": ({ name }: { name: string }) => `Hello ${name},`,
  "email.writes": ({ writer }: { writer: string }) => `${writer} writes:`,
  "email.no-name": "(no name)",
  "email.no-subject": "(no subject)",
  "email.instant": ({ at }: At) => instant(at),
  "email.link-until": ({ at }: At) => `The link works until ${instant(at)}.`,
  "email.link-once": ({ at }: At) => `The link works once, until ${instant(at)}.`,
  "email.password-link-once": ({ at }: At) => `The link to a new password works once, until ${instant(at)}.`,
  "email.do-not-forward": "Do not forward it: a person who opens it can choose your password.",
  "email.password-stays": `${notYou} Your password stays as it is.`,
  "email.nothing-left": ({ owner }: { owner: string }) => `${owner} has nothing left to do.`,

  "email.verify-subject": ({ product }: { product: string }) => `Confirm your e-mail address for ${product}`,
  "email.signed-up": ({ product }: { product: string }) =>
    `Somebody, probably you, signed up for ${product} with this e-mail address.`,
  "email.verify": "Confirm that it is yours; until then the address is not used for anything else.",
  "email.verify-action": "Confirm this address",
  "email.verify-not-you": `${notYou} Without this confirmation the address is not used.`,
  "email.reset-subject": ({ product }: { product: string }) => `Choose a new password for ${product}`,
  "email.reset": ({ product }: { product: string }) =>
    `Somebody, probably you, asked for a new ${product} password. Open the page below and choose one.`,
  "email.reset-action": "Choose a new password",
  "email.registered-subject": ({ product }: { product: string }) => `You already have a sign-in for ${product}`,
  "email.registered":
    "The address has a sign-in already, so nothing was changed. " +
    "Sign in with your password, or choose a new one if you forgot it.",
  "email.registered-action": "Sign in",

  "email.invite-subject": ({ inviter, organization }: { inviter: string; organization: string }) =>
    `${inviter} invites you to ${organization}`,
  "email.invite": (names: { inviter: string; organization: string; product: string }) =>
    `${names.inviter} invites you to join ${names.organization} on ${names.product}.`,
  "email.invite-action": "Look at the invitation",
  "email.invite-once": ({ at }: At) =>
    `The invitation works once, until ${instant(at)}, and only for the address this email was sent to.`,
  "email.invite-unknown": ({ inviter }: { inviter: string }) =>
    `If you do not know ${inviter}, do nothing. Nobody joins without accepting.`,

  "email.invitation-bounced-subject": ({ email }: { email: string }) => `Your invitation did not reach ${email}`,
  "email.invitation-bounced": ({ email, organization }: { email: string; organization: string }) =>
    `The invitation of ${email} to ${organization} came back, so nobody has read it.`,
  "email.server-said": ({ reason }: { reason: string }) => `The mail server says: ${reason}`,
  "email.invitation-other-address": "Invite another address",

  "email.closing-subject": ({ organization }: { organization: string }) => `${organization} is closed`,
  "email.closing": ({ by, organization, until }: { by: string; organization: string; until: DateTime.Utc }) =>
    `${by} closed ${organization}. Nothing is fetched any more, and nobody can work in it. Its owner can reopen it ` +
    `until ${instant(until)}; then its connections end and its data is erased.`,
  "email.reopened-subject": ({ organization }: { organization: string }) => `${organization} is open again`,
  "email.reopened": ({ by, organization }: { by: string; organization: string }) =>
    `${by} reopened ${organization}. All is as it was, and data is fetched again within the hour.`,
  "email.closing-look": "See your organizations",
  "email.ownership-subject": ({ organization }: { organization: string }) => `The ownership of ${organization}`,
  "email.ownership-offered": ({ organization, owner, product }: Ownership) =>
    `${owner} offers you the ownership of ${organization} on ${product}. Nothing changes until you accept. ` +
    "The owner decides about everything there, and can close the organization.",
  "email.ownership-look": "Accept or decline",
  "email.ownership-offer-made": ({ organization, other }: Ownership) =>
    `You offered the ownership of ${organization} to ${other}. You stay the owner until they accept, and can call it ` +
    "off until then. If it was not you, call it off and change your password.",
  "email.ownership-settings": "Open the settings",
  "email.ownership-until": ({ at }: At) => `The offer ends on ${instant(at)}.`,
  "email.ownership-handed-over": ({ organization, other, owner }: Ownership) =>
    `${owner} owns ${organization} now. ${other} stays as admin.`,
  "email.ownership-offer-ended": ({ organization, other, owner }: Ownership) =>
    `The ownership of ${organization} is no longer offered to ${other}. ${owner} stays the owner.`,

  "email.fact-organization": "Organization",
  "email.fact-role": "Your role",
  "email.fact-asked-by": "Asked by",
  "email.fact-company": "Company",
  "email.fact-account": "Account",
  "email.fact-marketplace": "Marketplace",
  "email.fact-channel": "Channel",
  "email.fact-until": "Access until",
  "email.requester-of": ({ organization, requester }: ByWhom) => `${requester}, ${organization}`,

  "email.in-place-of": ({ organization, requester }: ByWhom) =>
    `${requester} sent the request and is no longer a member of ${organization}. You get this in that person's place.`,
  "email.request-subject": ({ account, requester }: { account: string; requester: string }) =>
    requestSubject(requester, account),
  "email.request": ({ organization, requester }: ByWhom) =>
    `${requester} of ${organization} asks for access to a seller account.`,
  "email.request-owner-only":
    "Only the owner of the seller account can do this; passing this mail on does not pass on the right.",
  "email.request-allows": ({ permissions }: { permissions: string }) => `What you would allow: ${permissions}`,
  "email.request-check-login": "Before you agree, check that you log in with the seller account named above.",
  "email.request-log-out": "If your browser is still logged in with another one, log out there first.",
  "email.request-action": "Continue to connect",
  "email.request-not-owner": "If you are not the owner, say so on the page, and nothing is connected.",
  "email.request-no-account": ({ product }: { product: string }) => `You need no ${product} account.`,
  "email.request-opening": "Opening the page changes nothing: it shows the request again, and you decide there.",
  "email.request-copies": ({ owner, requester }: { owner: string; requester: string }) =>
    `The same email went to ${owner}, who is asked, and to ${requester}, who asks.`,
  "email.reminder-subject": ({ account, requester }: { account: string; requester: string }) =>
    `Reminder: ${requestSubject(requester, account)}`,
  "email.reminder": "This is a reminder of a request that still waits for you.",
  "email.reminder-answered": "If it has been answered in the meantime, there is nothing left to do.",

  "email.connected-subject": ({ account }: { account: string }) => `${account} is connected`,
  "email.connected": ({ at, owner }: At & { owner: string }) =>
    `${owner} agreed, and the account was connected on ${instant(at)}.`,
  "email.connected-done": "There is nothing left to do.",
  "email.connected-action": "Look at the account",
  "email.connected-end": ({ contact }: { contact: string }) =>
    `The owner can end this access at any time: at the provider, or by writing to ${contact}.`,
  "email.connected-copies": ({ owner, requester }: { owner: string; requester: string }) =>
    `This email went to ${owner}, who agreed, and to ${requester}, who asked.`,
  "email.connected-stand-in": (names: { owner: string; requester: string; standIn: string }) =>
    `This email went to ${names.owner}, who agreed, and to ${names.standIn}. ` +
    `${names.requester}, who asked, is no longer there.`,
  "email.choice-subject": ({ account }: { account: string }) => `Choose the profile for ${account}`,
  "email.agreed": ({ owner }: { owner: string }) => `${owner} agreed.`,
  "email.choice": "The account is not connected yet: you still choose which profile belongs to it.",
  "email.choice-action": "Choose the profile",
  "email.refused-subject": ({ account, owner }: { account: string; owner: string }) =>
    `${owner} is not the owner of ${account}`,
  "email.refused": ({ owner }: { owner: string }) =>
    `${owner} opened your request and said that the seller account belongs to somebody else.`,
  "email.refused-link": `Nothing was connected. ${linkStays}`,
  "email.refused-find":
    "Find out who owns the seller account, usually the person who registered it, and send that person a new request.",
  "email.refused-action": "Send a new request",
  "email.revoked-subject": ({ account, requester }: { account: string; requester: string }) =>
    `${requester} withdrew the request for ${account}`,
  "email.revoked": ({ requester }: { requester: string }) =>
    `${requester} withdrew the request to connect this account.`,
  "email.revoked-link": "The link in the earlier email no longer works. You have nothing to do.",
  "email.revoked-contact": ({ contact }: { contact: string }) =>
    `If you expected to connect the account, write to ${contact}.`,

  "email.renewal-subject": ({ account }: { account: string }) => `Please renew the access to ${account}`,
  "email.renewal-subject-several": ({ count }: { count: number }) => `Please renew the access to ${count} accounts`,
  "email.renewal": ({ organization, requester }: ByWhom) =>
    `${requester} of ${organization} works with a seller account of yours.`,
  "email.renewal-several": ({ organization, requester }: ByWhom) =>
    `${requester} of ${organization} works with seller accounts of yours.`,
  "email.renewal-end": "Your consent ends on the date below, and data stops then. Only the owner can renew it.",
  "email.renewal-action": "Renew the access",
  "email.renewal-action-account": ({ account }: { account: string }) => `Renew ${account}`,
  "email.renewal-login": "Log in with the seller account that is named, and log out of any other first.",
  "email.renewal-login-each":
    "Each link is for one account. For each, log in with the seller account that is named, " +
    "and log out of any other first.",
  "email.renewal-other-login": "With another seller account nothing is renewed, and what is connected stays as it is.",
  "email.renewal-period":
    "A new period begins on the day you renew. Renewing before the date keeps the data without a gap.",
  "email.renewal-login-shared": "One renewal answers for all accounts that are named together.",
  "email.renewal-left-out": ({ count }: { count: number }) =>
    count === 1
      ? "One more login had no room in this mail."
      : `${Math.trunc(count)} more logins had no room in this mail.`,
  "email.renewal-daily":
    "This reminder is sent by itself, at most once a day, and only near the day on which a consent of yours ends.",
  "email.renewal-stop":
    "To get no more of them about an account, follow its link and say there that you did not expect it.",
  "email.renewal-not-yours": ({ requester }: { requester: string }) =>
    `If an account is not yours, say so on its page, and ${requester} is told.`,

  "email.plan-subject": ({ company, requester }: { company: string; requester: string }) =>
    `${requester} shares a plan for the accounts of ${company}`,
  "email.plan": (names: ByWhom & { company: string; login: string }) =>
    `${names.requester} of ${names.organization} wants to gather the accounts of ` +
    `${names.company} under one login, ${names.login}.`,
  "email.plan-says": "The plan says who logs in at the provider and grants access to whom.",
  "email.plan-missing": ({ count }: { count: number }) => {
    if (count === 0) return "Nothing is missing any more."
    return count === 1
      ? "One grant is still missing. Look up whether it is yours to make."
      : `${Math.trunc(count)} grants are still missing. Look up which of them are yours to make.`
  },
  "email.plan-action": "Open the plan",
  "email.plan-readers":
    "Everybody with the link can read the plan; it shows no password and changes nothing by itself.",
  "email.notice-action": "Open the page",
  "email.news-subject": ({ first, more }: { first: string; more: number }) =>
    more === 1 ? `${first}, and one more update` : `${first}, and ${Math.trunc(more)} more updates`,
  "email.news": ({ count }: { count: number }) => `${Math.trunc(count)} updates, the oldest first.`,
  "email.news-left-out": ({ count }: { count: number }) =>
    `${Math.trunc(count)} older updates had no room in this mail. The pages show the present state.`,
  "email.news-choose": ({ url }: { url: string }) => `Choose when you get such mails: ${url}`,
  "email.sent-by": ({ product }: { product: string }) => `Sent by ${product}.`
}
