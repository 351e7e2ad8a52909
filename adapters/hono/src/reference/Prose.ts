/** Words of the reference page: text with code in it, paths, methods, statuses, and the product's mark. */
import { html } from "hono/html"

/** A piece of a page. */
export type Html = ReturnType<typeof html>

/** A piece of a page as text. No piece of this page waits for anything, so a promise is a fault of the program. */
export const markup = (piece: Html): string => {
  if (piece instanceof Promise) throw new TypeError("a piece of the reference page waits for something")
  return piece.toString()
}

/** Text with what stands in backticks as code. */
export const prose = (text: string): Html =>
  html`${text.split("`").map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`

/** A path that breaks behind its slashes and nowhere else. */
export const path = (text: string): Html =>
  html`<code class="path">${text
    .slice(1)
    .split("/")
    .map(
      (part, index) =>
        html`/${index === 0 ? "" : html`<wbr>`}<span${part.startsWith("{") ? html` class="filled"` : ""}>${part}</span>`
    )}</code>`

/** The first clause of a summary, for lists where space is scarce. */
export const brief = (summary: string): string => summary.split(/[,;:(]/)[0]?.trim() ?? summary

/** A method as a badge. Its word is always there, so colour never speaks alone. */
export const method = (name: string): Html => html`<span class="method ${name}">${name.toUpperCase()}</span>`

/** A status code as a badge. */
export const status = (code: number | string): Html =>
  html`<span class="status s${String(code).slice(0, 1)}">${code}</span>`

/** A link to the thing it stands beside, to be copied. */
export const anchor = (id: string, name: string): Html =>
  html`<a class="anchor" href="#${id}" aria-label="Link to ${name}">#</a>`

/** A wind rose, as the old sea charts had it. */
export const mark: Html = html`<svg class="mark" viewBox="-16 -16 32 32" aria-hidden="true" focusable="false">
<circle class="ring" r="11.5"/><path class="minor"
d="M6-6 1.2-3 0 0 3-1.2ZM6 6 3 1.2 0 0 1.2 3ZM-6 6-1.2 3 0 0-3 1.2ZM-6-6-3-1.2 0 0-1.2-3Z"/>
<path class="major"
d="M0 14-2.4 2.4 0 0 2.4 2.4ZM14 0 2.4 2.4 0 0 2.4-2.4ZM-14 0-2.4-2.4 0 0-2.4 2.4Z"/>
<path class="north" d="M0-14 2.4-2.4 0 0-2.4-2.4Z"/></svg>`
