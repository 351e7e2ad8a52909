/**
 * The letters that people get. Each says what happened, who must act, and what to do next (flow F5; rules X-R1 to X-R6,
 * X-R13, X-R14). Inputs are text as people typed it, labels and instants; no machine is known here.
 */
import { DateTime } from "effect"
import { type Content, label, type EmailMessage, linesOf, make, type Part } from "./MailTemplate.ts"
import * as Text from "../kernel/Text.ts"

export { type Content, isLink, EmailMessage, make, type Part } from "./MailTemplate.ts"

/** The most accounts one renewal letter names; more are split over several mails, each with an id of its own. */
export const accountLimit = 50

/** Two names share a subject, so each has less of it. */
const short = (text: string): string => Text.line(text, 40) || "(no name)"

/** A paragraph of sentences. */
const words = (...sentences: ReadonlyArray<string>): Part => ({ _tag: "Words", words: sentences.join(" ") })
const action = (text: string, url: string): Part => ({ _tag: "Action", label: text, url })
const quote = (writer: string, message: string | undefined): ReadonlyArray<Part> =>
  message === undefined || message.trim() === "" ? [] : [{ _tag: "Quote", writer: label(writer), message }]

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December"
]

const twoDigits = (count: number): string => String(count).padStart(2, "0")

/** An instant for people, to the minute: `28 November 2026, 09:05 UTC`. */
export const instant = (at: DateTime.Utc): string => {
  const { day, hour, minute, month, year } = DateTime.toPartsUtc(at)
  return `${day} ${months[month - 1] ?? ""} ${year}, ${twoDigits(hour)}:${twoDigits(minute)} UTC`
}

/** What every letter may be told. */
export interface From {
  /** The name of the software that sends; `Portolan` when left out. */
  readonly product?: string
}

const product = (from: From): string => label(from.product ?? "Portolan")

/** Asks a person to prove that an address is theirs. */
export const verifyEmail = (
  input: From & { readonly name: string; readonly url: string; readonly expiresAt: DateTime.Utc }
): EmailMessage =>
  make({
    subject: `Confirm your e-mail address for ${product(input)}`,
    name: input.name,
    parts: [
      words(
        `Somebody, probably you, signed up for ${product(input)} with this e-mail address.`,
        "Confirm that it is yours; until then the address is not used for anything else."
      ),
      action("Confirm this address", input.url)
    ],
    smallPrint: [
      `The link works until ${instant(input.expiresAt)}.`,
      "If it was not you, do nothing. Without this confirmation the address is not used."
    ]
  })

/** Lets a person choose a new password. */
export const resetPassword = (
  input: From & { readonly name: string; readonly url: string; readonly expiresAt: DateTime.Utc }
): EmailMessage =>
  make({
    subject: `Choose a new password for ${product(input)}`,
    name: input.name,
    parts: [
      words(`Somebody, probably you, asked for a new ${product(input)} password. Open the page below and choose one.`),
      action("Choose a new password", input.url)
    ],
    smallPrint: [
      `The link works once, until ${instant(input.expiresAt)}.`,
      "Do not forward it: whoever opens it can choose your password.",
      "If it was not you, do nothing. Your password stays as it is."
    ]
  })

/** Tells somebody who signs up again that the address has a sign-in; the page itself says it to nobody (flow P4). */
export const alreadyRegistered = (
  input: From & {
    readonly name: string
    /** Where a new password is chosen; with no `expiresAt`, where the link for that is asked for. */
    readonly resetUrl: string
    readonly signInUrl: string
    readonly expiresAt?: DateTime.Utc
  }
): EmailMessage =>
  make({
    subject: `You already have a sign-in for ${product(input)}`,
    name: input.name,
    parts: [
      words(
        `Somebody, probably you, signed up for ${product(input)} with this e-mail address. The address has a sign-in already,`,
        "so nothing was changed. Sign in with your password, or choose a new one if you forgot it."
      ),
      action("Sign in", input.signInUrl),
      action("Choose a new password", input.resetUrl)
    ],
    smallPrint: [
      ...(input.expiresAt === undefined
        ? []
        : [
            `The link to a new password works once, until ${instant(input.expiresAt)}.`,
            "Do not forward it: whoever opens it can choose your password."
          ]),
      "If it was not you, do nothing. Your password stays as it is."
    ]
  })

/** Invites a person to join an organization, e.g. an owner who is to start the connection himself (rule X-R6). */
export const inviteMember = (
  input: From & {
    readonly inviter: string
    readonly organization: string
    /** The role in words, e.g. `Bookkeeper`. */
    readonly role: string
    readonly name?: string
    readonly message?: string
    readonly url: string
    readonly expiresAt: DateTime.Utc
  }
): EmailMessage =>
  make({
    subject: `${short(input.inviter)} invites you to ${short(input.organization)}`,
    name: input.name ?? "",
    parts: [
      words(`${label(input.inviter)} invites you to join ${label(input.organization)} on ${product(input)}.`),
      {
        _tag: "Facts",
        facts: [
          ["Organization", label(input.organization)],
          ["Your role", label(input.role)]
        ]
      },
      ...quote(input.inviter, input.message),
      action("Look at the invitation", input.url)
    ],
    smallPrint: [
      `The invitation works once, until ${instant(input.expiresAt)}, and only for the address this letter was sent to.`,
      `If you do not know ${label(input.inviter)}, do nothing. Nobody joins without accepting.`
    ]
  })

/** Who asks whom for which account. All of it is text as it was typed or as a catalogue names it. */
export interface Request extends From {
  /** The person who asks, usually a bookkeeper or an agency's operator. */
  readonly requester: string
  /** Who gets the requester's letters in his place, because he is no longer a member. */
  readonly standIn?: string
  /** The organization that person works in. */
  readonly organization: string
  /** The person who is taken for the owner of the seller account. */
  readonly owner: string
  readonly company: string
  readonly account: string
  /** The country of the one marketplace that is asked for (rule X-R2). */
  readonly marketplace: string
  /** What is connected, in words, e.g. `Amazon Ads`. */
  readonly channel: string
}

/** Says to whoever stands in for the requester why he gets this. */
const inPlaceOf = ({ organization, requester, standIn }: Pick<Request, "organization" | "requester" | "standIn">) =>
  standIn === undefined
    ? []
    : [
        `${label(requester)} sent the request and is no longer a member of ${label(organization)}. You get this in that person's place.`
      ]

const facts = (request: Request): Part => ({
  _tag: "Facts",
  facts: [
    ["Asked by", `${label(request.requester)}, ${label(request.organization)}`],
    ["Company", label(request.company)],
    ["Account", label(request.account)],
    ["Marketplace", label(request.marketplace)],
    ["Channel", label(request.channel)]
  ]
})

/** What a letter that asks for consent carries besides. */
export interface Asking extends Request {
  /** What the owner would allow, in words, e.g. `Read sales and settlement reports.` */
  readonly asked: string
  readonly message?: string
  readonly url: string
  readonly expiresAt: DateTime.Utc
}

const asking = (input: Asking): Pick<Content, "parts" | "smallPrint"> => ({
  parts: [
    words(
      `${label(input.requester)} of ${label(input.organization)} asks for access to a seller account.`,
      "Only the owner of the seller account can do this; passing this mail on does not pass on the right."
    ),
    facts(input),
    words(`What you would allow: ${Text.line(input.asked, 400)}`),
    ...quote(input.requester, input.message),
    words(
      "Before you agree, check that you log in with the seller account named above.",
      "If your browser is still logged in with another one, log out there first."
    ),
    action("Continue to connect", input.url),
    words("If you are not the owner, say so on the page, and nothing is connected.")
  ],
  smallPrint: [
    `You need no ${product(input)} account.`,
    "Opening the page changes nothing: it shows the request again, and you decide there.",
    `The link works once, until ${instant(input.expiresAt)}.`,
    `The same letter went to ${label(input.owner)}, who is asked, and to ${label(input.requester)}, who asks.`
  ]
})

/** Asks the owner to connect. The same letter goes to owner and requester (rules X-R1 to X-R4). */
export const requestToConnect = (input: Asking): EmailMessage =>
  make({
    subject: `${short(input.requester)} asks you to connect ${short(input.account)}`,
    name: input.owner,
    ...asking(input)
  })

/** Asks again while the request is open. */
export const requestReminder = (input: Asking): EmailMessage => {
  const { parts, smallPrint } = asking(input)
  return make({
    subject: `Reminder: ${short(input.requester)} asks you to connect ${short(input.account)}`,
    name: input.owner,
    parts: [
      words(
        "This is a reminder of a request that still waits for you.",
        "If it has been answered in the meantime, there is nothing left to do."
      ),
      ...parts
    ],
    smallPrint
  })
}

/** Confirms to owner and requester that the account is connected (rule X-R5). */
export const requestConnected = (
  input: Request & {
    readonly connectedAt: DateTime.Utc
    /** The account's page, for who can sign in. */
    readonly url?: string
  }
): EmailMessage =>
  make({
    subject: `${short(input.account)} is connected`,
    parts: [
      words(
        `${label(input.owner)} agreed, and the account was connected on ${instant(input.connectedAt)}.`,
        "There is nothing left to do."
      ),
      facts(input),
      ...(input.url === undefined ? [] : [action("Look at the account", input.url)])
    ],
    smallPrint: [
      `The owner can end this access at any time: at the provider, or by writing to ${label(input.standIn ?? input.requester)}.`,
      input.standIn === undefined
        ? `This letter went to ${label(input.owner)}, who agreed, and to ${label(input.requester)}, who asked.`
        : `This letter went to ${label(input.owner)}, who agreed, and to ${label(input.standIn)}. ${label(input.requester)}, who asked, is no longer there.`
    ]
  })

/** Tells the requester that the owner agreed and one step is left: choosing the profile. */
export const requestNeedsChoice = (input: Request & { readonly url: string }): EmailMessage =>
  make({
    subject: `Choose the profile for ${short(input.account)}`,
    name: input.standIn ?? input.requester,
    parts: [
      words(
        `${label(input.owner)} agreed.`,
        "The account is not connected yet: you still choose which profile belongs to it."
      ),
      facts(input),
      action("Choose the profile", input.url)
    ],
    smallPrint: [`${label(input.owner)} has nothing left to do.`, ...inPlaceOf(input)]
  })

/** Tells the requester that the person who was asked is not the owner, and what to do (flow F5.2). */
export const requestRefused = (
  input: Request & {
    readonly message?: string
    /** Where a new request is made. */
    readonly url: string
  }
): EmailMessage =>
  make({
    subject: `${short(input.owner)} is not the owner of ${short(input.account)}`,
    name: input.standIn ?? input.requester,
    parts: [
      words(
        `${label(input.owner)} opened your request and said that the seller account belongs to somebody else.`,
        "Nothing was connected. The link stays usable until it ends or you withdraw it."
      ),
      facts(input),
      ...quote(input.owner, input.message),
      words(
        "Find out who owns the seller account, usually the person who registered it,",
        "and send that person a new request."
      ),
      action("Send a new request", input.url)
    ],
    smallPrint: [`${label(input.owner)} has nothing left to do.`, ...inPlaceOf(input)]
  })

/** Tells the owner that the request was withdrawn. */
export const requestRevoked = (input: Request & { readonly message?: string }): EmailMessage =>
  make({
    subject: `${short(input.requester)} withdrew the request for ${short(input.account)}`,
    name: input.owner,
    parts: [
      words(
        `${label(input.requester)} withdrew the request to connect this account.`,
        "The link in the earlier letter no longer works. You have nothing to do."
      ),
      facts(input),
      ...quote(input.requester, input.message)
    ],
    smallPrint: [`If you expected to connect the account, write to ${label(input.standIn ?? input.requester)}.`]
  })

/** One account of a renewal. */
export interface Renewal {
  readonly company: string
  readonly account: string
  readonly marketplace: string
  readonly channel: string
  /** Until when the consent lasts; in the past when it has lapsed. */
  readonly accessUntil: DateTime.Utc
  readonly url: string
}

/**
 * Asks an owner to renew consents before they lapse: one letter, one link an account (rules X-R13, X-R14). Dies above
 * `accountLimit` accounts; who has more sends several letters, so that no account goes unnamed.
 */
export const renewalCampaign = (
  input: From & {
    readonly owner: string
    readonly requester: string
    readonly organization: string
    readonly accounts: ReadonlyArray<Renewal>
    readonly message?: string
  }
): EmailMessage => {
  const { accounts } = input
  if (accounts.length > accountLimit) throw new Error(`a renewal letter names at most ${accountLimit} accounts`)
  const one = accounts.length === 1
  return make({
    subject: `Please renew the access to ${one ? short(accounts[0]?.account ?? "") : `${accounts.length} accounts`}`,
    name: input.owner,
    parts: [
      words(
        `${label(input.requester)} of ${label(input.organization)} works with`,
        one ? "a seller account of yours." : "seller accounts of yours.",
        "Your consent ends on the date below, and data stops then. Only the owner can renew it."
      ),
      ...quote(input.requester, input.message),
      ...accounts.flatMap((renewal): ReadonlyArray<Part> => [
        {
          _tag: "Facts",
          facts: [
            ["Account", label(renewal.account)],
            ["Company", label(renewal.company)],
            ["Marketplace", label(renewal.marketplace)],
            ["Channel", label(renewal.channel)],
            ["Access until", instant(renewal.accessUntil)]
          ]
        },
        action(one ? "Renew the access" : `Renew ${label(renewal.account)}`, renewal.url)
      ]),
      words(
        one ? "Log in" : "Each link is for one account. For each, log in",
        "with the seller account that is named, and log out of any other first.",
        "With another seller account nothing is renewed, and what is connected stays as it is."
      )
    ],
    smallPrint: [
      "A new period begins on the day you renew. Renewing before the date keeps the data without a gap.",
      `If an account is not yours, say so on its page, and ${label(input.requester)} is told.`
    ]
  })
}

/** Shares a plan that gathers accounts under one login (flow F4). */
export const consolidationPlan = (
  input: From & {
    /** Who is to read it; nobody by name when left out. */
    readonly recipient?: string
    readonly requester: string
    readonly organization: string
    readonly company: string
    /** The login that is to see all accounts. */
    readonly mainLogin: string
    /** How many grants are still missing. */
    readonly missing: number
    readonly message?: string
    readonly url: string
    readonly expiresAt?: DateTime.Utc
  }
): EmailMessage =>
  make({
    subject: `${short(input.requester)} shares a plan for the accounts of ${short(input.company)}`,
    name: input.recipient ?? "",
    parts: [
      words(
        `${label(input.requester)} of ${label(input.organization)} wants to gather the accounts of`,
        `${label(input.company)} under one login, ${label(input.mainLogin)}.`,
        "The plan says who logs in at the provider and grants access to whom."
      ),
      words(
        input.missing === 0
          ? "Nothing is missing any more."
          : input.missing === 1
            ? "One grant is still missing. Look up whether it is yours to make."
            : `${Math.trunc(input.missing)} grants are still missing. Look up which of them are yours to make.`
      ),
      ...quote(input.requester, input.message),
      action("Open the plan", input.url)
    ],
    smallPrint: [
      ...(input.expiresAt === undefined ? [] : [`The link works until ${instant(input.expiresAt)}.`]),
      "Whoever has the link can read the plan; it shows no password and changes nothing by itself."
    ]
  })

/** The longest text of a notice, in characters. */
export const noticeLimit = 4000

/** Tells the requester, or who stands in for him, something else about a request. */
export const requestNotice = (
  input: Pick<Request, "organization" | "requester" | "standIn"> & Parameters<typeof notice>[0]
): EmailMessage =>
  notice({ ...input, name: input.standIn ?? input.requester, text: [input.text, ...inPlaceOf(input)].join("\n") })

/** Says anything else. Each line of the text is a paragraph; 4,000 characters and 60 lines at most. */
export const notice = (
  input: From & { readonly subject: string; readonly text: string; readonly name?: string; readonly url?: string }
): EmailMessage =>
  make({
    subject: input.subject,
    name: input.name ?? "",
    parts: [
      ...linesOf(input.text, noticeLimit)
        .filter((line) => line !== "")
        .map((line) => words(line)),
      ...(input.url === undefined ? [] : [action("Open the page", input.url)])
    ],
    smallPrint: [`Sent by ${product(input)}.`]
  })
