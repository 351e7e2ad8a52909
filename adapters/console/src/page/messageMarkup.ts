/** Messages of the domain's catalogue with markup in them. */
import { Messages } from "@portolan/domain"
import { html, type Markup } from "./html.ts"

/** Stands around a parameter's name until the markup takes its place; no sentence has this character. */
const mark = "\u0000"

/** A sentence of the domain's catalogue, with markup for its parameters: isolated text, or a link. */
export const messageMarkup = <K extends Messages.Key>(
  key: K,
  params: { readonly [Name in keyof Messages.Params<K> & string]: Markup }
): Markup => {
  const given = new Map<string, Markup>(Object.entries(params))
  const marked = Object.fromEntries([...given.keys()].map((name) => [name, `${mark}${name}${mark}`]))
  const parts = Messages.render({ key, params: marked }).split(mark)
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : given.get(part)))}`
}
