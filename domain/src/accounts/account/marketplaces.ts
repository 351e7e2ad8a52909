/** What the commands about an account's marketplaces lead to. */
import { Option } from "effect"
import { happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
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
