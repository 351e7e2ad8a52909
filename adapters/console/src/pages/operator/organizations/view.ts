/** Pages of the organizations of the installation. */
import { Actor, type Aggregate, type Id, type Member, Messages, type Organization } from "@portolan/domain"
import type { Organizations, Repository } from "@portolan/ports"
import type { DateTime, Effect } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import type { Status } from "../../../page/errors.ts"
import * as Format from "../../../page/format.ts"
import { type Content, html, isolateText, type Markup } from "../../../page/html.ts"
import type { MemberPage } from "../../../page/send.ts"
import * as History from "../../audit/history.ts"
import { home, organizations, tabs } from "../frame.ts"

const { operator, shared } = words

const row = ({ foundedAt, id, name }: Organization.Present): Markup => html`<tr>
  <th scope="row" data-label="${shared.organization}"><a href="${organizations}/${id}">${isolateText(name)}</a></th>
  <td data-label="${shared.id}"><code>${id}</code></td>
  <td data-label="${operator.sinceLabel}">${Format.day(foundedAt)}</td>
  <td class="end"><a class="button small secondary outline" href="${organizations}/${id}">${operator.open}<span
    class="sr-only"> ${name}</span></a></td></tr>`

const table = (items: ReadonlyArray<Organization.Present>): Markup =>
  html`<table class="rows"><thead><tr><th scope="col">${shared.organization}</th>
  <th scope="col">${shared.id}</th><th scope="col">${operator.sinceLabel}</th>
  <th scope="col"><span class="sr-only">${shared.action}</span></th></tr></thead>
  <tbody>${items.map(row)}</tbody></table>`

const candidate = (at: string, { email, id, joinedAt, name }: Member.Active): Markup => html`<tr>
  <th scope="row" data-label="${shared.person}">${isolateText(name)}<br><small
    class="muted">${isolateText(email)}</small></th>
  <td data-label="${shared.joined}">${Format.day(joinedAt)}</td>
  <td class="end"><a class="button small secondary outline" href="${at}/owner?member=${
    id
  }">${operator.makeOwner}<span class="sr-only"> ${name}</span></a></td></tr>`

const heirs = (at: string, others: ReadonlyArray<Member.Active>, isWhole: boolean): Markup =>
  others.length === 0 && isWhole
    ? Components.notice(
        "wait",
        operator.nobodyElse,
        `${Messages.text("organization.owner-must-be-member")} ${operator.inviteFirst}`
      )
    : html`<table class="rows"><thead><tr><th scope="col">${shared.person}</th><th
      scope="col">${shared.joined}</th><th scope="col"><span class="sr-only">${shared.action}</span></th></tr></thead>
        <tbody>${others.map((one) => candidate(at, one))}</tbody></table>`

type Past = Effect.Success<ReturnType<Organizations.Organizations["Service"]["pastFor"]>>["items"]

const record = (past: Past, now: DateTime.Utc): Markup => html`<section class="card" aria-labelledby="record">
  <h2 id="record">${operator.onRecord}</h2>
  <ol class="timeline">${past.map(({ actor, at, event }) => {
    const { detail, title, tone } = History.line(event)
    return html`<li class="${tone}"><strong><bdi>${title}</bdi></strong>${
      detail !== undefined && html`<span>${detail}</span>`
    }
      <span class="muted">${Components.when(at, now)} · ${isolateText(Actor.describe(actor))}</span></li>`
  })}</ol>
  <p class="muted">${operator.sameInAudit}</p></section>`

/** What handing over does. The names are isolated. */
const effects = (organization: Markup, owner: Markup, next: Markup): Markup => html`
  <h3>${shared.whatEnds}</h3><ul class="effects ends"><li>${operator.noLongerOwns({ organization, owner })}</li></ul>
  <h3>${shared.whatStarts}</h3><ul class="effects starts">
    <li>${operator.owns({ next })}</li>
    <li>${operator.canHandOver({ next })}</li></ul>
  <h3>${shared.whatStays}</h3><ul class="effects stays">
    <li>${operator.staysMember({ owner })}</li>
    <li>${operator.allStays}</li>
    <li>${operator.staysOnRecord}</li></ul>`

const crumbs = [
  { href: home, label: words.page.operator },
  { href: organizations, label: operator.organizations }
]

/** What the list of organizations shows. */
export interface OrganizationsPageModel {
  readonly cursor: string
  readonly page: Repository.Page<Organization.Present>
  readonly search: string
}

/** The list of organizations. */
export const organizationsPage = ({ cursor, page, search }: OrganizationsPageModel): MemberPage => ({
  title: operator.organizations,
  section: "operator",
  body: html`
    ${Components.pageHead(words.page.operator, { lead: operator.organizationsLead })}
    ${tabs("organizations")}
    <search><form method="get" action="${
      organizations
    }" class="search"><label for="search" class="sr-only">${operator.searchOrganizations}</label>
      <input id="search" type="search" name="search" value="${
        search
      }" maxlength="120" autocomplete="off" placeholder="${operator.searchOrganizations}">
      <button class="secondary">${shared.search}</button></form></search>
    ${
      page.items.length > 0
        ? table(page.items)
        : Components.empty(
            operator.noOrganization,
            operator.askCustomer({ search: isolateText(search) }),
            html`<a class="button secondary outline" href="${organizations}">${shared.showAll}</a>`
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
  readonly organization: Organization.Present
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
      lead: html`${operator.organizationSince({ day: Format.day(organization.foundedAt) })} · <code>${id}</code>`
    })}
    ${notice}${
      done === "handed-over" &&
      Components.notice("good", operator.isOwnerNow({ owner: isolateText(owner.name) }), operator.onRecordBelow)
    }
    <div class="split"><div>
      <section class="card" aria-labelledby="owner"><h2 id="owner">${shared.owner}</h2>
        <p>${isolateText(owner.name)} <span class="muted">${isolateText(owner.email)}</span></p>
        <p class="muted">${operator.ownerHandsOver}</p>
        <p><a href="${at}/consents">${operator.seeConsents}</a></p></section>
      <section class="block" aria-labelledby="heirs"><h2 id="heirs">${operator.ownerGone}</h2>
        <p class="muted">${operator.makeOtherOwner}</p>
        ${heirs(at, others, page.next === undefined && cursor === "")}
        ${Components.pagination(at, { cursor }, page)}</section>
    </div><div>${record(past.items, now)}</div></div>`
  }
}

/** What the page before an organization is handed over shows. */
export interface HandOverPageModel {
  readonly at: string
  readonly next: Member.Active
  readonly organization: Organization.Present
  readonly owner: Organizations.OrganizationView["owner"]
}

/** The page before an organization is handed over. */
export const handOverPage = ({ at, next, organization, owner }: HandOverPageModel): MemberPage => ({
  title: operator.handOverTitle,
  section: "operator",
  body: html`
    ${Components.pageHead(
      operator.handOverQuestion({ next: isolateText(next.name), organization: isolateText(organization.name) }),
      { crumbs: [...crumbs, { href: at, label: isolateText(organization.name) }] }
    )}
    <section class="card form" aria-label="${shared.whatHappens}">
      <dl class="facts people"><div><dt>${operator.ownerNow}</dt><dd>${isolateText(owner.name)}<br><span
        class="muted">${isolateText(owner.email)}</span></dd></div>
        <div><dt>${shared.newOwner}</dt><dd>${isolateText(next.name)}<br><span
          class="muted">${isolateText(next.email)}</span></dd></div></dl>
      ${effects(isolateText(organization.name), isolateText(owner.name), isolateText(next.name))}
      <form method="post" action="${at}/owner"><input type="hidden" name="member" value="${next.id}">
        <div class="buttons"><button class="danger">${operator.handItOver}</button>
          <a class="button secondary outline" href="${at}">${operator.leaveAsItIs}</a></div></form></section>`
})
