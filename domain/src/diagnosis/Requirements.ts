/**
 * What has to be so before somebody leaves for the provider, so that it is explained and not discovered by failure (flow
 * F2, rules P-R2, P-R3, P-R10, P-R11, W-R1, W-R2). The list is told before consent and evaluated after it, with the same
 * words.
 */
import type { AccountType } from "../accounts/AccountType.ts"
import * as ChannelRule from "../providers/Channel.ts"
import type { Channel } from "../providers/Channel.ts"
import type { Answers, Assumptions, Check, CheckId, Facts, Finding } from "./Check.ts"
import { assumed, examine, get } from "./Check.ts"

/** One thing to see to beforehand. `blocks`: without it nothing is connected; `limits`: connected with less. */
export interface Requirement extends Check {
  readonly weight: "blocks" | "limits"
}

/** A requirement with what became of it. */
export interface Met extends Finding {
  readonly weight: "blocks" | "limits"
}

type Words = Partial<Pick<Check, "title" | "remedy" | "why">>
type Row = readonly [id: CheckId, weight: Requirement["weight"], words?: Words]

const advertising = (words: Words): ReadonlyArray<Row> => [
  ["campaign-exists", "blocks", words],
  [
    "campaign-editable",
    "blocks",
    {
      title: "The login has admin permission (view and edit) in the campaign manager",
      remedy:
        "Ask the primary account owner to give this login view and edit in the campaign manager. An agency's user needs " +
        "it before connecting. If it was given and nothing changed, have the user removed and added again."
    }
  ]
]

const walmart: ReadonlyArray<Row> = [
  ["partner-added", "blocks"],
  ["write-access", "limits"]
]

const rows: { readonly [T in AccountType]: { readonly [C in Channel]?: ReadonlyArray<Row> } } = {
  seller: {
    "amazon-ads": advertising({
      title: "The account has at least one active advertising campaign in this marketplace"
    }),
    "amazon-sp": [
      ["advertising-permission-in-seller-central", "blocks"],
      ["participates", "blocks"]
    ]
  },
  vendor: {
    "amazon-ads": advertising({ title: "The vendor has advertised in this marketplace before" }),
    "amazon-sp": []
  },
  "walmart-3p": { "walmart-connect": walmart, "walmart-marketplace": [] },
  "walmart-1p": { "walmart-connect": walmart }
}

/**
 * What to explain on the page before consent, in the order in which it is checked. Empty when nothing is known to be
 * required (a vendor's Selling Partner API, Walmart Marketplace), or when the account type does not use the channel.
 */
export const of = (channel: Channel, accountType: AccountType): ReadonlyArray<Requirement> =>
  (rows[accountType][channel] ?? []).map(([id, weight, words]) => ({ ...get(id), ...words, weight }))

/** Every requirement of an account, channel by channel, in the order in which the channels are offered (rule C2). */
export const ofAccount = (
  accountType: AccountType
): ReadonlyArray<{
  readonly channel: Channel
  readonly optional: boolean
  readonly requirements: ReadonlyArray<Requirement>
}> =>
  ChannelRule.required(accountType.startsWith("walmart") ? "walmart" : "amazon", accountType).map(
    ({ channel, optional }) => ({ channel, optional, requirements: of(channel, accountType) })
  )

/** The same list after consent, answered as far as facts and people can. Pure, total, same order as `of`. */
export const evaluate = (
  channel: Channel,
  accountType: AccountType,
  facts: Facts,
  answers: Answers = {},
  assumptions: Assumptions = assumed
): ReadonlyArray<Met> =>
  of(channel, accountType).map((requirement) => {
    const finding = examine(requirement.id, facts, answers, assumptions)
    return {
      ...finding,
      title: requirement.title,
      weight: requirement.weight,
      ...(finding.state === "failed" ? { nextStep: requirement.remedy } : {}),
      ...(finding.state === "passed" && finding.answer === undefined ? { explanation: `${requirement.title}.` } : {})
    }
  })
