/** What is around every page: navigation, error pages, labels. */
import { count, number, type Total, total } from "./quantities.ts"

/** A number of things. */
export interface Quantity {
  readonly quantity: number
}

/** A length of time. */
export interface Length {
  /** In characters. */
  readonly length: number
}

/** The words of this room. */
export const page = {
  breadcrumb: "Breadcrumb",
  why: "Why",
  whoMustAct: "Who must act",
  whatNext: "What next",
  pages: "Pages",
  firstPage: "First page",
  nextPage: "Next page",
  previousPage: "Previous page",
  shownOf: ({ from, of, to }: { readonly from: number; readonly to: number; readonly of: Total }) =>
    `${number(from)}–${number(to)} of ${total(of)}`,
  inAll: ({ of }: { readonly of: Total }) => `${total(of)} in all`,
  onlyLooking: ({ who }: { readonly who: string }) => `Your role lets you look, not change. ${who} can act here.`,
  foreignForm: "This form was not sent from this site.",
  enterName: {
    account: "Enter a name for the account.",
    advertiser: "Enter a name for the advertiser.",
    brand: "Enter a name for the brand.",
    company: "Enter a name for the company.",
    key: "Enter a name for the key.",
    login: "Enter a name for the login.",
    organization: "Enter a name for the organization.",
    owner: "Enter a name for the owner.",
    yourself: "Enter a name for yourself."
  },
  nameTooLong: ({ length }: Length) =>
    `A name has at most 120 characters; this one has ${length.toLocaleString("en-GB")}.`,
  nameInvisible:
    "This name contains invisible or direction-changing characters. Type it by hand instead of pasting it.",
  noEmail: "Enter an e-mail address.",
  notAnEmail: "This is not an e-mail address. It looks like name@example.com.",
  formUnreadable: "The form could not be read; a form can carry at most 64 KB.",
  moreWaiting: ({ limit }: { readonly limit: number }) => `more than ${limit} waiting`,
  waiting: ({ quantity }: { readonly quantity: number }) => `${quantity} waiting`,
  locale: "en-GB",
  spans: {
    year: ({ quantity }: Quantity) => count(quantity, "year"),
    month: ({ quantity }: Quantity) => count(quantity, "month"),
    day: ({ quantity }: Quantity) => count(quantity, "day"),
    hour: ({ quantity }: Quantity) => count(quantity, "hour"),
    minute: ({ quantity }: Quantity) => count(quantity, "minute")
  },
  lessThanAMinute: "less than a minute",
  justNow: "just now",
  inLessThanAMinute: "in less than a minute",
  ago: ({ span }: { readonly span: string }) => `${span} ago`,
  ahead: ({ span }: { readonly span: string }) => `in ${span}`,
  language: "en",
  main: "Main",
  pending: "Pending",
  operator: "Operator",
  mailbox: "Mailbox (not sent)",
  changeOrganization: "Change organization",
  about: ({ product }: { readonly product: string }) => `${product} connects retail-marketplace accounts.`,
  apiReference: "API reference",
  skip: "Skip to content",
  broke: "Something broke",
  sessionEnded: "Your session has ended",
  textWaits: "Nothing was saved yet. Sign in within an hour, and the form comes back with what you typed.",
  textTooLong: "Nothing was saved, and this form is too long to be kept. Go back, copy what you typed, and sign in.",
  nothingSaved: "Nothing was saved yet",
  sendAgain: "Your session had ended. Check the form, and send it again.",
  whatYouTyped: "What you typed",
  formGone: "The form cannot be shown any more. Copy what you need.",
  menu: "Menu"
}
