/** Pages of the organizations of the installation. */
import { Actor, type Aggregate, type Id, type Member, type Organization } from "@portolan/domain"
import type { Organizations, Repository } from "@portolan/ports"
import type { DateTime, Effect } from "effect"
import * as Components from "../../../page/components.ts"
import type { Status } from "../../../page/errors.ts"
import * as Format from "../../../page/format.ts"
import { type Content, html, isolateText, type Markup } from "../../../page/html.ts"
import type { MemberPage } from "../../../page/send.ts"
import * as History from "../../audit/history.ts"
import { home, organizations, tabs } from "../frame.ts"

const row = ({ foundedAt, id, name }: Organization.Open): Markup => html`<tr>
  <th scope="row" data-label="Organization"><a href="${organizations}/${id}">${isolateText(name)}</a></th>
  <td data-label="Id"><code>${id}</code></td>
  <td data-label="Since">${Format.day(foundedAt)}</td>
  <td class="end"><a class="button small secondary outline" href="${organizations}/${id}">Open<span class="sr-only"> ${
    name
  }</span></a></td></tr>`

const table = (items: ReadonlyArray<Organization.Open>): Markup =>
  html`<table class="rows"><thead><tr><th scope="col">Organization</th>
  <th scope="col">Id</th><th scope="col">Since</th><th scope="col"><span class="sr-only">Action</span></th></tr></thead>
  <tbody>${items.map(row)}</tbody></table>`

const candidate = (at: string, { email, id, joinedAt, name }: Member.Active): Markup => html`<tr>
  <th scope="row" data-label="Person">${isolateText(name)}<br><small class="muted">${isolateText(email)}</small></th>
  <td data-label="Joined">${Format.day(joinedAt)}</td>
  <td class="end"><a class="button small secondary outline" href="${at}/owner?member=${
    id
  }">Make owner …<span class="sr-only"> ${name}</span></a></td></tr>`

const heirs = (at: string, others: ReadonlyArray<Member.Active>, isWhole: boolean): Markup =>
  others.length === 0 && isWhole
    ? Components.notice(
        "wait",
        "Nobody else is a member",
        "Only a member can become the owner. The owner, or an admin of the organization, has to " +
          "invite the person first."
      )
    : html`<table class="rows"><thead><tr><th scope="col">Person</th><th scope="col">Joined</th>
      <th scope="col"><span class="sr-only">Action</span></th></tr></thead>
        <tbody>${others.map((one) => candidate(at, one))}</tbody></table>`

type Past = Effect.Success<ReturnType<Organizations.Organizations["Service"]["pastFor"]>>["items"]

const record = (past: Past, now: DateTime.Utc): Markup => html`<section class="card" aria-labelledby="record">
  <h2 id="record">On record</h2>
  <ol class="timeline">${past.map(({ actor, at, event }) => {
    const { detail, title, tone } = History.line(event)
    return html`<li class="${tone}"><strong><bdi>${title}</bdi></strong>${
      detail !== undefined && html`<span>${detail}</span>`
    }
      <span class="muted">${Components.when(at, now)} · ${isolateText(Actor.describe(actor))}</span></li>`
  })}</ol>
  <p class="muted">Owner and admins of the organization see the same in their audit log.</p></section>`

const effects = (name: string, owner: string, next: string): Markup => html`
  <h3>What ends</h3><ul class="effects ends">
    <li>${isolateText(owner)} no longer owns ${isolateText(name)}, and cannot take it back.</li></ul>
  <h3>What starts</h3><ul class="effects starts">
    <li>${isolateText(next)} owns it: sees and does everything in it, also where access was limited before.</li>
    <li>From then on only ${isolateText(next)} can hand it over, or an operator.</li></ul>
  <h3>What stays</h3><ul class="effects stays">
    <li>${isolateText(owner)} stays a member, as admin, until somebody removes or changes that.</li>
    <li>Companies, accounts, connections, consents and keys stay as they are.</li>
    <li>That you did it stays on record, for everybody who may read the organization's audit log.</li></ul>`

const crumbs = [
  { href: home, label: "Operator" },
  { href: organizations, label: "Organizations" }
]

/** What the list of organizations shows. */
export interface OrganizationsPageModel {
  readonly cursor: string
  readonly page: Repository.Page<Organization.Open>
  readonly search: string
}

/** The list of organizations. */
export const organizationsPage = ({ cursor, page, search }: OrganizationsPageModel): MemberPage => ({
  title: "Organizations",
  section: "operator",
  body: html`
    ${Components.pageHead("Operator", { lead: "Every organization of this installation. Open one to see its owner." })}
    ${tabs("organizations")}
    <search><form method="get" action="${
      organizations
    }" class="search"><label for="search" class="sr-only">Search organizations</label>
      <input id="search" type="search" name="search" value="${
        search
      }" maxlength="120" autocomplete="off" placeholder="Search organizations">
      <button class="secondary">Search</button></form></search>
    ${
      page.items.length > 0
        ? table(page.items)
        : Components.empty(
            "No organization found",
            html`Nothing has “${isolateText(search)}” in its name. Ask the customer how it is called here.`,
            html`<a class="button secondary outline" href="${organizations}">Show all</a>`
          )
    }
    ${Components.pagination(organizations, { search, cursor }, page)}`
})

/** What the page of an organization shows. */
export interface OrganizationPageModel {
  readonly cursor: string
  readonly done: string | undefined
  readonly id: Id.OrganizationId
  readonly notice: Content
  readonly now: DateTime.Utc
  readonly organization: Organization.Open
  readonly owner: Organizations.OrganizationView["owner"]
  readonly page: Repository.Page<Member.Active>
  readonly past: Repository.Page<Aggregate.Recorded>
  readonly status: Status
}

/** The page of an organization. */
export const organizationPage = ({
  cursor,
  done,
  id,
  notice,
  now,
  organization,
  owner,
  page,
  past,
  status
}: OrganizationPageModel): MemberPage => {
  const at = `${organizations}/${id}`
  const others = page.items.filter(({ personId }) => personId !== organization.ownerId)
  return {
    title: organization.name,
    section: "operator",
    status,
    body: html`
    ${Components.pageHead(isolateText(organization.name), {
      crumbs,
      lead: html`Since ${Format.day(organization.foundedAt)} · <code>${id}</code>`
    })}
    ${notice}${
      done === "handed-over" &&
      Components.notice(
        "good",
        html`${isolateText(owner.name)} is the owner now`,
        "It is on record below and in the organization's audit log, with your name. Tell both people; no mail is sent."
      )
    }
    <div class="split"><div>
      <section class="card" aria-labelledby="owner"><h2 id="owner">Owner</h2>
        <p>${isolateText(owner.name)} <span class="muted">${isolateText(owner.email)}</span></p>
        <p class="muted">The owner can hand the organization over without you, in its settings.</p></section>
      <section class="block" aria-labelledby="heirs"><h2 id="heirs">The owner is gone?</h2>
        <p class="muted">Make another member the owner. Be sure that the person is meant: ask somebody at the customer's
          whom you know.</p>
        ${heirs(at, others, page.next === undefined && cursor === "")}
        ${Components.pagination(at, { cursor }, page)}</section>
    </div><div>${record(past.items, now)}</div></div>`
  }
}

/** What the page before an organization is handed over shows. */
export interface HandOverPageModel {
  readonly at: string
  readonly next: Member.Active
  readonly organization: Organization.Open
  readonly owner: Organizations.OrganizationView["owner"]
}

/** The page before an organization is handed over. */
export const handOverPage = ({ at, next, organization, owner }: HandOverPageModel): MemberPage => ({
  title: "Hand an organization over",
  section: "operator",
  body: html`
    ${Components.pageHead(html`Make ${isolateText(next.name)} the owner of ${isolateText(organization.name)}?`, {
      crumbs: [...crumbs, { href: at, label: isolateText(organization.name) }]
    })}
    <section class="card form" aria-label="What happens">
      <dl class="facts people"><div><dt>Owner now</dt><dd>${isolateText(owner.name)}<br><span
        class="muted">${isolateText(owner.email)}</span></dd></div>
        <div><dt>New owner</dt><dd>${isolateText(next.name)}<br><span
          class="muted">${isolateText(next.email)}</span></dd></div></dl>
      ${effects(organization.name, owner.name, next.name)}
      <form method="post" action="${at}/owner"><input type="hidden" name="member" value="${next.id}">
        <div class="buttons"><button class="danger">Hand it over now</button>
          <a class="button secondary outline" href="${at}">Leave it as it is</a></div></form></section>`
})
