/**
 * The part of a connection's page that moves by itself while the first load runs: the status with its reasons, and one
 * bar per data class (rules K-R15, C8). It asks for itself again every two seconds, and stops asking when it is over.
 */
import { Connection, Evidence, type Progress, Messages } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { DateTime, Option } from "effect"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type * as Layout from "../../page/layout.ts"

/** Minutes after linking in which a load that is not planned yet is still expected. */
const plannedWithinMinutes = 15

const deadline = (one: Progress.ClassProgress, now: DateTime.Utc): Content => {
  if (one.status === "done") return words.connections.complete
  const at = Components.whenFully(one.dueAt, now)
  return DateTime.isLessThan(one.dueAt, now) ? words.connections.wasDue({ at }) : words.connections.due({ at })
}

/** A load on its page: whether it is over, and where what waits for a person can be asked for again, if it can. */
interface Place {
  readonly isOver: boolean
  readonly retryAt: string | undefined
  readonly now: DateTime.Utc
}

/** The button that has what waits of a class asked for again; nothing for those who may not press it. */
export const tryAgain = (
  { blockedBy, dataClass }: Pick<Progress.ClassProgress, "blockedBy" | "dataClass">,
  retryAt: string | undefined
): Content =>
  blockedBy.length > 0 &&
  retryAt !== undefined &&
  html`<form method="post" action="${retryAt}"><input type="hidden" name="dataClass" value="${dataClass}">
    <button class="secondary outline small">${words.connections.tryAgain({
      dataClass: Labels.dataClass(dataClass)
    })}</button></form>`

const classRow = (one: Progress.ClassProgress, { isOver, now, retryAt }: Place): Markup => {
  const label = Labels.dataClass(one.dataClass)
  const status = Labels.loadStatus[one.status]
  return html`<li><div class="load-head"><strong>${label}</strong>${Components.badge(
    status.tone,
    status.label
  )}<span class="load-percent">${Format.percent(one.fraction)} %</span></div>
    ${Components.bar(words.history.daysLoaded({ dataClass: label }), one.fraction, status.tone)}
    <p class="muted">${words.connections.daysDone({
      done: one.daysDone,
      total: one.daysTotal
    })} · ${words.connections.rows({ quantity: one.rows })}${!isOver && html` · ${deadline(one, now)}`}</p>
    ${one.blockedBy.map((reason) => html`<p class="obstacle">${reason}</p>`)}${tryAgain(one, retryAt)}</li>`
}

const nextPromise = (dueAt: DateTime.Utc, now: DateTime.Utc): Markup => {
  const at = Components.whenFully(dueAt, now)
  return DateTime.isLessThan(dueAt, now)
    ? words.connections.wasPromised({ at })
    : words.connections.nextDeadline({ at })
}

const loadTitle = {
  Running: words.shared.firstLoad,
  Complete: words.shared.firstLoadComplete,
  Cancelled: words.shared.firstLoadStopped
} as const

const backfill = (
  { classes, nextDeadline, overall, state }: Connections.BackfillView,
  retryAt: string | undefined,
  now: DateTime.Utc
): Markup => {
  const isOver = state._tag !== "Running"
  // Said in steps of ten, so that a screen reader is not interrupted every two seconds.
  const spoken = isOver
    ? loadTitle[state._tag]
    : words.connections.loadAbout({ percent: Math.floor(Format.percent(overall) / 10) * 10 })
  return html`<section class="card load" aria-labelledby="load"><header class="with-badge">
    <h2 id="load">${loadTitle[state._tag]}</h2>
      <span class="load-overall">${Format.percent(overall)} %</span></header>
    <p class="sr-only" role="status" aria-live="polite">${spoken}</p>
    ${
      Evidence.isOverdue(state, now) &&
      Components.notice("act", words.connections.deadlineMissed, words.connections.loadGoesOn)
    }
    ${Components.bar(words.connections.loadOverAll, overall, overall >= 1 ? "good" : "info")}
    ${
      state._tag === "Running" &&
      Option.isSome(nextDeadline) &&
      html`<p class="muted">${nextPromise(nextDeadline.value, now)}</p>`
    }
    ${
      classes.length === 0
        ? html`<p class="muted">${words.connections.nothingToLoad}</p>`
        : html`<ul class="loads">${classes.map((one) => classRow(one, { isOver, retryAt, now }))}</ul>`
    }
    ${state._tag === "Running" && html`<noscript><p><a href="">${words.connections.refresh}</a></p></noscript>`}
  </section>`
}

/** Whether the first load will be planned any moment. */
const isAwaited = (view: Connections.ConnectionView, now: DateTime.Utc): boolean =>
  view.backfill === undefined &&
  Connection.isLinked(view.connection) &&
  DateTime.isLessThan(now, DateTime.add(view.connection.link.linkedAt, { minutes: plannedWithinMinutes }))

const planned: Markup = html`<section class="card load" aria-labelledby="load"><h2 id="load">${
  words.shared.firstLoad
}</h2>
        <p role="status" aria-live="polite">${Messages.text("page.planned")}</p>
        <progress aria-label="${words.connections.loadBeingPlanned}"></progress></section>`

/** Where what waits for a person can be asked for again: nothing can be while it is paused or has no consent. */
export const retryOf = (me: Layout.Me, { account, connection }: Connections.ConnectionDetail): string | undefined =>
  Connection.isLinked(connection) &&
  connection._tag !== "ReauthorizationNeeded" &&
  connection.paused === undefined &&
  may(me, "connect", account)
    ? `/connections/${connection.id}/retry`
    : undefined

/** The status and the load, as they are now. */
export const live = (me: Layout.Me, view: Connections.ConnectionDetail, now: DateTime.Utc): Markup => {
  const { connection, evidence } = view
  const awaited = isAwaited(view, now)
  const moves = awaited || view.backfill?.state._tag === "Running"
  const tone = Labels.toneOf(evidence)
  return html`<div id="live"${
    moves &&
    html` hx-get="/connections/${connection.id}/live" hx-trigger="every 2s"
    hx-swap="outerMorph" hx-status:4xx="swap:none" hx-status:5xx="swap:none"`
  }>
    ${
      view.incident !== undefined &&
      Components.notice(
        "wait",
        words.connections.knownTrouble,
        html`${view.incident.text} ${words.connections.troubleSince({ at: Components.when(view.incident.since, now) })}`
      )
    }
    <section class="card big-tile ${tone}" aria-labelledby="connection-status"><header>
      <h2 id="connection-status">${words.shared.howItStands}</h2>${Components.badge(tone, evidence.label)}</header>
      ${Components.reasons(evidence, Labels.mustAct[evidence.mustAct])}
      <p class="muted">${
        evidence.since !== undefined && html`${words.connections.soSince({ at: Format.absolute(evidence.since) })} `
      }${
        evidence.provenAt === undefined
          ? Connection.isLinked(connection) && words.connections.neverConfirmedByProvider
          : words.connections.lastConfirmed({ at: Components.when(evidence.provenAt, now) })
      }</p></section>
    ${view.backfill === undefined ? awaited && planned : backfill(view.backfill, retryOf(me, view), now)}
  </div>`
}
