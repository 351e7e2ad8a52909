/**
 * How fresh the data of a connection are (flow F6): a table with a row a class, and in it a strip of the last days. A
 * strip is a picture with its sum in words, and the same days stand in a table behind it.
 */
import { Day, Freshness, type Progress } from "@portolan/domain"
import { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { html, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import { tryAgain } from "./live.ts"

const { freshness } = words

const tones: { readonly [S in Freshness.State]: Labels.Tone } = {
  fresh: "good",
  late: "wait",
  stalled: "act",
  paused: "idle",
  "not-permitted": "act"
}

/** Where a state is drawn in a strip that is ten high: each has a shape of its own, so colour never speaks alone. */
const shapes: { readonly [S in Freshness.DayState]: { readonly y: number; readonly height: number } } = {
  loaded: { y: 2, height: 8 },
  restated: { y: 0, height: 10 },
  empty: { y: 8, height: 2 },
  quarantined: { y: 2, height: 5 },
  "not-kept": { y: 4, height: 2 },
  missing: { y: 0, height: 3 }
}

const lengthOf = ({ from, until }: Freshness.DayRange): number => Day.between(from, until)

/** How many days are in each state, in words: `80 days loaded, 3 days missing`. */
const summary = (days: ReadonlyArray<Freshness.DayRange>): string =>
  (Object.keys(shapes) as ReadonlyArray<Freshness.DayState>)
    .map((state) => {
      const quantity = days.reduce((sum, range) => sum + (range.state === state ? lengthOf(range) : 0), 0)
      return quantity === 0 ? "" : freshness.daysIn({ quantity, state: freshness.dayStates[state] })
    })
    .filter((text) => text !== "")
    .join(", ")

const strip = ({ classes: _classes, from, until }: Connections.FreshnessView, one: Connections.ClassDays): Markup => {
  const label = freshness.stripOf({
    dataClass: Labels.dataClass(one.dataClass),
    days: Connections.stripDays,
    summary: summary(one.days)
  })
  return html`<svg class="strip" viewBox="0 0 ${Day.between(from, until)} 10" preserveAspectRatio="none" role="img"
    aria-label="${label}">${one.days.map((range) => {
      const { height, y } = shapes[range.state]
      return html`<rect class="${range.state}" x="${Day.between(from, range.from)}" y="${y}" width="${lengthOf(
        range
      )}" height="${height}"/>`
    })}</svg>`
}

const dayTable = (one: Connections.ClassDays): Markup => {
  const label = freshness.daysOf({ dataClass: Labels.dataClass(one.dataClass) })
  return html`<details class="behind"><summary>${label}</summary><table class="rows" aria-label="${label}"><thead><tr>
    <th scope="col">${freshness.days}</th><th scope="col">${words.shared.status}</th></tr></thead><tbody>${one.days
      .toReversed()
      .map(
        (range) =>
          html`<tr><td data-label="${freshness.days}">${freshness.range({
            from: range.from,
            last: Day.plus(range.until, -1)
          })}</td><td data-label="${words.shared.status}">${freshness.dayStates[range.state]}</td></tr>`
      )}</tbody></table></details>`
}

const expected = ({ expectedBy, lateSince }: Freshness.ClassFreshness, now: DateTime.Utc): Markup => {
  if (lateSince !== undefined) return html`${freshness.lateSince({ at: Components.whenFully(lateSince, now) })}`
  return expectedBy === undefined ? nothing : Components.whenFully(expectedBy, now)
}

/** What waits for a person of the days after the first load; what waits of the load itself is said there. */
const obstacles = (one: Connections.ClassDays, { load, retryAt }: FreshnessCardModel): Markup => {
  const isSaid = load.some(({ blockedBy, dataClass }) => dataClass === one.dataClass && blockedBy.length > 0)
  return isSaid || one.blockedBy.length === 0
    ? nothing
    : html`${one.blockedBy.map((reason) => html`<p class="obstacle">${reason}</p>`)}${tryAgain(one, retryAt)}`
}

/** What the card shows, beside how fresh each class is. */
export interface FreshnessCardModel {
  /** The classes of the first load, which the card of the load shows. */
  readonly load: ReadonlyArray<Progress.ClassProgress>
  /** Where what waits for a person can be asked for again, if it can. */
  readonly retryAt: string | undefined
}

const row = (
  view: Connections.FreshnessView,
  one: Connections.ClassDays,
  model: FreshnessCardModel
): Markup => html`<tr>
  <th scope="row">${Labels.dataClass(one.dataClass)}</th>
  <td data-label="${words.shared.status}">${Components.badge(tones[one.state], freshness.states[one.state])}${
    one.mustAct !== "nobody" && html`<br><small class="wrap">${Labels.mustAct[one.mustAct]}</small>`
  }</td>
  <td data-label="${freshness.dataUpTo}">${
    one.dataUpTo === undefined ? freshness.nothingYet : html`<time datetime="${one.dataUpTo}">${one.dataUpTo}</time>`
  }</td>
  <td data-label="${freshness.expectedBy}">${expected(one, view.at)}</td></tr>
  <tr class="strip-row"><td colspan="4">${obstacles(one, model)}${strip(view, one)}${dayTable(one)}</td></tr>`

const legend: Markup = html`<p class="muted strip-legend">${(
  Object.entries(shapes) as ReadonlyArray<[Freshness.DayState, (typeof shapes)[Freshness.DayState]]>
).map(
  ([state, { height, y }]) => html`<span><svg class="strip key" viewBox="0 0 10 10" aria-hidden="true"
    focusable="false"><rect class="${state}" width="10" y="${y}" height="${height}"/></svg> ${
      freshness.dayStates[state]
    }</span> `
)}</p>`

/** How fresh each class is; nothing where no class is kept up to date. */
export const freshnessCard = (view: Connections.FreshnessView | undefined, model: FreshnessCardModel): Markup => {
  if (view === undefined || view.classes.length === 0) return nothing
  return html`<section class="card freshness" aria-labelledby="freshness"><h2 id="freshness">${freshness.title}</h2>
    <p class="muted">${freshness.lead({ days: Connections.stripDays })}</p>
    <table class="rows" aria-labelledby="freshness"><thead><tr><th scope="col">${freshness.data}</th>
      <th scope="col">${words.shared.status}</th><th scope="col">${freshness.dataUpTo}</th>
      <th scope="col">${freshness.expectedBy}</th></tr></thead>
      <tbody>${view.classes.map((one) => row(view, one, model))}</tbody></table>${legend}</section>`
}
