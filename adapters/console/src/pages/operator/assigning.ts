/**
 * How operators see an advertiser, and the question before one is assigned: it names both sides beyond doubt (rules
 * W-R4, W-R8).
 */
import { Advertiser, type Id } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
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
    label: words.operator.assign,
    question: html`${warning}${words.operator.assignQuestion({
      advertiser: named(entry),
      organization: html`<strong>${isolateText(to.name)}</strong>`
    })}`,
    action: `${directory}/${entry.id}/assign`,
    yes: words.operator.yesAssign,
    hidden: html`<input type="hidden" name="organization" value="${to.id}"><input type="hidden" name="back"
      value="${back}">`
  })

/** How an entry of the directory stands. */
export const entryBadge = (entry: Advertiser.Present): Markup => {
  if (entry._tag === "Lost") return Components.badge("act", words.operator.lost)
  if (entry.misses > 0)
    return Components.badge("wait", words.operator.missed({ looks: entry.misses, of: Advertiser.missesUntilLost }))
  return entry.assignment === undefined
    ? Components.badge("wait", words.operator.notAssigned)
    : Components.badge("good", words.operator.assigned)
}

/** What came of what an operator did, on the page it leads back to. */
export const operatorNotice = (done: string | undefined, seen: string | undefined): Content => {
  switch (done) {
    case "assigned":
      return Components.notice("good", words.operator.assigned, words.operator.peopleSee)
    case "taken-back":
      return Components.notice("good", words.operator.takenBack, words.operator.notTheirs)
    case "looked": {
      const quantity = Number(seen)
      return Components.notice(
        "info",
        words.shared.lookedJustNow,
        Number.isInteger(quantity) && quantity >= 0 ? words.operator.letUsIn({ quantity }) : ""
      )
    }
    default:
      return ""
  }
}
