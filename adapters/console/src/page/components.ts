/** Building blocks of pages. */
import type { Evidence } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { DateTime as Time } from "effect"
import * as Http from "./http.ts"
import { words } from "../messages/words.ts"
import { type Content, html, type Markup, nothing } from "./html.ts"
import * as Format from "./format.ts"
import type * as Labels from "./labels.ts"

/** A status in two or three words. Its shape tells the tone to those who do not see its colour. */
export const badge = (tone: Labels.Tone, label: string): Markup => html`<span class="badge ${tone}">${label}</span>`

/** An instant as seen from now; the full instant is in the title and for machines. */
export const when = (instant: DateTime.Utc, now: DateTime.Utc): Markup =>
  html`<time datetime="${Time.formatIso(instant)}"
    title="${Format.absolute(instant)}">${Format.relative(instant, now)}</time>`

/** An instant both ways, for deadlines and expiry. */
export const whenFully = (instant: DateTime.Utc, now: DateTime.Utc): Markup =>
  html`<time datetime="${Time.formatIso(instant)}">${Format.relative(instant, now)} <span
    class="muted" data-utc="${Format.absolute(instant)}">(${Format.absolute(instant)})</span></time>`

/** One step of the way here. */
export interface Crumb {
  readonly href: string
  readonly label: Content
}

/** Where a page lies, what it is called, and what can be done on it. */
export const pageHead = (
  title: Content,
  more: { readonly crumbs?: ReadonlyArray<Crumb>; readonly lead?: Content; readonly actions?: Content } = {}
): Markup => html`<div class="page-head">
  ${
    more.crumbs !== undefined &&
    html`<nav aria-label="${words.page.breadcrumb}" class="crumbs"><ol>${more.crumbs.map(
      (crumb) => html`<li><a href="${crumb.href}">${crumb.label}</a></li>`
    )}</ol></nav>`
  }
  <div class="page-title"><h1>${title}</h1>${
    more.actions !== undefined && html`<div class="actions">${more.actions}</div>`
  }</div>
  ${more.lead !== undefined && html`<p class="lead">${more.lead}</p>`}
</div>`

/** Something to read before going on. An `act` notice interrupts screen readers, the others wait for a pause. */
export const notice = (tone: Labels.Tone, title: Content, body: Content = ""): Markup =>
  html`<div class="notice ${tone}" role="${tone === "act" ? "alert" : "status"}"><div><strong>${title}</strong>
    ${body !== "" && html`<div>${body}</div>`}</div></div>`

/** What a list shows when it has nothing: why, and how to change that. */
export const empty = (title: string, text: Content, action: Content = ""): Markup => html`<div class="empty">
  <svg viewBox="-32 -32 64 64" aria-hidden="true"
    focusable="false"><circle r="26"/><circle r="18"/><path d="M0-30 5-5 30 0 5 5 0 30-5 5-30 0-5-5Z"/></svg>
  <h2>${title}</h2><p>${text}</p>${action}
</div>`

/** Why, who must act, and what to do: the part that makes a status more than a colour. */
export const reasons = (outcome: Pick<Evidence.Outcome, "reason" | "nextStep">, whoActs: string): Markup =>
  html`<dl class="reasons">
  <div><dt>${words.page.why}</dt><dd>${outcome.reason}</dd></div>
  <div><dt>${words.page.whoMustAct}</dt><dd>${whoActs}</dd></div>
  <div><dt>${words.page.whatNext}</dt><dd>${outcome.nextStep}</dd></div>
</dl>`

/** What `pagination` has to know of a page. */
export interface ListPage {
  readonly items: ReadonlyArray<unknown>
  readonly next?: string
  readonly total?: Repository.Total
}

/** Which items of how many a page shows; nothing where neither is known. */
const position = ({ items, total }: ListPage, before: number | undefined): Content => {
  if (total === undefined) return nothing
  if (before === undefined || items.length === 0) return words.page.inAll({ of: total })
  const to = before + items.length
  // A list that changed since the first page may have fewer than were passed on the way.
  const known = { ...total, count: Math.max(total.count, to) }
  return words.page.shownOf({ from: before + 1, to, of: known })
}

/** Says where in a list a page is, and leads to the page after and before it, and back to the first. */
export const pagination = (path: string, query: { readonly [key: string]: string }, page: ListPage): Markup => {
  const trail = Http.trailOf(query["cursor"] ?? "")
  const { next } = page
  if (trail.length === 0 && next === undefined) return nothing
  const before = trail.length === 0 ? 0 : trail.at(-1)?.before
  const to = (pages: ReadonlyArray<Http.Step>) => {
    const texts = Object.entries({ ...query, cursor: Http.trailText(pages) }).filter(([, value]) => value !== "")
    return `${path}?${new URLSearchParams(texts).toString()}`
  }
  const link = (pages: ReadonlyArray<Http.Step>, label: string, rel: string) =>
    html`<a class="button secondary outline small" href="${to(pages)}"${rel !== "" && html` rel="${rel}"`}>${label}</a>`
  const after = before === undefined ? undefined : before + page.items.length
  return html`<nav class="pagination" aria-label="${words.page.pages}">
    <span class="buttons">${trail.length > 1 && link([], words.page.firstPage, "")}${
      trail.length > 0 && link(trail.slice(0, -1), words.page.previousPage, "prev")
    }</span>
    <span class="muted">${position(page, before)}</span>
    <span class="buttons">${
      next !== undefined && link([...trail, { before: after, cursor: next }], words.page.nextPage, "next")
    }</span>
  </nav>`
}

/** One choice that narrows a list. `any`: what it is called when nothing is chosen. */
export const filter = ({
  any,
  label,
  name,
  options,
  value
}: {
  readonly name: string
  readonly label: string
  readonly any: string
  readonly options: ReadonlyArray<readonly [value: string, label: string]>
  readonly value: string | undefined
}): Markup => html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}">
  <option value="">${any}</option>${options.map(
    ([one, text]) => html`<option value="${one}"${one === value && html` selected`}>${text}</option>`
  )}</select></div>`

/** A form that asks before it acts; works without scripts. */
export const confirmed = ({
  action,
  hidden = "",
  label,
  question,
  yes
}: {
  readonly label: string
  readonly question: Content
  readonly action: string
  readonly yes: string
  readonly hidden?: Content
}): Markup =>
  html`<details class="confirm"><summary class="button secondary outline small">${label}</summary>
    <div class="confirm-panel"><p>${question}</p>
      <form method="post" action="${action}">${hidden}<button class="danger small">${yes}</button></form></div>
      </details>`

/** Tells people whose role is only to look that this is so, and who may act. */
export const onlyLooking = (who: string): Markup => html`<p class="only-looking">${words.page.onlyLooking({ who })}</p>`

/** A bar. The label is read out; the number beside it is for the eye. */
export const bar = (label: string, fraction: number, tone: Labels.Tone): Markup =>
  html`<progress class="${tone}" value="${Format.percent(fraction)}" max="100"
    aria-label="${label}">${Format.percent(fraction)} %</progress>`
