/** Tables of fields and parameters: name, type, and what is to be known. On a phone each row becomes a block. */
import { html } from "hono/html"
import type { Node } from "../openApi.ts"
import { type Html, markup, prose } from "./Prose.ts"
import * as Schemas from "./Schemas.ts"

/** A row: a field, or a parameter with the place it is sent in. */
export interface Row extends Schemas.Field {
  readonly place?: string
}

/** Who fills the fields in: the caller must know what is required, the reader what may be absent. */
export type Way = "sent" | "received"

const code = (text: string): Html => html`<code>${text}</code>`
const joined = (parts: ReadonlyArray<Html>, between: string): Html =>
  html`${parts.map((part, index) => html`${index === 0 ? "" : between}${part}`)}`

/** A schema in a few words, with links to those that have a name. */
export const type = (node: Node): Html => {
  const name = Schemas.nameOf(node)
  if (name !== undefined) return html`<a href="#schema-${name}">${name}</a>`
  if (node["const"] !== undefined) return code(JSON.stringify(node["const"]))
  const choices = Schemas.choices(node)
  if (choices.length > 0) return joined(choices.map(type), " or ")
  const item = Schemas.itemOf(node)
  if (node["type"] === "array") return html`list of ${item === undefined ? "anything" : type(item)}`
  const value = Schemas.valueOf(node)
  if (node["type"] === "object" && value !== undefined) return html`map of ${type(value)}`
  const format = node["format"]
  return html`${Schemas.text(node["type"]) || "anything"}${typeof format === "string" ? html` (${format})` : ""}`
}

// Every identifier has this shape; its alphabet is Crockford's base32 in lower case.
const identifier = /^\^([a-z]{3})_\[0123456789abcdefghjkmnpqrstvwxyz\]\{26\}\$$/

const pattern = (source: string): Html => {
  const prefix = identifier.exec(source)?.[1]
  return prefix === undefined
    ? html`matches <code class="long">${source}</code>`
    : html`identifier <code>${prefix}_…</code>`
}

// What every whole number has says nothing about this one.
const isBound = (value: Node[string] | undefined): value is number =>
  typeof value === "number" && Math.abs(value) !== Number.MAX_SAFE_INTEGER

const range = (least: Node[string] | undefined, most: Node[string] | undefined, unit: string): ReadonlyArray<Html> => {
  if (isBound(least) && isBound(most)) return [html`${least} to ${most}${unit}`]
  if (isBound(least)) return [html`at least ${least}${unit}`]
  return isBound(most) ? [html`at most ${most}${unit}`] : []
}

const literals = (node: Node): ReadonlyArray<Html> => {
  const all = node["enum"]
  if (!Array.isArray(all)) return []
  const list = html`<span class="words">${all.map((word) => html`<code>${String(word)}</code> `)}</span>`
  return [
    all.length > 12
      ? html`<details class="fold"><summary>One of ${all.length}</summary>${list}</details>`
      : html`one of ${list}`
  ]
}

/** What a value must keep to, in the order in which people ask. */
const constraints = (node: Node): ReadonlyArray<Html> => [
  ...literals(node),
  ...(typeof node["pattern"] === "string" ? [pattern(node["pattern"])] : []),
  ...range(node["minLength"], node["maxLength"], " characters"),
  ...range(node["minimum"], node["maximum"], ""),
  ...range(node["minItems"], node["maxItems"], " items")
]

/** The constraints of a value, of a list's items, or of what there is to choose from, each once. */
const every = (node: Node): ReadonlyArray<Html> => {
  const item = Schemas.itemOf(node)
  const deep = [node, ...(item === undefined ? [] : [item]), ...Schemas.choices(node)].flatMap(constraints)
  return [...new Map(deep.map((one) => [markup(one), one])).values()]
}

// The generated descriptions repeat what the constraints say; ours are sentences.
const isOurs = (text: Node[string] | undefined): text is string => typeof text === "string" && !/^an? /.test(text)

const mark = (way: Way, required: boolean): Html => {
  if (way === "received") return required ? html`` : html`<span class="may">may be absent</span>`
  return required ? html`<span class="must">required</span>` : html`<span class="may">optional</span>`
}

const row = (way: Way, { name, place, required, schema, within }: Row): Html => {
  const node = Schemas.nameOf(schema) === undefined ? Schemas.whole(schema, {}) : schema
  const rules = every(node)
  const path = within === "" ? "" : html`<span class="within">${within}</span>`
  return html`<tr><th scope="row"><code>${path}${name}</code>
<span class="marks">${mark(way, required)}${
    place === undefined ? "" : html` <span class="place">${place}</span>`
  }</span></th>
<td class="type">${type(node)}</td>
<td>${isOurs(node["description"]) ? html`<span class="says">${prose(node["description"])}</span>` : ""}${
    rules.length === 0 ? "" : html`<span class="rules">${joined(rules, " · ")}</span>`
  }</td></tr>`
}

/** A table of fields or parameters; nothing when there are none. */
export const fieldTable = (way: Way, caption: string, rows: ReadonlyArray<Row>): Html =>
  rows.length === 0
    ? html``
    : html`<table class="fields">
<caption class="unseen">${caption}</caption>
<colgroup><col class="first"><col class="second"><col></colgroup>
<thead class="unseen"><tr>
<th scope="col">Name</th><th scope="col">Type</th><th scope="col">Description</th>
</tr></thead>
<tbody>${rows.map((one) => row(way, one))}</tbody></table>`
