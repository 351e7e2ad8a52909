/**
 * Reads and fills the forms of a finished page. Every form can so be shown again with what was typed, whichever view
 * made it. It relies on how pages are written (`html.ts`): values stand in quotes and are escaped.
 */
import { html } from "./html.ts"
import type * as Http from "./http.ts"

/** A form that is sent by POST, with what stands in it. */
interface FoundForm {
  readonly action: string
  readonly from: number
  readonly to: number
  /** Names of the fields that a person fills in or chooses from. */
  readonly names: ReadonlyArray<string>
  readonly hidden: ReadonlyArray<readonly [name: string, value: string]>
}

const tagPattern = /<(\/?)(form|input|textarea|select|option)\b((?:"[^"]*"|'[^']*'|[^'">])*)>/g

const entities: { readonly [entity: string]: string } = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'"
}

const unescape = (text: string): string => text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? "")

const escape = (text: string): string => html`${text}`.toString()

const attributePattern = /([^\s=>"'/]+)(?:=("[^"]*"|'[^']*'))?/g

/** The attributes of a tag with their values as they are written, in order; an empty value for a bare one. */
const written = (attributes: string): ReadonlyArray<readonly [name: string, value: string]> =>
  [...attributes.matchAll(attributePattern)].map(([, name = "", value = ""]) => [name, value])

const has = (attributes: string, name: string): boolean => written(attributes).some(([one]) => one === name)

/** The value of an attribute, or undefined. */
const attribute = (attributes: string, name: string): string | undefined => {
  const found = written(attributes).find(([one]) => one === name)?.[1]
  return found === undefined ? undefined : unescape(found.slice(1, -1))
}

/** The attributes of a tag with another value for one: a text, bare (`true`), or none at all (`false`). */
const withAttribute = (attributes: string, name: string, value: string | boolean): string => {
  const others = written(attributes).filter(([one]) => one !== name)
  const quoted = typeof value === "string" ? `"${escape(value)}"` : ""
  return (value === false ? others : [...others, [name, quoted] as const])
    .map(([one, text]) => (text === "" ? ` ${one}` : ` ${one}=${text}`))
    .join("")
}

const unfilled = new Set(["hidden", "password", "submit", "button", "reset", "image", "file"])

/** Whether a person fills this in; a password is never filled in for them. */
const isField = (tag: string, attributes: string): boolean =>
  (tag === "textarea" || tag === "select" || (tag === "input" && !unfilled.has(attribute(attributes, "type") ?? ""))) &&
  !has(attributes, "readonly")

const formsOf = (page: string): ReadonlyArray<FoundForm> => {
  const forms: Array<FoundForm> = []
  let open:
    | (FoundForm & { readonly names: Array<string>; readonly hidden: Array<readonly [string, string]> })
    | undefined
  for (const { 1: end, 2: tag = "", 3: attributes = "", index } of page.matchAll(tagPattern)) {
    const name = attribute(attributes, "name")
    if (tag === "form" && end === "") {
      const isPost = attribute(attributes, "method")?.toLowerCase() === "post"
      const action = attribute(attributes, "action") ?? ""
      open = isPost ? { action, from: index, to: index, names: [], hidden: [] } : undefined
    } else if (tag === "form") {
      if (open !== undefined) forms.push({ ...open, to: index })
      open = undefined
    } else if (end === "" && name !== undefined && isField(tag, attributes)) open?.names.push(name)
    else if (name !== undefined && attribute(attributes, "type") === "hidden")
      open?.hidden.push([name, attribute(attributes, "value") ?? ""])
  }
  return forms
}

/** Whether a page has a form in which somebody types or chooses. */
export const hasFields = (page: string): boolean => formsOf(page).some(({ names }) => names.length > 0)

/** The form that was sent: of those with its action, the one with the same hidden fields and most of the others. */
const formOf = (page: string, action: string, fields: Http.Form): FoundForm | undefined => {
  const same = ({ hidden }: FoundForm) => hidden.filter(([name, value]) => fields.get(name)?.includes(value)).length
  const known = ({ names }: FoundForm) => new Set(names.filter((name) => fields.has(name))).size
  return formsOf(page)
    .filter((form) => form.action.split("?")[0] === action && known(form) > 0)
    .toSorted((a, b) => same(b) - same(a) || known(b) - known(a))[0]
}

/** An input with what was typed, or ticked. `nth`: which of the inputs with this name it is. */
const filledInput = (attributes: string, fields: Http.Form, nth: number): string => {
  const type = attribute(attributes, "type") ?? "text"
  const values = fields.get(attribute(attributes, "name") ?? "")
  if (type === "checkbox" || type === "radio") {
    if (values === undefined && type === "radio") return attributes
    const isChosen = values?.includes(attribute(attributes, "value") ?? "on") ?? false
    return withAttribute(attributes, "checked", isChosen)
  }
  const value = values?.[nth]
  return value === undefined ? attributes : withAttribute(attributes, "value", value)
}

const inputPattern = /<input\b((?:"[^"]*"|'[^']*'|[^'">])*)>/g
const selectPattern = /(<select\b(?:"[^"]*"|'[^']*'|[^'">])*>)([^]*?)(<\/select>)/g
const optionPattern = /<option\b((?:"[^"]*"|'[^']*'|[^'">])*)>/g
const textareaPattern = /(<textarea\b(?:"[^"]*"|'[^']*'|[^'">])*>)([^<]*)(<\/textarea>)/g

const filledInputs = (form: string, fields: Http.Form): string => {
  const seen = new Map<string, number>()
  return form.replace(inputPattern, (whole, attributes: string) => {
    if (!isField("input", attributes)) return whole
    const name = attribute(attributes, "name") ?? ""
    const nth = seen.get(name) ?? 0
    seen.set(name, nth + 1)
    return `<input${filledInput(attributes, fields, nth)}>`
  })
}

/** A choice stays as it is when it does not have what was selected. */
const filledSelects = (form: string, fields: Http.Form): string =>
  form.replace(selectPattern, (whole, start: string, options: string, end: string) => {
    const selected = fields.get(attribute(start, "name") ?? "") ?? []
    const isChosen = (attributes: string) => selected.includes(attribute(attributes, "value") ?? "")
    if (![...options.matchAll(optionPattern)].some(([, attributes = ""]) => isChosen(attributes))) return whole
    const filled = options.replace(
      optionPattern,
      (_option, attributes: string) => `<option${withAttribute(attributes, "selected", isChosen(attributes))}>`
    )
    return start + filled + end
  })

const filledTextareas = (form: string, fields: Http.Form): string =>
  form.replace(textareaPattern, (whole, start: string, _old: string, end: string) => {
    const value = fields.get(attribute(start, "name") ?? "")?.[0]
    // A parser drops the first line break of a text area.
    return value === undefined ? whole : `${start}${/^[\r\n]/.test(value) ? "\n" : ""}${escape(value)}${end}`
  })

/**
 * A page whose form has what was typed; undefined when the page has no form for it. `action`: where the form was sent.
 * Hidden fields stay as the page has them.
 */
export const fill = (page: string, action: string, fields: Http.Form): string | undefined => {
  const form = formOf(page, action, fields)
  if (form === undefined) return undefined
  const typed = page.slice(form.from, form.to)
  const filled = filledTextareas(filledSelects(filledInputs(typed, fields), fields), fields)
  return page.slice(0, form.from) + filled + page.slice(form.to)
}
