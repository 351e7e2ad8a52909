/**
 * How operators see an advertiser, and the question before one is assigned: it names both sides beyond doubt (rules
 * W-R4, W-R8).
 */
import { Advertiser, type Id } from "@portolan/domain"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, isolateText, type Markup } from "../../page/html.ts"
import { directory } from "./frame.ts"

/** Names an advertiser with its id: names alone are not unique (rule W-R8). */
const named = ({ advertiser }: Advertiser.Present): Markup =>
  html`${isolateText(advertiser.name)} <code>${advertiser.key.externalId}</code>`

/** Asks whether an advertiser is to belong to an organization. `back` says which page the person came from. */
export const assignForm = (
  entry: Advertiser.Present,
  to: { readonly id: Id.OrganizationId; readonly name: string },
  back: string,
  warning: Content = ""
): Markup =>
  Components.confirmed({
    label: "Assign …",
    question: html`${warning}Assign ${named(entry)} to <strong>${isolateText(to.name)}</strong>? Its people will see
      this advertiser and
      can link it. Nobody else will.`,
    action: `${directory}/${entry.id}/assign`,
    yes: "Yes, assign it",
    hidden: html`<input type="hidden" name="organization" value="${to.id}"><input type="hidden" name="back"
      value="${back}">`
  })

/** How an entry of the directory stands. */
export const entryBadge = (entry: Advertiser.Present): Markup => {
  if (entry._tag === "Lost") return Components.badge("act", "Lost")
  if (entry.misses > 0) return Components.badge("wait", `Missed ${entry.misses} of ${Advertiser.missesUntilLost} looks`)
  return entry.assignment === undefined
    ? Components.badge("wait", "Not assigned")
    : Components.badge("good", "Assigned")
}

/** What came of what an operator did, on the page it leads back to. */
export const operatorNotice = (done: string | undefined, seen: string | undefined): Content => {
  switch (done) {
    case "assigned":
      return Components.notice(
        "good",
        "Assigned",
        "The people of that organization see the advertiser in a moment, and are told."
      )
    case "taken-back":
      return Components.notice("good", "Taken back", "The organization no longer sees the advertiser.")
    case "looked": {
      const quantity = Number(seen)
      return Components.notice(
        "info",
        "Looked just now",
        Number.isInteger(quantity) && quantity >= 0
          ? `Walmart lists ${Format.count(quantity, "advertiser")} that let us in.`
          : ""
      )
    }
    default:
      return ""
  }
}
