/** Pages of the consents of an organization. */
import { Channel, type Connection, type Member } from "@portolan/domain"
import type { Grants, Repository } from "@portolan/ports"
import { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { MemberPage } from "../../page/send.ts"

/** Days before its end at which a consent is lit up; people are mailed from 90 days on. */
const soonDays = 30

/** The longest id that is shown whole: a seller's. Those of logins are longer, and their ends tell them apart. */
const idLength = 20

const idEnd = 6

/** The consent in a few words that tell it from others. */
export const named = ({ grant: { advertiser, grantor } }: Grants.GrantView): string => {
  if (advertiser !== undefined) return advertiser.name
  if (grantor === undefined) return "Who consented is not known"
  return grantor.length <= idLength ? grantor : `Login whose id ends in ${grantor.slice(-idEnd)}`
}

const expiry = (grant: Grants.GrantView["grant"], now: DateTime.Utc): Markup => {
  if (grant._tag === "Ended")
    return html`${Components.badge("idle", "Over")} <span class="muted">${Labels.grantEnd(grant.end)}${
      grant.revocation !== undefined && html` ${grant.revocation.detail}`
    }</span>`
  if (grant.expiresAt === undefined) return html`<span class="muted">No end is known</span>`
  const soon = DateTime.isLessThan(grant.expiresAt, DateTime.add(now, { days: soonDays }))
  return html`${Components.when(grant.expiresAt, now)} ${soon && Components.badge("wait", "Ends soon")}`
}

const users = (connections: ReadonlyArray<Connection.Linked>): Markup =>
  connections.length === 0
    ? html`<small class="hint">Nothing. It is kept to fall back to, or was never used.</small>`
    : html`<ul class="plain">${connections.map(
        ({ id, link }) =>
          html`<li><a href="/connections/${id}">${isolateText(link.profile.name)}</a>
      <span class="muted">${link.profile.countryCode}</span></li>`
      )}</ul>`

/** The form that makes another member answer for a consent. */
export const handOver = (view: Grants.GrantView, members: ReadonlyArray<Member.Active>): Markup => {
  const others = members.filter(({ personId }) => personId !== view.grant.responsibleMember?.personId)
  return others.length === 0
    ? html``
    : html`<details class="inline-form">
    <summary class="button secondary outline small">Hand over</summary>
    <form method="post" action="/consents/${view.grant.id}/keeper"><label for="keeper-${
      view.grant.id
    }">Who answers for it from now on</label>
      <select id="keeper-${view.grant.id}" name="member">${others.map(
        ({ id, name }) => html`<option value="${id}">${name}</option>`
      )}</select>
      <button class="small">Hand over</button></form></details>`
}

const row = (
  view: Grants.GrantView,
  members: ReadonlyArray<Member.Active>,
  mayHandOver: boolean,
  now: DateTime.Utc
): Markup => {
  const { grant } = view
  return html`<tr id="${grant.id}"><th scope="row" data-label="Consent">${Channel.label(grant.channel)}<br>
      <small class="muted">${Labels.regionName(grant.region)} · ${isolateText(named(view))}</small></th>
    <td data-label="Given">${Components.when(grant.consentedAt, now)}</td>
    <td data-label="Ends">${expiry(grant, now)}</td>
    <td data-label="Lives on it">${users(view.connections)}</td>
    <td data-label="Answers for it">${
      grant.responsibleMember === undefined
        ? html`<span class="muted">Nobody by name</span>`
        : isolateText(grant.responsibleMember.name)
    }
      ${mayHandOver && grant._tag === "Active" && handOver(view, members)}</td></tr>`
}

/** What the list of consents shows. */
export interface ConsentsPageModel {
  readonly cursor: string
  readonly done: string | undefined
  readonly mayHandOver: boolean
  readonly members: ReadonlyArray<Member.Active>
  readonly now: DateTime.Utc
  readonly page: Repository.Page<Grants.GrantView>
  readonly state: string
}

/** The list of consents. */
export const consentsPage = ({
  cursor,
  done,
  mayHandOver,
  members,
  now,
  page,
  state
}: ConsentsPageModel): MemberPage => ({
  title: "Consents",
  section: "connections",
  body: html`
    ${Components.pageHead("Consents", {
      crumbs: [{ href: "/connections", label: "Connections" }],
      lead:
        "What people allowed at a provider. One consent may serve several connections; losing it, " +
        "another one that sees the same takes over."
    })}
    ${
      done === "handed-over" &&
      Components.notice("good", "Handed over", "The member who answers for it now is reminded when it ends.")
    }
    <p>${
      state === "all"
        ? html`<a href="/consents">Only those in use</a>`
        : html`<a href="/consents?state=all">Those that are over, too</a>`
    }</p>
    ${
      page.items.length === 0
        ? Components.empty(
            "No consents yet",
            "A consent appears here as soon as somebody comes back from a provider.",
            html`<a class="button" href="/start">Connect an account</a>`
          )
        : html`<table class="rows"><thead><tr><th scope="col">Consent</th><th scope="col">Given</th><th
          scope="col">Ends</th>
          <th scope="col">Lives on it</th><th scope="col">Answers for it</th></tr></thead>
          <tbody>${page.items.map((view) => row(view, members, mayHandOver, now))}</tbody></table>
        ${Components.pagination("/consents", { state, cursor }, page)}`
    }`
})
