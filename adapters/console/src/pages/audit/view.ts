/** The page of the audit log. */
import { type Actor, type Aggregate, Messages } from "@portolan/domain"
import type { Audit, Repository } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import * as History from "./history.ts"
import { type Row, rowOf as recordRow, rows, type Subjects } from "./recordRows.ts"
import { who } from "./who.ts"

/** What a person calls the kinds of things that have a history. */
export const groups: {
  readonly [name: string]: { readonly label: string; readonly kinds: ReadonlyArray<Aggregate.Kind> }
} = {
  people: { label: words.audit.groupPeople, kinds: ["organization", "member", "apiKey"] },
  companies: { label: words.audit.groupCompanies, kinds: ["company", "account"] },
  connections: { label: words.shared.connections, kinds: ["connection"] },
  consents: { label: words.audit.groupConsents, kinds: ["authorization", "grant"] },
  links: { label: words.audit.groupLinks, kinds: ["invitation"] },
  loads: { label: words.audit.groupLoads, kinds: ["backfill", "window"] },
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
  window: words.audit.window,
  advertiser: words.shared.advertiser,
  awaited: words.audit.awaitedAdvertiser,
  consolidation: words.shared.logins,
  diagnosis: words.audit.checks,
  incident: words.audit.incident
}

const subject = ({ id, kind }: Aggregate.Recorded["aggregate"], subjects: Subjects): Content => {
  const known = subjects.get(id)
  if (known !== undefined) return html`<a href="${known.href}">${isolateText(known.name)}</a>`
  return kind === "authorization" ? html`<a href="/pending/${id}">${kindLabel[kind]}</a>` : kindLabel[kind]
}

const rowOf = ({ actor, aggregate, at, event }: Aggregate.Recorded, subjects: Subjects): Row => {
  const { detail, title } = History.line(event)
  return { at, who: who(actor), title, detail, about: subject(aggregate, subjects) }
}

/** One choice of a filter. */
export const option = (value: string, label: string, current: string) =>
  html`<option value="${value}"${value === current && html` selected`}>${label}</option>`

/** What of the records a list can show, by the value of its filter. */
export const recordTags: { readonly [value: string]: Audit.RecordTag } = {
  "token-read": "TokenRead",
  security: "Security"
}

const recordFilter = (current: string): Markup => html`<div><label for="record">${words.audit.records}</label><select
    id="record" name="record">${option("", words.audit.changes, current)}
    ${option("token-read", words.audit.tokenReads, current)}${option(
      "security",
      words.audit.securityEvents,
      current
    )}</select></div>`

const changeFilters = (kind: string, actor: string): Markup => html`
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
    ${actorTags.map((tag) => option(tag, actors[tag], actor))}</select></div>`

const filters = (record: string, more: Content): Markup => html`<form method="get" action="/audit" class="filters">
  ${recordFilter(record)}${more}
  <button class="secondary">${words.shared.filter}</button></form>`

/** A table, or why it is empty. */
const table = (all: ReadonlyArray<Row>, isFiltered: boolean): Markup =>
  all.length === 0
    ? Components.empty(
        isFiltered ? words.audit.noMatch : words.audit.nothingYet,
        isFiltered ? words.audit.otherFilter : words.audit.everyChange,
        isFiltered ? html`<a class="button secondary outline" href="/audit">${words.audit.showEverything}</a>` : nothing
      )
    : rows(all)

const head = (): Markup =>
  Components.pageHead(words.audit.title, {
    lead: words.audit.lead,
    actions: html`<a class="button secondary outline" href="/v1/audit/export"
      download="audit.ndjson">${words.audit.exportAll}</a>`
  })

/** What the audit log shows. */
export interface AuditPageModel {
  readonly actor: Actor.Actor["_tag"] | undefined
  readonly cursor: string
  readonly kind: string
  readonly page: Components.ListPage
  readonly shown: ReadonlyArray<Aggregate.Recorded>
  readonly subjects: Subjects
}

/** The audit log: changes. */
export const auditPage = ({ actor, cursor, kind, page, shown, subjects }: AuditPageModel): MemberPage => {
  const isFiltered = actor !== undefined || Object.hasOwn(groups, kind)
  return {
    title: words.audit.title,
    body: html`
        ${head()}
        ${filters("", changeFilters(kind, actor ?? ""))}
        ${
          shown.length === 0 && page.next !== undefined
            ? html`<p class="muted">${words.audit.onlySteps}</p>`
            : table(
                shown.map((recorded) => rowOf(recorded, subjects)),
                isFiltered
              )
        }
        ${Components.pagination("/audit", { kind, actor: actor ?? "", cursor }, page)}`
  }
}

/** What the audit log shows of reads of tokens or of security events. */
export interface RecordsPageModel {
  readonly cursor: string
  readonly page: Repository.Page<Audit.Record>
  /** A key of `recordTags`. */
  readonly record: string
  readonly subjects: Subjects
}

/** The audit log: reads of tokens, or security events. */
export const recordsPage = ({ cursor, page, record, subjects }: RecordsPageModel): MemberPage => ({
  title: words.audit.title,
  body: html`
      ${head()}
      ${filters(record, nothing)}
      ${table(
        page.items.flatMap((one) => recordRow(one, subjects)),
        true
      )}
      ${Components.pagination("/audit", { record, cursor }, page)}`
})
