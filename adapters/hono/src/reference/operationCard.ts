/** One operation as a card: what it does, what it takes, what it gives, what may go wrong, and a call to copy. */
import { html } from "hono/html"
import type { Document, Operation } from "../openApi.ts"
import { type ProblemKind, statuses, titleOf } from "../problems.ts"
import * as Example from "./Example.ts"
import { fieldTable, type as typeOf } from "./fieldTable.ts"
import { anchor, type Html, method as methodBadge, path as pathOf, prose, status as statusBadge } from "./Prose.ts"
import * as Schemas from "./Schemas.ts"

/** An operation with the problems that it may answer with. */
export interface DocumentedOperation extends Example.Call {
  readonly problems: ReadonlyArray<ProblemKind>
}

/** A block of code under a title. Long lines scroll, so the keyboard must reach it. Names in JSON are coloured. */
export const block = (title: string, text: string, label: string): Html => {
  const parts = text.split(/("(?:[^"\\]|\\.)*"(?=:))/)
  return html`<figure class="code"><figcaption>${title}</figcaption>
<pre tabindex="0" role="group" aria-label="${label}"><code>${parts.map((part, index) =>
    index % 2 === 0 ? part : html`<span class="key">${part}</span>`
  )}</code></pre></figure>`
}

const answers = (one: Operation, named: Schemas.Named): Html =>
  html`${Object.entries(one.responses)
    .filter(([status]) => status < "300")
    .map(([status, response]) => {
      const title = html`<h4>Answer ${statusBadge(status)}</h4>`
      const schema = Example.schemaOf(response.content)
      if (schema === undefined) return html`${title}<p>Nothing but the status.</p>`
      const name = Schemas.nameOf(schema)
      const node = Schemas.whole(schema, named)
      const headers = Object.entries(response.headers ?? {}).map(([header, about]) => ({
        within: "",
        name: header,
        required: false,
        place: "header",
        schema: { type: "string", ...Schemas.describedBy(about) }
      }))
      const rows = fieldTable("received", `Answer of ${one.summary}`, [...Schemas.fields(node), ...headers])
      return name === undefined
        ? html`${title}${
            response.description === one.summary ? "" : html`<p>${prose(response.description)}</p>`
          }${rows}`
        : html`${title}<p>${typeOf(schema)}. ${prose(Schemas.text(node["description"]))}</p>
<details class="fold"><summary>Fields of ${name}</summary>${rows}</details>`
    })}`

const problems = (found: ReadonlyArray<ProblemKind>): Html =>
  html`<ul class="problems">${found
    .toSorted((one, other) => statuses[one] - statuses[other])
    .map((kind) => html`<li><a href="#problem-${kind}">${statusBadge(statuses[kind])} ${titleOf(kind)}</a></li>`)}</ul>`

const parameterTable = (one: Operation): Html => {
  if (one.parameters.length === 0) return html``
  const rows = one.parameters.map(({ description, in: place, name, required, schema }) => {
    const merged = Schemas.whole(schema, {})
    // A description that was written for the value is better than the one that was made for its first check.
    const says = merged["description"] ?? description
    return { within: "", name, required, place, schema: says === undefined ? merged : { ...merged, description: says } }
  })
  return html`<h4>Parameters</h4>${fieldTable("sent", `Parameters of ${one.summary}`, rows)}`
}

const bodyTable = (one: Operation): Html => {
  const body = Example.schemaOf(one.requestBody?.content)
  if (body === undefined) return html``
  const optional = one.requestBody?.required === false ? html` <span class="may">optional</span>` : ""
  return html`<h4>Body${optional}</h4>${fieldTable("sent", `Body of ${one.summary}`, Schemas.fields(body))}`
}

/** The card. */
export const operationCard = (
  document: Document,
  { method, one, path, problems: found }: DocumentedOperation
): Html => {
  const named = document.components.schemas
  const answer = Example.answer(one, named)
  const call = Example.curl(document.servers[0]?.url ?? "", { method, one, path }, named)
  return html`<article class="card operation" id="${one.operationId}" aria-labelledby="${one.operationId}-title">
<header><h3 id="${one.operationId}-title">${prose(one.summary)}</h3> ${anchor(one.operationId, one.summary)}</header>
<p class="line">${methodBadge(method)} ${pathOf(path)}</p>
${one.description === undefined ? "" : html`<p class="about">${prose(one.description)}</p>`}
${parameterTable(one)}
${bodyTable(one)}
${answers(one, named)}
<div class="examples">${block("curl", call, `curl: ${one.summary}`)}${
    answer === undefined ? "" : block("Answer", answer, `Example answer: ${one.summary}`)
  }</div>
<h4>Problems</h4>${problems(found)}
</article>`
}
