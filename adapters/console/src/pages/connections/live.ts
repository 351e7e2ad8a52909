/**
 * The part of a connection's page that moves by itself while the first load runs: the status with its reasons, and one
 * bar per data class (rules K-R15, C8). It asks for itself again every two seconds, and stops asking when it is over.
 */
import { Connection, Evidence, type Progress, Messages } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { DateTime, Option } from "effect"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { html, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"

/** Minutes after linking in which a load that is not planned yet is still expected. */
const plannedWithinMinutes = 15

const deadline = (one: Progress.ClassProgress, now: DateTime.Utc): Markup =>
  one.status === "done"
    ? html`complete`
    : html`${DateTime.isLessThan(one.dueAt, now) ? "was due" : "due"} ${Components.whenFully(one.dueAt, now)}`

const classRow = (one: Progress.ClassProgress, isOver: boolean, now: DateTime.Utc): Markup => {
  const label = Labels.dataClass(one.dataClass)
  const status = Labels.loadStatus[one.status]
  return html`<li><div class="load-head"><strong>${label}</strong>${Components.badge(
    status.tone,
    status.label
  )}<span class="load-percent">${Format.percent(one.fraction)} %</span></div>
    ${Components.bar(`${label}: days loaded`, one.fraction, status.tone)}
    <p class="muted">${one.daysDone.toLocaleString("en-GB")} of ${Format.count(
      one.daysTotal,
      "day"
    )} · ${Format.count(one.rows, "row")}${!isOver && html` · ${deadline(one, now)}`}</p>
    ${one.blockedBy.map((reason) => html`<p class="obstacle">${reason}</p>`)}</li>`
}

const loadTitle = { Running: "First load", Complete: "First load complete", Cancelled: "First load stopped" } as const

const backfill = ({ classes, nextDeadline, overall, state }: Connections.BackfillView, now: DateTime.Utc): Markup => {
  const isOver = state._tag !== "Running"
  // Said in steps of ten, so that a screen reader is not interrupted every two seconds.
  const spoken = isOver
    ? loadTitle[state._tag]
    : `First load at about ${Math.floor(Format.percent(overall) / 10) * 10} per cent`
  return html`<section class="card load" aria-labelledby="load"><header class="with-badge">
    <h2 id="load">${loadTitle[state._tag]}</h2>
      <span class="load-overall">${Format.percent(overall)} %</span></header>
    <p class="sr-only" role="status" aria-live="polite">${spoken}</p>
    ${
      Evidence.isOverdue(state, now) &&
      Components.notice(
        "act",
        "A promised deadline was missed",
        "The load goes on. The members of your organization were told."
      )
    }
    ${Components.bar("First load over all data", overall, overall >= 1 ? "good" : "info")}
    ${
      state._tag === "Running" &&
      Option.isSome(nextDeadline) &&
      html`<p class="muted">${DateTime.isLessThan(nextDeadline.value, now) ? "Was promised" : "Next deadline"}
        ${Components.whenFully(nextDeadline.value, now)}. Fresh days come first.</p>`
    }
    ${
      classes.length === 0
        ? html`<p class="muted">There is nothing to load through this channel for this kind of account.</p>`
        : html`<ul class="loads">${classes.map((one) => classRow(one, isOver, now))}</ul>`
    }
    ${state._tag === "Running" && html`<noscript><p><a href="">Refresh to see how far it is</a></p></noscript>`}
  </section>`
}

/** Whether the first load will be planned any moment. */
const isAwaited = (view: Connections.ConnectionView, now: DateTime.Utc): boolean =>
  view.backfill === undefined &&
  Connection.isLinked(view.connection) &&
  DateTime.isLessThan(now, DateTime.add(view.connection.link.linkedAt, { minutes: plannedWithinMinutes }))

const planned: Markup = html`<section class="card load" aria-labelledby="load"><h2 id="load">First load</h2>
        <p role="status" aria-live="polite">${Messages.text("page.planned")}</p>
        <progress aria-label="First load is being planned"></progress></section>`

/** The status and the load, as they are now. */
export const live = (view: Connections.ConnectionView, now: DateTime.Utc): Markup => {
  const { connection, evidence } = view
  const awaited = isAwaited(view, now)
  const moves = awaited || view.backfill?.state._tag === "Running"
  const tone = Labels.toneOf(evidence.status)
  return html`<div id="live"${
    moves &&
    html` hx-get="/connections/${connection.id}/live" hx-trigger="every 2s"
    hx-swap="outerMorph" hx-status:4xx="swap:none" hx-status:5xx="swap:none"`
  }>
    <section class="card big-tile ${tone}" aria-labelledby="connection-status"><header>
      <h2 id="connection-status">How it stands</h2>${Components.badge(tone, evidence.label)}</header>
      ${Components.reasons(evidence, Labels.mustAct[evidence.mustAct])}
      <p class="muted">${evidence.since !== undefined && html`So since ${Format.absolute(evidence.since)}. `}${
        evidence.provenAt === undefined
          ? Connection.isLinked(connection) && "The provider has never confirmed it."
          : html`Last confirmed by the provider ${Components.when(evidence.provenAt, now)}.`
      }</p></section>
    ${view.backfill === undefined ? awaited && planned : backfill(view.backfill, now)}
  </div>`
}
