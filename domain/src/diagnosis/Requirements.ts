/**
 * What a provider requires, shown before a person leaves for it, so that no consent fails for a reason that was known
 * (flow F2, rules P-R2, P-R3, P-R10, P-R11, W-R1, W-R2). The same list is evaluated after consent, in the same words.
 */
import type { AccountType } from "../providers/AccountType.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import type { Channel } from "../providers/Channel.ts"
import {
  type Answers,
  type Assumptions,
  assumed,
  type Check,
  examine,
  type Facts,
  type Finding,
  ofChannel
} from "./Check.ts"

/** One requirement. `blocks`: without it nothing is connected; `limits`: the connection lacks something. */
export interface Requirement extends Check {
  readonly weight: "blocks" | "limits"
}

/** A requirement with its result. */
export interface Met extends Finding {
  readonly weight: "blocks" | "limits"
}

/**
 * What to explain on the page before consent, in the order in which it is checked. Empty when nothing is known to be
 * required (a vendor's Selling Partner API, Walmart Marketplace), or when the account type does not use the channel.
 */
export const of = (
  channel: Channel,
  accountType: AccountType,
  catalogue: Catalogue = standard
): ReadonlyArray<Requirement> => {
  const own = catalogue.accountTypes.get(accountType)?.channels.find((one) => one.channel === channel)
  return (own?.requirements ?? []).map(({ check, ...row }) => ({ ...ofChannel(check, channel, catalogue), ...row }))
}

/** Every requirement of an account, channel by channel, in the order in which the channels are offered (rule C2). */
export const ofAccount = (
  accountType: AccountType,
  catalogue: Catalogue = standard
): ReadonlyArray<{
  readonly channel: Channel
  readonly optional: boolean
  readonly requirements: ReadonlyArray<Requirement>
}> =>
  (catalogue.accountTypes.get(accountType)?.channels ?? []).map(({ channel, optional }) => ({
    channel,
    optional,
    requirements: of(channel, accountType, catalogue)
  }))

/** The same list after consent, answered as far as facts and answers go. Pure, total, same order as the list. */
export const evaluate = (
  requirements: ReadonlyArray<Requirement>,
  facts: Facts,
  answers: Answers = {},
  assumptions: Assumptions = assumed
): ReadonlyArray<Met> =>
  requirements.map((requirement) => {
    const finding = examine(requirement, facts, answers, assumptions)
    const { title, weight } = requirement
    return finding.state === "passed" && finding.answer === undefined
      ? { ...finding, weight, explanation: `${title}.` }
      : { ...finding, weight }
  })
