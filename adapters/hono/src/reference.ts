/** The reference page: the OpenAPI document for people, in one page without scripts or outside assets. */
import { html, raw } from "hono/html"
import { type Document, problemsOf } from "./openApi.ts"
import { kinds, type ProblemKind, statuses, titleOf, typeOf } from "./problems.ts"
import { fieldTable } from "./reference/fieldTable.ts"
import { block, operationCard, type DocumentedOperation } from "./reference/operationCard.ts"
import { anchor, brief, type Html, mark, method, path, prose, status } from "./reference/Prose.ts"
import * as Schemas from "./reference/Schemas.ts"
import { style } from "./reference/style.ts"
import type { Route } from "./Route.ts"

interface Group {
  readonly name: string
  readonly id: string
  readonly own: ReadonlyArray<DocumentedOperation>
}

const groupsOf = (document: Document, routes: ReadonlyArray<Route>): ReadonlyArray<Group> => {
  const problems = new Map(routes.map((route) => [route.operationId, problemsOf(route)]))
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): DocumentedOperation => ({
      path,
      method,
      one,
      problems: problems.get(one.operationId) ?? []
    }))
  )
  return document.tags.map(({ name }) => ({
    name,
    id: `tag-${name.toLowerCase().replaceAll(" ", "-")}`,
    own: all.filter(({ one }) => one.tags.includes(name))
  }))
}

const contents = (groups: ReadonlyArray<Group>, names: ReadonlyArray<string>): Html => html`<nav aria-label="Contents">
<ul class="plain"><li><a href="#start">Getting started</a></li></ul>
${groups.map(
  ({ id, name, own }) =>
    html`<p class="group"><a href="#${id}">${name}</a></p><ul>${own.map(
      ({ method: by, one }) =>
        html`<li><a href="#${one.operationId}">${method(by)}<span>${brief(one.summary)}</span></a></li>`
    )}</ul>`
)}
<p class="group"><a href="#schemas">Objects</a></p>
<details class="fold"><summary>All ${names.length}</summary><ul>${names.map(
  (name) => html`<li><a href="#schema-${name}"><span>${name}</span></a></li>`
)}</ul></details>
<p class="group"><a href="#problems">Problems</a></p></nav>`

const start = ({ info, servers }: Document): Html => {
  const [lead, ...rest] = info.description.split("\n").filter((line) => line !== "")
  const origin = servers[0]?.url ?? ""
  return html`<section class="start" id="start" aria-labelledby="title">
<p class="eyebrow">API reference · version ${info.version}</p>
<h1 id="title">${info.title} API</h1>
<p class="lead">${prose(lead ?? "")}</p>
<div class="card opening"><div><h2>Getting started</h2>${rest.map((line) => html`<p>${prose(line)}</p>`)}</div>
<div>${block("Base address", origin, "Base address")}
${block("Who am I?", `curl ${origin}/v1/me \\\n  -H "Authorization: Bearer $KEY"`, "A first call")}
<p class="hint"><code>$KEY</code> is an API key of your organization;
<a href="#createApiKey"><code>POST /v1/api-keys</code></a> makes one.</p></div></div>
</section>`
}

const schema = ([name, node]: readonly [string, Document["components"]["schemas"][string]]): Html =>
  html`<article class="card object" id="schema-${name}" aria-labelledby="schema-${name}-title">
<header><h3 id="schema-${name}-title">${name}</h3> ${anchor(`schema-${name}`, name)}</header>
<p>${prose(Schemas.text(node["description"]))}</p>
${fieldTable("received", `Fields of ${name}`, Schemas.fields(node))}</article>`

// More names than this say less than their number.
const fewOperations = 4

const occurrences = (kind: ProblemKind, all: ReadonlyArray<DocumentedOperation>): Html => {
  const where = all.filter(({ problems }) => problems.includes(kind))
  if (where.length === all.length) return html`every operation`
  if (where.length === 0) return html`elsewhere`
  if (where.length > fewOperations) return html`${where.length} operations`
  const links = where.map(({ one }) => html`<a href="#${one.operationId}">${brief(one.summary)}</a>`)
  return html`${links.map((link, index) => html`${index === 0 ? "" : ", "}${link}`)}`
}

const problems = (all: ReadonlyArray<DocumentedOperation>): Html => html`<section aria-labelledby="problems">
<h2 id="problems">Problems ${anchor("problems", "Problems")}</h2>
<p>The <code>type</code> of a <a href="#schema-Problem">Problem</a> is one of these; <code>title</code> and
<code>status</code> follow from it.</p>
<div class="card"><table class="fields kinds"><caption class="unseen">Types of problems</caption>
<colgroup><col class="first"><col class="second"><col></colgroup>
<thead><tr><th scope="col">Type</th><th scope="col">Status and title</th><th scope="col">Where</th></tr></thead>
<tbody>${kinds.map(
  (kind) => html`<tr id="problem-${kind}"><th scope="row">${path(typeOf(kind))}</th>
<td>${status(statuses[kind])} ${titleOf(kind)}</td><td class="where">${occurrences(kind, all)}</td></tr>`
)}</tbody></table></div></section>`

/** The page. */
export const reference = (document: Document, routes: ReadonlyArray<Route>): Html => {
  const groups = groupsOf(document, routes)
  const { title, version } = document.info
  const names = Object.keys(document.components.schemas)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} API reference</title><style>${raw(style)}</style></head>
<body><a class="skip" href="#content">Skip to the content</a>
<header class="top"><div class="bar"><a class="brand" href="/">${mark}<span>${title}</span></a>
<span class="what">API reference</span>
<nav aria-label="Site"><a class="to-contents" href="#contents">Contents</a>
<a href="/">Console</a><a href="/openapi.json">openapi.json</a></nav></div></header>
<div class="frame">
<div class="side">${contents(groups, names)}</div>
<div class="main"><details class="contents card" id="contents">
<summary>Contents</summary>${contents(groups, names)}</details>
<main id="content" tabindex="-1">${start(document)}
${groups.map(
  ({ id, name, own }) =>
    html`<section aria-labelledby="${id}"><h2 id="${id}">${name} ${anchor(id, name)}</h2>${own.map((one) =>
      operationCard(document, one)
    )}</section>`
)}
<section aria-labelledby="schemas"><h2 id="schemas">Objects ${anchor("schemas", "Objects")}</h2>${Object.entries(
    document.components.schemas
  ).map(schema)}</section>
${problems(groups.flatMap(({ own }) => own))}</main>
<footer class="bottom">${title} API ${version} · <a href="/openapi.json">OpenAPI 3.1 document</a></footer>
</div></div></body></html>`
}
