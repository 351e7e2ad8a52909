/**
 * Markup that cannot forget to escape: `html` escapes whatever is not markup itself, and its result is a type of its
 * own, so text and markup cannot be mixed up.
 */
import { html as honoHtml } from "hono/html"
import type { HtmlEscapedString } from "hono/utils/html"

/** Markup that is safe to send. */
export type Markup = HtmlEscapedString

/** What may stand in a template. Booleans and `undefined` render as nothing, so `condition && html` works. */
export type Content = string | number | boolean | undefined | Markup | ReadonlyArray<Content>

/**
 * Builds markup; every value but markup is escaped, in text and in quoted attributes. `hono/html` answers with a
 * promise only when a value is one, and `Content` has none.
 */
export const html = (strings: TemplateStringsArray, ...values: ReadonlyArray<Content>): Markup =>
  honoHtml(strings, ...values) as Markup

/** Nothing. */
export const nothing: Markup = html``

/**
 * Text that somebody else wrote, set apart so that its writing direction cannot rearrange the words around it
 * (HTML, the `bdi` element).
 */
export const isolateText = (text: string): Markup => html`<bdi>${text}</bdi>`
