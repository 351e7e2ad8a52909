/** The email that asks an owner to renew consents before they lapse (rules X-R13, X-R14). */
import type { DateTime } from "effect"
import { type Content, type EmailMessage, label, make, type Part } from "../MailTemplate.ts"
import { type Catalogue, say } from "../Messages.ts"
import { action, type From, paragraph, quote, short } from "./parts.ts"

/** The most accounts one renewal names; more are split over several emails, each with an id of its own. */
export const accountLimit = 50

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

/** A renewal of several accounts of one owner. */
export interface Campaign extends From {
  readonly owner: string
  readonly requester: string
  readonly organization: string
  readonly accounts: ReadonlyArray<Renewal>
  readonly message?: string
  /** Present when nobody sends it: the reminder that the software sends by itself, at most once a day. */
  readonly reminder?: {
    /** Whether one line stands for several accounts of a login. */
    readonly isShared: boolean
    /** Logins that the mail has no room for. */
    readonly leftOut: number
  }
}

const ofAccount = (renewal: Renewal, isOnly: boolean): ReadonlyArray<Part> => [
  {
    _tag: "Facts",
    facts: [
      [say("email.fact-account"), label(renewal.account)],
      [say("email.fact-company"), label(renewal.company)],
      [say("email.fact-marketplace"), label(renewal.marketplace)],
      [say("email.fact-channel"), label(renewal.channel)],
      [say("email.fact-until"), say("email.instant", { at: renewal.accessUntil })]
    ]
  },
  action(
    isOnly ? say("email.renewal-action") : say("email.renewal-action-account", { account: label(renewal.account) }),
    renewal.url
  )
]

/** What a reminder says besides what a person would write. */
const ofReminder = ({ reminder }: Campaign): Pick<Content, "parts" | "smallPrint"> => {
  if (reminder === undefined) return { parts: [], smallPrint: [] }
  const { isShared, leftOut } = reminder
  return {
    parts: [
      ...(isShared ? [paragraph(say("email.renewal-login-shared"))] : []),
      ...(leftOut > 0 ? [paragraph(say("email.renewal-left-out", { count: leftOut }))] : [])
    ],
    smallPrint: [say("email.renewal-daily"), say("email.renewal-stop")]
  }
}

/**
 * Asks an owner to renew consents before they lapse: one email, one link an account. Dies above `accountLimit`
 * accounts; a sender with more of them sends several emails, so that no account goes unnamed.
 */
export const renewalCampaign = (input: Campaign, language?: Catalogue): EmailMessage => {
  const { accounts } = input
  if (accounts.length > accountLimit) throw new Error(`a renewal names at most ${accountLimit} accounts`)
  const only = accounts.length === 1 ? accounts[0] : undefined
  const isOnly = only !== undefined
  const [requester, organization] = [label(input.requester), label(input.organization)]
  const { parts, smallPrint } = ofReminder(input)
  return make(
    {
      subject: isOnly
        ? say("email.renewal-subject", { account: short(only.account) })
        : say("email.renewal-subject-several", { count: accounts.length }),
      name: input.owner,
      parts: [
        paragraph(
          say(isOnly ? "email.renewal" : "email.renewal-several", { requester, organization }),
          say("email.renewal-end")
        ),
        ...quote(input.requester, input.message),
        ...accounts.flatMap((renewal) => ofAccount(renewal, isOnly)),
        ...parts,
        paragraph(say(isOnly ? "email.renewal-login" : "email.renewal-login-each"), say("email.renewal-other-login"))
      ],
      smallPrint: [say("email.renewal-period"), say("email.renewal-not-yours", { requester }), ...smallPrint]
    },
    language
  )
}
