/** An API through which an account is reached, and which accounts need which (rules C1, C2, K-R11, P-R12). */
import { Schema } from "effect"
import type { AccountType } from "../accounts/AccountType.ts"
import type { Provider } from "../accounts/Marketplace.ts"

/** The four channels. */
export const Channel = Schema.Literals(["amazon-ads", "amazon-sp", "walmart-connect", "walmart-marketplace"])
/** The four channels. */
export type Channel = typeof Channel.Type

/** How a person reads it. */
export const label: { readonly [C in Channel]: string } = {
  "amazon-ads": "Amazon Advertising API",
  "amazon-sp": "Amazon Selling Partner API",
  "walmart-connect": "Walmart Connect (advertising)",
  "walmart-marketplace": "Walmart Marketplace"
}

/** What a consent allows, in words for the person who gives it: mails and pages say the same. */
export const allows: { readonly [C in Channel]: ReadonlyArray<string> } = {
  "amazon-ads": [
    "Your sponsored advertising: campaigns, spend and results",
    "The list of advertising profiles your login can see"
  ],
  "amazon-sp": ["Sales, inventory and product content of your seller or vendor account"],
  "walmart-connect": ["Your sponsored advertising: campaigns, spend and results"],
  "walmart-marketplace": ["Sales, inventory and product content of your marketplace account"]
}

/** Whose channel it is. */
export const provider = (channel: Channel): Provider => (channel.startsWith("amazon") ? "amazon" : "walmart")

/** One row of the requirement table: the account is incomplete without a channel that is not optional. */
export interface Requirement {
  readonly channel: Channel
  readonly optional: boolean
}

const table: ReadonlyArray<readonly [Provider, AccountType, ReadonlyArray<Requirement>]> = [
  [
    "amazon",
    "seller",
    [
      { channel: "amazon-ads", optional: false },
      { channel: "amazon-sp", optional: false }
    ]
  ],
  [
    "amazon",
    "vendor",
    [
      { channel: "amazon-ads", optional: false },
      { channel: "amazon-sp", optional: true }
    ]
  ],
  [
    "walmart",
    "walmart-3p",
    [
      { channel: "walmart-connect", optional: false },
      { channel: "walmart-marketplace", optional: true }
    ]
  ],
  ["walmart", "walmart-1p", [{ channel: "walmart-connect", optional: false }]]
]

/** The channels of an account, in the order in which they are offered. Empty when the type is not the provider's. */
export const required = (of: Provider, type: AccountType): ReadonlyArray<Requirement> =>
  table.find(([provider, accountType]) => provider === of && accountType === type)?.[2] ?? []

/**
 * How access to a channel comes about: by a person's consent that ends in a redirect, or by an advertiser's admin who adds us
 * as its partner, which has to be discovered (rules W-R4, C7).
 */
export const accessBy = (channel: Channel): "consent" | "partner" =>
  channel === "walmart-connect" ? "partner" : "consent"
