/** The page of the audit log. */
import type { Actor, Aggregate } from "@portolan/domain"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import * as History from "./history.ts"

/** What a person calls the kinds of things that have a history. */
export const groups: {
  readonly [name: string]: { readonly label: string; readonly kinds: ReadonlyArray<Aggregate.Kind> }
} = {
  people: { label: "People, roles and keys", kinds: ["organization", "member", "apiKey"] },
  companies: { label: "Companies and accounts", kinds: ["company", "account"] },
  connections: { label: "Connections", kinds: ["connection"] },
  consents: { label: "Consents and attempts", kinds: ["authorization", "grant"] },
  links: { label: "Auth links and requests", kinds: ["invitation"] },
  loads: { label: "First loads, every step", kinds: ["backfill"] },
  logins: { label: "Logins, plans and checks", kinds: ["consolidation", "diagnosis"] }
}

/** Every kind of aggregate that has a filter. */
export const everything: ReadonlyArray<Aggregate.Kind> = Object.values(groups).flatMap(({ kinds }) => kinds)

const actors: { readonly [A in Actor.Actor["_tag"]]: string } = {
  Person: "People",
  ApiKey: "API keys",
  Guest: "Guests with a link",
  Operator: "Operators",
  System: "The software itself"
}

/** The kinds of actors that can be asked for. */
export const actorTags = Object.keys(actors) as ReadonlyArray<Actor.Actor["_tag"]>

const who = (actor: Actor.Actor): Markup => {
  switch (actor._tag) {
    case "Person":
      return isolateText(actor.name)
    case "ApiKey":
      return html`${isolateText(actor.name)} <span class="muted">(API key)</span>`
    case "Guest":
      return html`A guest <span class="muted">(with an auth link)</span>`
    case "Operator":
      return html`${isolateText(actor.name)} <span class="muted">(operator)</span>`
    case "System":
      return html`The software <span class="muted">(${actor.part})</span>`
  }
}

const kindLabel: { readonly [K in Aggregate.Kind]: string } = {
  organization: "Organization",
  member: "Member",
  apiKey: "API key",
  company: "Company",
  account: "Account",
  connection: "Connection",
  authorization: "Attempt",
  invitation: "Auth link",
  grant: "Consent",
  backfill: "First load",
  advertiser: "Advertiser",
  awaited: "Awaited advertiser",
  consolidation: "Logins",
  diagnosis: "Checks"
}

/** Names of what the lines of one page are about, with the page where it lives. */
export type Subjects = ReadonlyMap<string, { readonly href: string; readonly name: string }>

const subject = ({ id, kind }: Aggregate.Recorded["aggregate"], subjects: Subjects): Content => {
  const known = subjects.get(id)
  if (known !== undefined) return html`<a href="${known.href}">${isolateText(known.name)}</a>`
  return kind === "authorization" ? html`<a href="/pending/${id}">${kindLabel[kind]}</a>` : kindLabel[kind]
}

const row = ({ actor, aggregate, at, event }: Aggregate.Recorded, subjects: Subjects): Markup => {
  const line = History.line(event)
  return html`<tr>
    <td data-label="When"><time datetime="${Format.iso(at)}">${Format.absolute(at)}</time></td>
    <td data-label="Who">${who(actor)}</td>
    <th scope="row" data-label="What"><bdi>${line.title}</bdi>${
      line.detail !== undefined && html`<br><small class="muted wrap"><bdi>${line.detail}</bdi></small>`
    }</th>
    <td data-label="About">${subject(aggregate, subjects)}</td></tr>`
}

/** One choice of a filter. */
export const option = (value: string, label: string, current: string) =>
  html`<option value="${value}"${value === current && html` selected`}>${label}</option>`

const filters = (kind: string, actor: string): Markup => html`<form method="get" action="/audit" class="filters">
  <div><label for="kind">What about</label><select id="kind"
    name="kind">${option("", "Everything but small steps", kind)}
    ${Object.entries(groups).map(([value, { label }]) => option(value, label, kind))}${option(
      "all",
      "Everything",
      kind
    )}</select></div>
  <div><label for="actor">Who</label><select id="actor" name="actor">${option("", "Anybody", actor)}
    ${actorTags.map((tag) => option(tag, actors[tag], actor))}</select></div>
  <button class="secondary">Filter</button></form>`

/** A history table, or why it is empty. */
const table = (items: ReadonlyArray<Aggregate.Recorded>, subjects: Subjects, isFiltered: boolean): Markup =>
  items.length === 0
    ? Components.empty(
        isFiltered ? "Nothing like this has happened" : "Nothing has happened yet",
        isFiltered ? "Choose something else to look for." : "Every change is listed here with who made it.",
        isFiltered ? html`<a class="button secondary outline" href="/audit">Show everything</a>` : nothing
      )
    : html`<table class="rows audit"><thead><tr><th scope="col">When</th><th scope="col">Who</th><th
      scope="col">What</th>
      <th scope="col">About</th></tr></thead><tbody>${items.map((recorded) => row(recorded, subjects))}</tbody></table>`

/** What the audit log shows. */
export interface AuditPageModel {
  readonly actor: Actor.Actor["_tag"] | undefined
  readonly cursor: string
  readonly kind: string
  readonly page: { readonly next?: string }
  readonly shown: ReadonlyArray<Aggregate.Recorded>
  readonly subjects: Subjects
}

/** The audit log. */
export const auditPage = ({ actor, cursor, kind, page, shown, subjects }: AuditPageModel): MemberPage => {
  const isFiltered = actor !== undefined || Object.hasOwn(groups, kind)
  return {
    title: "Audit log",
    body: html`
        ${Components.pageHead("Audit log", {
          lead: "Every change in your organization and who made it, the youngest first. Nothing here can be altered."
        })}
        ${filters(kind, actor ?? "")}
        ${
          shown.length === 0 && page.next !== undefined
            ? html`<p class="muted">Only small steps on this page.</p>`
            : table(shown, subjects, isFiltered)
        }
        ${Components.pagination("/audit", { kind, actor: actor ?? "", cursor }, page)}`
  }
}
