/** Who did what: the organization's whole history, the youngest first, for owners and admins (rules K-R1, P-R17). */
import { Access, type Actor, type Aggregate, Id } from "@portolan/domain"
import { Effect, Option, Schema } from "effect"
import type { PageContext, Routes } from "../page/context.ts"
import * as History from "./audit/history.ts"
import { type Content, html, type Markup, nothing, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"

const pageSize = 50

/** What a person calls the kinds of things that have a history. */
const groups: { readonly [name: string]: { readonly label: string; readonly kinds: ReadonlyArray<Aggregate.Kind> } } = {
  people: { label: "People, roles and keys", kinds: ["organization", "member", "apiKey"] },
  companies: { label: "Companies and accounts", kinds: ["company", "account"] },
  connections: { label: "Connections", kinds: ["connection"] },
  consents: { label: "Consents and attempts", kinds: ["authorization", "grant"] },
  links: { label: "Auth links and requests", kinds: ["invitation"] },
  loads: { label: "First loads, every step", kinds: ["backfill"] },
  logins: { label: "Logins, plans and checks", kinds: ["consolidation", "diagnosis"] }
}

const everything: ReadonlyArray<Aggregate.Kind> = Object.values(groups).flatMap(({ kinds }) => kinds)
/** First loads take hundreds of steps, which would hide what people did. Other small steps are left out one by one. */
const story = everything.filter((kind) => kind !== "backfill")

const actors: { readonly [A in Actor.Actor["_tag"]]: string } = {
  Person: "People",
  ApiKey: "API keys",
  Guest: "Guests with a link",
  Operator: "Operators",
  System: "The software itself"
}
const actorTags = Object.keys(actors) as ReadonlyArray<Actor.Actor["_tag"]>

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
type Subjects = ReadonlyMap<string, { readonly href: string; readonly name: string }>

const decodeCompany = Schema.decodeUnknownOption(Id.CompanyId)
const decodeAccount = Schema.decodeUnknownOption(Id.AccountId)
const decodeMember = Schema.decodeUnknownOption(Id.MemberId)
const decodeConnection = Schema.decodeUnknownOption(Id.ConnectionId)

const subjectOf = (context: PageContext, me: Layout.Me, { id, kind }: Aggregate.Recorded["aggregate"]) => {
  switch (kind) {
    case "company":
      return Effect.map(
        Effect.flatMap(Effect.fromOption(decodeCompany(id)), (known) => context.companies.view(me, known)),
        ({ name }) => ({ href: `/companies/${id}`, name })
      )
    case "account":
      return Effect.map(
        Effect.flatMap(Effect.fromOption(decodeAccount(id)), (known) => context.accounts.view(me, known)),
        ({ name }) => ({ href: `/accounts/${id}`, name })
      )
    case "connection":
      return Effect.map(
        Effect.flatMap(Effect.fromOption(decodeConnection(id)), (known) => context.connections.view(me, known)),
        ({ account, connection }) => ({
          href: `/connections/${id}`,
          name: `${account.name}, ${Labels.shortChannel(connection.channel)}`
        })
      )
    case "member":
      return Effect.map(
        Effect.flatMap(Effect.fromOption(decodeMember(id)), (known) => context.members.view(me, known)),
        ({ member }) => ({ href: `/members/${id}`, name: member._tag === "Active" ? member.name : member.email })
      )
    default:
      return undefined
  }
}

const subjectsOf = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  items: ReadonlyArray<Aggregate.Recorded>
) {
  const unique = new Map(items.map(({ aggregate }) => [aggregate.id, aggregate]))
  const found = yield* Effect.forEach(
    unique.values(),
    (aggregate) => {
      const looked = subjectOf(context, me, aggregate)
      // A name is an extra; the line is complete without it.
      return looked === undefined
        ? Effect.succeed(undefined)
        : Effect.map(Effect.option(looked), (name) =>
            Option.isNone(name) ? undefined : ([aggregate.id, name.value] as const)
          )
    },
    { concurrency: 4 }
  )
  return new Map(found.flatMap((one) => (one === undefined ? [] : [one]))) satisfies Subjects
})

const subject = ({ id, kind }: Aggregate.Recorded["aggregate"], subjects: Subjects): Content => {
  const known = subjects.get(id)
  if (known !== undefined) return html`<a href="${known.href}">${isolateText(known.name)}</a>`
  return kind === "authorization" ? html`<a href="/pending/${id}">${kindLabel[kind]}</a>` : kindLabel[kind]
}

const row = ({ actor, aggregate, at, event }: Aggregate.Recorded, subjects: Subjects): Markup => {
  const line = History.line(event)
  return html`<tr>
    <td data-label="When"><time datetime="${Labels.iso(at)}">${Labels.absolute(at)}</time></td>
    <td data-label="Who">${who(actor)}</td>
    <th scope="row" data-label="What"><bdi>${line.title}</bdi>${
      line.detail !== undefined && html`<br><small class="muted wrap"><bdi>${line.detail}</bdi></small>`
    }</th>
    <td data-label="About">${subject(aggregate, subjects)}</td></tr>`
}

const option = (value: string, label: string, chosen: string) =>
  html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`

const filters = (kind: string, actor: string): Markup => html`<form method="get" action="/audit" class="filters">
  <div><label for="kind">What about</label><select id="kind" name="kind">${option("", "Everything but small steps", kind)}
    ${Object.entries(groups).map(([value, { label }]) => option(value, label, kind))}${option(
      "all",
      "Everything",
      kind
    )}</select></div>
  <div><label for="actor">Who</label><select id="actor" name="actor">${option("", "Anybody", actor)}
    ${actorTags.map((tag) => option(tag, actors[tag], actor))}</select></div>
  <button class="secondary">Filter</button></form>`

const kindsOf = (kind: string): ReadonlyArray<Aggregate.Kind> | undefined =>
  kind === "all" ? undefined : Object.hasOwn(groups, kind) ? groups[kind]?.kinds : story

/** A history table, or why it is empty. */
const table = (items: ReadonlyArray<Aggregate.Recorded>, subjects: Subjects, isFiltered: boolean): Markup =>
  items.length === 0
    ? Components.empty(
        isFiltered ? "Nothing like this has happened" : "Nothing has happened yet",
        isFiltered ? "Choose something else to look for." : "Every change is listed here with who made it.",
        isFiltered ? html`<a class="button secondary outline" href="/audit">Show everything</a>` : nothing
      )
    : html`<table class="rows audit"><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th>
      <th scope="col">About</th></tr></thead><tbody>${items.map((recorded) => row(recorded, subjects))}</tbody></table>`

/** `/audit`. */
export const routes: Routes = (app, context) => {
  app.get(
    "/audit",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const kind = c.req.query("kind") ?? ""
        const actor = actorTags.find((tag) => tag === c.req.query("actor"))
        const cursor = (c.req.query("cursor") ?? "").slice(0, 2000)
        const kinds = kindsOf(kind)
        const page = yield* context.audit.list(
          me,
          { ...(kinds === undefined ? {} : { kinds }), ...(actor === undefined ? {} : { actor }) },
          { limit: pageSize, ...(cursor === "" ? {} : { cursor }) }
        )
        const shown =
          kinds === story ? page.items.filter(({ event }) => History.line(event).isStep !== true) : page.items
        const subjects = yield* subjectsOf(context, me, shown)
        const isFiltered = actor !== undefined || Object.hasOwn(groups, kind)
        return Http.send(
          c,
          Layout.memberPage(
            context,
            me,
            "Audit log",
            undefined,
            html`
        ${Components.pageHead("Audit log", { lead: "Every change in your organization and who made it, the youngest first. Nothing here can be altered." })}
        ${filters(kind, actor ?? "")}
        ${
          shown.length === 0 && page.next !== undefined
            ? html`<p class="muted">Only small steps on this page.</p>`
            : table(shown, subjects, isFiltered)
        }
        ${Components.pagination("/audit", { kind, actor: actor ?? "", cursor }, page)}`
          )
        )
      })
    )
  )
}
