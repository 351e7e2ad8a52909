import type { DateTime } from "effect"
import { minute } from "./words.ts"

/** Requests to connect, campaigns of them, and how much an organization may mail. */
export const requests = {
  "request.expired": "This request has expired.",
  "request.send-new": "Send a new one.",
  "request.mailed-too-often": ({ times }: { times: number }) => `This request was mailed ${times} times.`,
  "request.check-before-another": "Withdraw it, and make sure that the address is right before you send another.",
  "request.name-unusable": ({ person }: { person: string }) =>
    `The name of ${person} is empty, longer than 120 characters, or not plain text.`,
  "request.the-requester": "the requester",
  "request.one-line": "Type the name in one line.",
  "request.address-invalid": ({ person }: { person: string }) => `The e-mail address of ${person} is not valid.`,
  "request.check-address": "Check the address, e.g. name@example.com.",
  "request.message-too-long": ({ limit }: { limit: number }) => `A message has at most ${limit} characters.`,
  "request.shorten": "Shorten it.",
  "request.key-without-mailbox": "A key has no mailbox, and a copy of every request goes to the requester.",
  "request.name-requester": "Give the name and the e-mail address of the person who asks.",
  "request.own-name": "A person asks in their own name.",
  "request.leave-requester-out": "Leave the requester out.",
  "request.not-a-member": "You are not a member of this organization.",
  "request.ask-for-invitation": "Ask to be invited to it.",
  "request.other-marketplace": ({ account }: { account: string }) =>
    `This connection of ${account} belongs to another marketplace.`,
  "request.choose-tile":
    "Choose the tile of the marketplace that you mean; add the marketplace to the account when it has none.",
  "request.too-many-open": ({ limit, account }: { limit: number; account: string }) =>
    `${limit} requests for ${account} wait for an answer already.`,
  "request.resend-or-withdraw": "Send one of them again, or withdraw one first.",
  "request.too-many-today": ({ limit, account }: { limit: number; account: string }) =>
    `${limit} requests for ${account} were made within a day.`,
  "request.wait-a-day": "Wait until tomorrow.",
  "request.foreign-preview": "This reference does not come from a preview of yours.",
  "request.new-preview": "Make a new preview, or send without one.",
  "request.preview-differs": "The mail would read differently from what was shown in the preview.",
  "request.preview-again": "Look at the preview again, then send.",
  "request.preview-old": "This preview is more than an hour old.",
  "campaign.size": ({ limit }: { limit: number }) => `A campaign asks for 1 to ${limit} connections.`,
  "campaign.choose-or-split": "Choose some connections, or send several campaigns.",
  "campaign.repeats": "A connection stands in this campaign twice.",
  "campaign.name-once": "Name each connection once.",
  "campaign.no-end": ({ account }: { account: string }) =>
    `The consent of ${account} does not end by itself, or there is none.`,
  "campaign.take-out": "Take it out of the campaign; send a request to connect when it is not connected.",
  "quota.most": ({ limit, hours, addressLimit }: { limit: number; hours: number; addressLimit: number }) =>
    `At most ${limit} emails can be sent within ${hours} hours, ${addressLimit} of them to one address.`,
  "quota.fewer": "Send fewer at once.",
  "quota.organization": ({ limit, hours }: { limit: number; hours: number }) =>
    `An organization can send ${limit} emails to other people within ${hours} hours.`,
  "quota.address": ({ address, limit, hours }: { address: string; limit: number; hours: number }) =>
    `${address} was sent ${limit} emails within ${hours} hours.`,
  "quota.retry-after": ({ at }: { at: DateTime.Utc }) => `Try again after ${minute(at)}.`,
  "quota.too-much-history": "More happened in this organization today than emails can be counted in.",
  "quota.retry-tomorrow": "Try again tomorrow."
}
