/** A connection whose marketplace was taken out of its account, and comes back with it. */
import { type Decision, happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { refuse } from "../../messages/Refusal.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import type { Command, Event, Present } from "./state.ts"

/**
 * Refuses to begin anything with a connection whose marketplace was taken out of its account; the refusal names the
 * command.
 */
export const inUse = (
  state: Present,
  of: string,
  command: string,
  catalogue: Catalogue = standard
): Decision<never> => {
  if (state._tag !== "Withdrawn") return nothing
  const country = catalogue.marketplaces.get(state.marketplaceId)?.country ?? state.marketplaceId
  return refuse(of, command, "not-possible-now", {
    detail: say("connection.was-withdrawn", { country }),
    nextStep: say("connection.add-marketplace-again")
  })
}

/** Leaves the account with its marketplace. */
export const withdraw = (_: Present, { at, by }: Extract<Command, { readonly _tag: "Withdraw" }>) =>
  happened<Event>({ _tag: "ConnectionWithdrawn", at, by })

/** Comes back with its marketplace. */
export const reinstate = (_: Present, { at, by }: Extract<Command, { readonly _tag: "Reinstate" }>) =>
  happened<Event>({ _tag: "ConnectionReinstated", at, by })
