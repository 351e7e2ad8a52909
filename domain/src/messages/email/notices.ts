/** The email that shares a plan, and notices about anything else. */
import type { DateTime } from "effect"
import { type EmailMessage, label, linesOf, make, newsTextLimit, type Part } from "../MailTemplate.ts"
import * as Text from "../../kernel/Text.ts"
import { type Catalogue, render, say, verbatim } from "../Messages.ts"
import { action, type From, paragraph, productOf, quote, short } from "./parts.ts"
import { inPlaceOf, type Request } from "./requests.ts"

/** A plan that gathers accounts under one login, for a reader. */
export interface Plan extends From {
  /** The reader's name; no name when left out. */
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

/** Shares a plan that gathers accounts under one login (flow F4). */
export const consolidationPlan = (input: Plan, language?: Catalogue): EmailMessage => {
  const [requester, organization] = [label(input.requester), label(input.organization)]
  return make(
    {
      subject: say("email.plan-subject", { requester: short(input.requester), company: short(input.company) }),
      name: input.recipient ?? "",
      parts: [
        paragraph(
          say("email.plan", { requester, organization, company: label(input.company), login: label(input.mainLogin) }),
          say("email.plan-says")
        ),
        paragraph(say("email.plan-missing", { count: input.missing })),
        ...quote(input.requester, input.message),
        action(say("email.plan-action"), input.url)
      ],
      smallPrint: [
        ...(input.expiresAt === undefined ? [] : [say("email.link-until", { at: input.expiresAt })]),
        say("email.plan-readers")
      ]
    },
    language
  )
}

/** The longest text of a notice, in characters. */
export const noticeLimit = 4000

/** A notice. Subject and text are in words. */
export interface Notice extends From {
  readonly subject: string
  readonly text: string
  readonly name?: string
  readonly url?: string
}

/** Any other notice. Each line of the text is a paragraph; 4,000 characters and 60 lines at most. */
export const notice = (input: Notice, language?: Catalogue): EmailMessage =>
  make(
    {
      subject: input.subject,
      name: input.name ?? "",
      parts: [
        ...linesOf(input.text, noticeLimit)
          .filter((line) => line !== "")
          .map((line) => paragraph(verbatim(line))),
        ...(input.url === undefined ? [] : [action(say("email.notice-action"), input.url)])
      ],
      smallPrint: [say("email.sent-by", { product: productOf(input) })]
    },
    language
  )

/** News for a member, as one mail. Subjects and texts are in words. */
export interface News extends From {
  readonly name: string
  /** The oldest first; empty only when something comes ahead of it. */
  readonly news: ReadonlyArray<Pick<Notice, "subject" | "text" | "url">>
  /** How many older pieces of news had no room. */
  readonly leftOut: number
  /** What comes before the news, e.g. the consents that end. */
  readonly ahead?: {
    /** One line: the subject when there is no other news. */
    readonly subject: string
    readonly parts: ReadonlyArray<Part>
  }
  /** Where the member chooses when they get such mails. */
  readonly preferencesUrl: string
}

/** One mail for all news that is due; one piece of news alone is the subject itself. */
export const news = (input: News, language?: Catalogue): EmailMessage => {
  const { ahead } = input
  const isOne = ahead === undefined && input.news.length === 1
  const [first = "", ...others] = [
    ...(ahead === undefined ? [] : [ahead.subject]),
    ...input.news.map(({ subject }) => subject)
  ]
  return make(
    {
      subject:
        others.length === 0 ? first : say("email.news-subject", { first: Text.line(first, 90), more: others.length }),
      name: input.name,
      parts: [
        ...(ahead?.parts ?? []),
        ...(isOne || input.news.length === 0 ? [] : [paragraph(say("email.news", { count: input.news.length }))]),
        ...input.news.flatMap(({ subject, text, url }) => [
          ...(isOne && text !== "" ? [] : [paragraph(verbatim(label(subject)))]),
          ...linesOf(text, newsTextLimit)
            .filter((line) => line !== "")
            .map((line) => paragraph(verbatim(line))),
          ...(url === undefined ? [] : [action(say("email.notice-action"), url)])
        ])
      ],
      smallPrint: [
        ...(input.leftOut === 0 ? [] : [say("email.news-left-out", { count: input.leftOut })]),
        say("email.news-choose", { url: input.preferencesUrl }),
        say("email.sent-by", { product: productOf(input) })
      ]
    },
    language
  )
}

/** A notice about a request, for the requester or the person who gets it in their place. */
export const requestNotice = (
  input: Pick<Request, "organization" | "requester" | "standIn"> & Notice,
  language?: Catalogue
): EmailMessage => {
  const why = inPlaceOf(input).map((message) => render(message, language))
  return notice({ ...input, name: input.standIn ?? input.requester, text: [input.text, ...why].join("\n") }, language)
}
