/**
 * Emails about a request to connect, to the owner who is asked and to the person who asks (flow F5; rules X-R1 to
 * X-R5).
 */
import type { DateTime } from "effect"
import * as Text from "../../kernel/Text.ts"
import { type Content, type EmailMessage, label, make, type Part } from "../MailTemplate.ts"
import { type Catalogue, type Message, say } from "../Messages.ts"
import { action, type From, paragraph, productOf, quote, short } from "./parts.ts"

/**
 * A request to connect: the requester, the owner and the account. All of it is text as it was typed or as a catalogue
 * of providers names it.
 */
export interface Request extends From {
  /** The person who asks, usually a bookkeeper or an agency's operator. */
  readonly requester: string
  /** The person who gets the requester's emails in their place, because the requester is no longer a member. */
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

/** Explains to a stand-in why they get this. */
export const inPlaceOf = ({
  organization,
  requester,
  standIn
}: Pick<Request, "organization" | "requester" | "standIn">): ReadonlyArray<Message> =>
  standIn === undefined
    ? []
    : [say("email.in-place-of", { requester: label(requester), organization: label(organization) })]

const facts = (request: Request): Part => ({
  _tag: "Facts",
  facts: [
    [
      say("email.fact-asked-by"),
      say("email.requester-of", { requester: label(request.requester), organization: label(request.organization) })
    ],
    [say("email.fact-company"), label(request.company)],
    [say("email.fact-account"), label(request.account)],
    [say("email.fact-marketplace"), label(request.marketplace)],
    [say("email.fact-channel"), label(request.channel)]
  ]
})

/** What an email that asks for consent carries besides. */
export interface ConsentRequest extends Request {
  /** What the owner would allow, in words, e.g. `Read sales and settlement reports.` */
  readonly permissions: string
  readonly message?: string
  readonly url: string
  readonly expiresAt: DateTime.Utc
}

const consentRequest = (input: ConsentRequest): Pick<Content, "parts" | "smallPrint"> => {
  const [requester, organization] = [label(input.requester), label(input.organization)]
  return {
    parts: [
      paragraph(say("email.request", { requester, organization }), say("email.request-owner-only")),
      facts(input),
      paragraph(say("email.request-allows", { permissions: Text.line(input.permissions, 400) })),
      ...quote(input.requester, input.message),
      paragraph(say("email.request-check-login"), say("email.request-log-out")),
      action(say("email.request-action"), input.url),
      paragraph(say("email.request-not-owner"))
    ],
    smallPrint: [
      say("email.request-no-account", { product: productOf(input) }),
      say("email.request-opening"),
      say("email.link-once", { at: input.expiresAt }),
      say("email.request-copies", { owner: label(input.owner), requester })
    ]
  }
}

/** Asks the owner to connect. The same email goes to owner and requester (rules X-R1 to X-R4). */
export const requestToConnect = (input: ConsentRequest, language?: Catalogue): EmailMessage =>
  make(
    {
      subject: say("email.request-subject", { requester: short(input.requester), account: short(input.account) }),
      name: input.owner,
      ...consentRequest(input)
    },
    language
  )

/** Asks again while the request is open. */
export const requestReminder = (input: ConsentRequest, language?: Catalogue): EmailMessage => {
  const { parts, smallPrint } = consentRequest(input)
  return make(
    {
      subject: say("email.reminder-subject", { requester: short(input.requester), account: short(input.account) }),
      name: input.owner,
      parts: [paragraph(say("email.reminder"), say("email.reminder-answered")), ...parts],
      smallPrint
    },
    language
  )
}

/** A request that was answered with a connection. */
export interface Connected extends Request {
  readonly connectedAt: DateTime.Utc
  /** The account's page, for people who can sign in. */
  readonly url?: string
}

/** Confirms to owner and requester that the account is connected (rule X-R5). */
export const requestConnected = (input: Connected, language?: Catalogue): EmailMessage => {
  const [owner, requester] = [label(input.owner), label(input.requester)]
  return make(
    {
      subject: say("email.connected-subject", { account: short(input.account) }),
      parts: [
        paragraph(say("email.connected", { owner, at: input.connectedAt }), say("email.connected-done")),
        facts(input),
        ...(input.url === undefined ? [] : [action(say("email.connected-action"), input.url)])
      ],
      smallPrint: [
        say("email.connected-end", { contact: label(input.standIn ?? input.requester) }),
        input.standIn === undefined
          ? say("email.connected-copies", { owner, requester })
          : say("email.connected-stand-in", { owner, requester, standIn: label(input.standIn) })
      ]
    },
    language
  )
}

/** Says to the requester that the owner agreed and one step is left: choosing the profile. */
export const requestNeedsChoice = (input: Request & { readonly url: string }, language?: Catalogue): EmailMessage => {
  const owner = label(input.owner)
  return make(
    {
      subject: say("email.choice-subject", { account: short(input.account) }),
      name: input.standIn ?? input.requester,
      parts: [
        paragraph(say("email.agreed", { owner }), say("email.choice")),
        facts(input),
        action(say("email.choice-action"), input.url)
      ],
      smallPrint: [say("email.nothing-left", { owner }), ...inPlaceOf(input)]
    },
    language
  )
}

/** A request that was answered with no. */
export interface RequestRefused extends Request {
  readonly message?: string
  /** Where a new request is made. */
  readonly url: string
}

/** Says to the requester that the person who was asked is not the owner, and what to do (flow F5.2). */
export const requestRefused = (input: RequestRefused, language?: Catalogue): EmailMessage => {
  const owner = label(input.owner)
  return make(
    {
      subject: say("email.refused-subject", { owner: short(input.owner), account: short(input.account) }),
      name: input.standIn ?? input.requester,
      parts: [
        paragraph(say("email.refused", { owner }), say("email.refused-link")),
        facts(input),
        ...quote(input.owner, input.message),
        paragraph(say("email.refused-find")),
        action(say("email.refused-action"), input.url)
      ],
      smallPrint: [say("email.nothing-left", { owner }), ...inPlaceOf(input)]
    },
    language
  )
}

/** Says to the owner that the request was withdrawn. */
export const requestRevoked = (input: Request & { readonly message?: string }, language?: Catalogue): EmailMessage =>
  make(
    {
      subject: say("email.revoked-subject", { requester: short(input.requester), account: short(input.account) }),
      name: input.owner,
      parts: [
        paragraph(say("email.revoked", { requester: label(input.requester) }), say("email.revoked-link")),
        facts(input),
        ...quote(input.requester, input.message)
      ],
      smallPrint: [say("email.revoked-contact", { contact: label(input.standIn ?? input.requester) })]
    },
    language
  )
