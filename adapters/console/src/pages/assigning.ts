/**
 * How operators see an advertiser, and the question before one is assigned: it names both sides beyond doubt (rules
 * W-R4, W-R8).
 */
import { Advertiser, type Id } from "@portolan/domain"
import { type Content, html, type Markup, theirs } from "../Html.ts"
import * as Parts from "../Parts.ts"
import * as Words from "../Words.ts"
import { directory } from "./operatorFrame.ts"

/** Names an advertiser with its id: names alone are not unique (rule W-R8). */
const named = ({ advertiser }: Advertiser.Present): Markup =>
  html`${theirs(advertiser.name)} <code>${advertiser.key.externalId}</code>`

/** Asks whether an advertiser is to belong to an organization. `back` says which page the person came from. */
export const assignForm = (
  entry: Advertiser.Present,
  to: { readonly id: Id.OrganizationId; readonly name: string },
  back: string,
  warning: Content = ""
): Markup =>
  Parts.confirmed(
    "Assign …",
    html`${warning}Assign ${named(entry)} to <strong>${theirs(to.name)}</strong>? Its people will see this advertiser and
      can link it. Nobody else will.`,
    `${directory}/${entry.id}/assign`,
    "Yes, assign it",
    html`<input type="hidden" name="organization" value="${to.id}"><input type="hidden" name="back" value="${back}">`
  )

/** How an entry of the directory stands. */
export const standing = (entry: Advertiser.Present): Markup =>
  entry._tag === "Lost"
    ? Parts.badge("act", "Lost")
    : entry.misses > 0
      ? Parts.badge("wait", `Missed ${entry.misses} of ${Advertiser.missesUntilLost} looks`)
      : entry.assignment === undefined
        ? Parts.badge("wait", "Not assigned")
        : Parts.badge("good", "Assigned")

/** What came of what an operator did, on the page it leads back to. */
export const doneNotice = (done: string | undefined, seen: string | undefined): Content => {
  switch (done) {
    case "assigned":
      return Parts.notice(
        "good",
        "Assigned",
        "The people of that organization see the advertiser in a moment, and are told."
      )
    case "taken-back":
      return Parts.notice("good", "Taken back", "The organization no longer sees the advertiser.")
    case "looked": {
      const quantity = Number(seen)
      return Parts.notice(
        "info",
        "Looked just now",
        Number.isInteger(quantity) && quantity >= 0
          ? `Walmart lists ${Words.count(quantity, "advertiser")} that let us in.`
          : ""
      )
    }
    default:
      return ""
  }
}
