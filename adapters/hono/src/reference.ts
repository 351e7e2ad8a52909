/** The reference page: the OpenAPI document for people, in one page without scripts or outside assets. */
import { html, raw } from "hono/html"
import type { Document, Node, Operation } from "./openApi.ts"
import { kinds } from "./problems.ts"

type Html = ReturnType<typeof html>

/** The page's style. Its hash goes into the content security policy. */
export const style = `
:root { color-scheme: light dark; --line: #8886; --faint: #8881 }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; font: 1rem/1.6 system-ui, sans-serif }
h1, h2, h3 { line-height: 1.25 } h2 { margin-top: 3rem; border-bottom: 1px solid var(--line) }
h3 { margin: 2.5rem 0 .5rem; font-size: 1.05rem }
code, pre { font: .9em/1.5 ui-monospace, monospace } code { overflow-wrap: anywhere }
.scrolls { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .95rem }
caption { text-align: left; font-weight: 600; padding: .75rem 0 .25rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line) }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700 }
nav ul { columns: 18rem; padding: 0; list-style: none } .lead { white-space: pre-line }
details { background: var(--faint); padding: .25rem .75rem; margin: .5rem 0 }
a:focus-visible, summary:focus-visible { outline: 3px solid; outline-offset: 2px }
`

const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1)
const nodes = (value: Node[string] | undefined): ReadonlyArray<Node> => Array.isArray(value) ? value as ReadonlyArray<Node> : []

/** A schema in a few words, with links to those that have a name. */
const shape = (node: Node): Html => {
  const { $ref, anyOf, const: only, enum: words, format, items, oneOf, type } = node
  if (typeof $ref === "string") return html`<a href="#schema-${nameOf($ref)}">${nameOf($ref)}</a>`
  if (Array.isArray(words)) return html`${words.map((word, index) => html`${index === 0 ? "" : " | "}<code>${String(word)}</code>`)}`
  if (only !== undefined) return html`<code>${JSON.stringify(only)}</code>`
  const choices = [...nodes(anyOf), ...nodes(oneOf)]
  if (choices.length > 0) return html`${choices.map((choice, index) => html`${index === 0 ? "" : " or "}${shape(choice)}`)}`
  if (type === "array") return html`list of ${typeof items === "object" && items !== null ? shape(items as Node) : "anything"}`
  if (type === "object" && node["properties"] !== undefined) return html`${fields(node, "Fields")}`
  return html`${String(type ?? "anything")}${typeof format === "string" ? ` (${format})` : ""}`
}

const limits = ["pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"]
// What every whole number has says nothing about this one.
const isTelling = (value: unknown) => value !== undefined && Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER
const note = (node: Node): string => [
  typeof node["description"] === "string" ? node["description"] : "",
  limits.filter((limit) => isTelling(node[limit])).map((limit) => `${limit} ${String(node[limit])}`).join(", ")
].filter((part) => part !== "").join(" ")

const row = (name: string, node: Node, required: boolean, place?: string): Html =>
  html`<tr><th scope="row"><code>${name}</code></th><td>${place === undefined ? "" : html`${place}, `}${required ? "required" : "optional"}</td>
  <td>${shape(node)}</td><td>${note(node)}</td></tr>`

const table = (caption: string, rows: ReadonlyArray<Html>): Html => rows.length === 0 ? html`` : html`<div class="scrolls" tabindex="0" role="region" aria-label="${caption}"><table>
  <caption>${caption}</caption>
  <thead><tr><th scope="col">Name</th><th scope="col">Given</th><th scope="col">What</th><th scope="col">Notes</th></tr></thead>
  <tbody>${rows}</tbody></table></div>`

function fields(node: Node, caption: string): Html {
  const required = Array.isArray(node["required"]) ? node["required"] : []
  return table(caption, Object.entries((node["properties"] ?? {}) as { readonly [name: string]: Node })
    .map(([name, field]) => row(name, field, required.includes(name))))
}

const schemaOf = (content: { readonly [type: string]: { readonly schema: Node } } | undefined): Node | undefined =>
  Object.values(content ?? {})[0]?.schema

const operation = (path: string, method: string, one: Operation): Html => {
  const body = schemaOf(one.requestBody?.content)
  return html`<section aria-labelledby="${one.operationId}">
  <h3 id="${one.operationId}"><span class="method">${method.toUpperCase()}</span> <code>${path}</code></h3>
  <p>${one.summary}. ${one.description ?? ""}</p>
  ${table("Parameters", one.parameters.map(({ description, in: place, name, required, schema }) =>
    row(name, description === undefined ? schema : { ...schema, description }, required, place)))}
  ${body === undefined ? "" : fields(body, "Body")}
  <details><summary>Answers</summary><ul>${Object.entries(one.responses).map(([status, response]) => {
    const schema = schemaOf(response.content)
    return html`<li><strong>${status}</strong> ${response.description} ${schema === undefined ? "" : shape(schema)}</li>`
  })}</ul></details>
</section>`
}

const operations = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ path, method, one })))

/** The page. */
export const reference = (document: Document): Html => {
  const all = operations(document)
  const groups = document.tags.map(({ name }) => ({ name, own: all.filter(({ one }) => one.tags.includes(name)) }))
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title} API</title><style>${raw(style)}</style></head>
<body><header><h1>${document.info.title} API</h1><p class="lead">${document.info.description}</p>
<p>Base address: <code>${document.servers[0]?.url ?? ""}</code>. The same as a document: <a href="/openapi.json">openapi.json</a>.</p></header>
<nav aria-label="Routes">${groups.map(({ name, own }) => html`<h2>${name}</h2><ul>${own.map(({ method, one, path }) =>
    html`<li><a href="#${one.operationId}"><span class="method">${method.toUpperCase()}</span> <code>${path}</code></a></li>`)}</ul>`)}</nav>
<main>${groups.map(({ name, own }) => html`<h2>${name} in detail</h2>${own.map(({ method, one, path }) => operation(path, method, one))}`)}
<h2>Schemas</h2>${Object.entries(document.components.schemas).map(([name, schema]) => html`<section aria-labelledby="schema-${name}">
<h3 id="schema-${name}">${name}</h3><p>${String(schema["description"] ?? "")}</p>${fields(schema, `Fields of ${name}`)}</section>`)}
<h2>Problems</h2><p>The <code>type</code> of a problem is one of these; <code>title</code> and <code>status</code> follow from it.</p>
<div class="scrolls" tabindex="0" role="region" aria-label="Types of problems"><table><thead><tr><th scope="col">Type</th><th scope="col">Status</th><th scope="col">Title</th></tr></thead>
<tbody>${Object.entries(kinds).map(([kind, [status, title]]) =>
    html`<tr><th scope="row" id="problem-${kind}"><code>/problems/${kind}</code></th><td>${status}</td><td>${title}</td></tr>`)}</tbody></table></div>
</main></body></html>`
}
