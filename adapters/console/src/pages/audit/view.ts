/** The page of the audit log. */
import { type Actor, type Aggregate, Messages } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import * as History from "./history.ts"

/** What a person calls the kinds of things that have a history. */
export const groups: {
  readonly [name: string]: { readonly label: string; readonly kinds: ReadonlyArray<Aggregate.Kind> }
} = {
  people: { label: words.audit.groupPeople, kinds: ["organization", "member", "apiKey"] },
  companies: { label: words.audit.groupCompanies, kinds: ["company", "account"] },
  connections: { label: words.shared.connections, kinds: ["connection"] },
  consents: { label: words.audit.groupConsents, kinds: ["authorization", "grant"] },
  links: { label: words.audit.groupLinks, kinds: ["invitation"] },
  loads: { label: words.audit.groupLoads, kinds: ["backfill"] },
  logins: { label: words.audit.groupLogins, kinds: ["consolidation", "diagnosis"] }
}

/** Every kind of aggregate that has a filter. */
export const everything: ReadonlyArray<Aggregate.Kind> = Object.values(groups).flatMap(({ kinds }) => kinds)

const actors: { readonly [A in Actor.Actor["_tag"]]: string } = {
  Person: words.shared.people,
  ApiKey: words.shared.apiKeys,
  Guest: words.audit.actorGuests,
  Operator: words.audit.actorOperators,
  System: words.audit.actorSystem
}

/** The kinds of actors that can be asked for. */
export const actorTags = Object.keys(actors) as ReadonlyArray<Actor.Actor["_tag"]>

const who = (actor: Actor.Actor): Markup => {
  switch (actor._tag) {
    case "Person":
      return isolateText(actor.name)
    case "ApiKey":
      return html`${isolateText(actor.name)} <span class="muted">${words.audit.byApiKey}</span>`
    case "Guest":
      return words.audit.byGuest
    case "Operator":
      return html`${isolateText(actor.name)} <span class="muted">${words.audit.byOperator}</span>`
    case "System":
      return html`${words.audit.bySoftware} <span class="muted">(${actor.part})</span>`
  }
}

const kindLabel: { readonly [K in Aggregate.Kind]: string } = {
  organization: words.shared.organization,
  member: words.audit.member,
  apiKey: Messages.text("key.unnamed"),
  company: words.shared.company,
  account: words.shared.account,
  connection: words.audit.connection,
  authorization: words.audit.attempt,
  invitation: words.shared.authLink,
  grant: words.shared.consent,
  backfill: words.shared.firstLoad,
  advertiser: words.shared.advertiser,
  awaited: words.audit.awaitedAdvertiser,
  consolidation: words.shared.logins,
  diagnosis: words.audit.checks,
  incident: words.audit.incident
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
    <td data-label="${words.audit.when}"><time datetime="${Format.iso(at)}">${Format.absolute(at)}</time></td>
    <td data-label="${words.audit.who}">${who(actor)}</td>
    <th scope="row" data-label="${words.shared.what}"><bdi>${line.title}</bdi>${
      line.detail !== undefined && html`<br><small class="muted wrap"><bdi>${line.detail}</bdi></small>`
    }</th>
    <td data-label="${words.audit.about}">${subject(aggregate, subjects)}</td></tr>`
}

/** One choice of a filter. */
export const option = (value: string, label: string, current: string) =>
  html`<option value="${value}"${value === current && html` selected`}>${label}</option>`

const filters = (kind: string, actor: string): Markup => html`<form method="get" action="/audit" class="filters">
  <div><label for="kind">${words.audit.whatAbout}</label><select id="kind"
    name="kind">${option("", words.audit.allButSteps, kind)}
    ${Object.entries(groups).map(([value, { label }]) => option(value, label, kind))}${option(
      "all",
      words.audit.everything,
      kind
    )}</select></div>
  <div><label for="actor">${words.audit.who}</label><select id="actor" name="actor">${option(
    "",
    words.audit.anybody,
    actor
  )}
    ${actorTags.map((tag) => option(tag, actors[tag], actor))}</select></div>
  <button class="secondary">${words.shared.filter}</button></form>`

/** A history table, or why it is empty. */
const table = (items: ReadonlyArray<Aggregate.Recorded>, subjects: Subjects, isFiltered: boolean): Markup =>
  items.length === 0
    ? Components.empty(
        isFiltered ? words.audit.noMatch : words.audit.nothingYet,
        isFiltered ? words.audit.otherFilter : words.audit.everyChange,
        isFiltered ? html`<a class="button secondary outline" href="/audit">${words.audit.showEverything}</a>` : nothing
      )
    : html`<table class="rows audit"><thead><tr><th scope="col">${
        words.audit.when
      }</th><th scope="col">${words.audit.who}</th><th
      scope="col">${words.shared.what}</th>
      <th scope="col">${
        words.audit.about
      }</th></tr></thead><tbody>${items.map((recorded) => row(recorded, subjects))}</tbody></table>`

/** What the audit log shows. */
export interface AuditPageModel {
  readonly actor: Actor.Actor["_tag"] | undefined
  readonly cursor: string
  readonly kind: string
  readonly page: Components.ListPage
  readonly shown: ReadonlyArray<Aggregate.Recorded>
  readonly subjects: Subjects
}

/** The audit log. */
export const auditPage = ({ actor, cursor, kind, page, shown, subjects }: AuditPageModel): MemberPage => {
  const isFiltered = actor !== undefined || Object.hasOwn(groups, kind)
  return {
    title: words.audit.title,
    body: html`
        ${Components.pageHead(words.audit.title, { lead: words.audit.lead })}
        ${filters(kind, actor ?? "")}
        ${
          shown.length === 0 && page.next !== undefined
            ? html`<p class="muted">${words.audit.onlySteps}</p>`
            : table(shown, subjects, isFiltered)
        }
        ${Components.pagination("/audit", { kind, actor: actor ?? "", cursor }, page)}`
  }
}
