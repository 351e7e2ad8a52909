/** The last step: how far the first load of a country is. */
import { type Onboarding, Messages } from "@portolan/domain"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { html, type Markup } from "../../page/html.ts"
import { pathOf, type Ways } from "./ways.ts"

const { start } = words

const syncWords = ({ sync }: Onboarding.Onboarding, now: DateTime.Utc): Markup => {
  switch (sync?.state) {
    case undefined:
      return html`<p role="status">${Messages.text("page.planned")}</p>`
    case "in-sync":
      return Components.notice("good", start.inSync, start.historyFollows)
    case "overdue":
      return Components.notice("act", start.notInSync, `${Messages.text("evidence.support-looks")} ${start.loadGoesOn}`)
    case "syncing":
      return html`<p role="status"><strong>${start.syncing}</strong> ${start.syncingUntil({
        at: Components.whenFully(sync?.dueAt ?? now, now)
      })} ${words.shared.leavePage}</p>`
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
      html`${Components.bar(start.historyLoaded, overall, sync?.state === "overdue" ? "act" : "info")}
      <p class="muted">${start.percentLoaded({ percent: Format.percent(overall) })}</p>`
    }
  </div>`
}
