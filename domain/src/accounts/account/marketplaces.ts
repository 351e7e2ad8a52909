/** What the commands about an account's marketplaces lead to. */
import * as Option from "effect/Option"
import { happened, nothing } from "../../kernel/Machine.ts"
import type { Reason } from "../../kernel/Refused.ts"
import { type Message, say } from "../../messages/Messages.ts"
import { refuse } from "../../messages/Refusal.ts"
import type { Catalogue } from "../../providers/Catalogue.ts"
import * as Marketplace from "../../providers/Marketplace.ts"
import { expand } from "../Expansion.ts"
import { type Command, Event, type Present } from "./state.ts"

const subject = "Account"

/** Adds a country where `Expansion` says that it joins the account. */
export const addMarketplace = (
  state: Present,
  { listed, marketplaceId }: Extract<Command, { readonly _tag: "AddMarketplace" }>,
  catalogue: Catalogue
) => {
  const { accountType } = state
  const { decision, message } = expand(state, { marketplaceId, accountType }, listed, catalogue)
  if (decision === "already-there") return nothing
  if (decision === "add-marketplace") return happened<Event>({ _tag: "MarketplaceAdded", marketplaceId })
  const nextStep = say(decision === "add-account" ? "account.create-new" : "account.choose-marketplace")
  return refuse(subject, "AddMarketplace", "contradiction", { detail: message, nextStep })
}

const named = (id: Marketplace.MarketplaceId, catalogue: Catalogue) => catalogue.marketplaces.get(id)?.country ?? id

/** Takes a country out of the account, unless it is the first one or still connected. */
export const removeMarketplace = (
  { formerMarketplaces = [], marketplaces, name }: Present,
  { at, by, connected, marketplaceId }: Extract<Command, { readonly _tag: "RemoveMarketplace" }>,
  catalogue: Catalogue
) => {
  const country = named(marketplaceId, catalogue)
  const refused = (reason: Reason, detail: Message, nextStep: Message) =>
    refuse(subject, "RemoveMarketplace", reason, { detail, nextStep })
  if (!marketplaces.includes(marketplaceId)) {
    return formerMarketplaces.includes(marketplaceId)
      ? nothing
      : refused("does-not-exist", say("account.marketplace-missing", { country, name }), say("account.choose-own"))
  }
  if (marketplaces[0] === marketplaceId) {
    return refused(
      "contradiction",
      say("account.marketplace-first", { country, name }),
      say("account.remove-account-instead")
    )
  }
  return connected > 0
    ? refused(
        "not-possible-now",
        say("account.marketplace-live", { country, count: connected }),
        say("account.disconnect-there", { country })
      )
    : happened<Event>({ _tag: "MarketplaceRemoved", marketplaceId, at, by })
}

/** Refuses a marketplace that nobody knows, or that lies in another region than the account. */
export const elsewhere = (state: Present, command: string, id: Marketplace.MarketplaceId, catalogue: Catalogue) => {
  const found = Option.getOrUndefined(Marketplace.find(id, catalogue))
  if (found === undefined) {
    return refuse(subject, command, "contradiction", {
      detail: say("account.marketplace-unknown", { ids: [id] }),
      nextStep: say("account.choose-marketplace")
    })
  }
  return found.region === state.region
    ? undefined
    : refuse(subject, command, "contradiction", {
        detail: say("account.outside-region", { country: found.country }),
        nextStep: say("account.add-for-country")
      })
}
