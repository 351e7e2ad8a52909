/** The last step: how far the first load of a country is. */
import { type Onboarding, Messages } from "@portolan/domain"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { html, type Markup } from "../../page/html.ts"
import { pathOf, type Ways } from "./ways.ts"

const syncWords = ({ sync }: Onboarding.Onboarding, now: DateTime.Utc): Markup => {
  switch (sync?.state) {
    case undefined:
      return html`<p role="status">${Messages.text("page.planned")}</p>`
    case "in-sync":
      return Components.notice("good", "In sync", "The history is loaded, and new days follow by themselves.")
    case "overdue":
      return Components.notice(
        "act",
        "Not in sync after 48 hours",
        "Support has been told and looks into it. The load goes on by " +
          "itself; nobody has to start again, and you hear from us when it is complete."
      )
    case "syncing":
      return html`<p role="status"><strong>Syncing.</strong> It should be complete ${Components.whenFully(
        sync?.dueAt ?? now,
        now
      )}. You can leave this page.</p>`
  }
}

/** How far the loads of the shown country are together, from 0 to 1; nothing before the first is planned. */
const overallOf = ({ views, way }: Ways): number | undefined => {
  const shares = views.flatMap(({ backfill, connection }) =>
    connection.marketplaceId === way.marketplaceId && backfill !== undefined ? [backfill.overall] : []
  )
  return shares.length === 0 ? undefined : shares.reduce((sum, one) => sum + one, 0) / shares.length
}

/** The load of the shown country; it asks for itself until the history is there. */
export const syncStep = (ways: Ways, now: DateTime.Utc): Markup => {
  const { way } = ways
  const { sync } = way
  const overall = overallOf(ways)
  return html`<div id="sync"${
    sync?.state !== "in-sync" &&
    html` hx-get="${pathOf(ways, "/sync")}" hx-trigger="every 5s" hx-swap="outerHTML"
      hx-status:4xx="swap:none" hx-status:5xx="swap:none"`
  }>
    ${syncWords(way, now)}
    ${
      overall !== undefined &&
      sync?.state !== "in-sync" &&
      html`${Components.bar("History loaded", overall, sync?.state === "overdue" ? "act" : "info")}
      <p class="muted">${Format.percent(overall)} % loaded</p>`
    }
  </div>`
}
