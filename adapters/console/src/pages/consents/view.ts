/** Pages of the consents of an organization. */
import { Channel, type Connection, Identity, type Member, Messages } from "@portolan/domain"
import type { Grants, Repository } from "@portolan/ports"
import { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { type Content, html, isolateText, type Markup } from "../../page/html.ts"
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
  if (grantor === undefined) return words.consents.nobodyKnown
  return grantor.length <= idLength ? grantor : words.consents.loginEndsIn({ end: grantor.slice(-idEnd) })
}

/** Asking the provider failed, or is not possible: a person who ended the consent there says so. */
const byHand = (grant: Grants.GrantView["grant"]): Content =>
  grant._tag === "Ended" &&
  grant.revocation !== undefined &&
  grant.revocation.outcome !== "revoked" &&
  Components.confirmed({
    label: words.consents.endedByHand,
    question: words.consents.endedByHandQuestion,
    action: `/consents/${grant.id}/revoked`,
    yes: words.consents.yesEndedByHand
  })

const expiry = (grant: Grants.GrantView["grant"], now: DateTime.Utc, mayConfirm: boolean): Markup => {
  if (grant._tag === "Ended")
    return html`${Components.badge("idle", words.shared.over)}<small class="hint">${Labels.grantEnd(grant.end)}${
      grant.revocation !== undefined && html` ${grant.revocation.detail}`
    }</small>${mayConfirm && byHand(grant)}`
  if (grant.expiresAt === undefined) return html`<span class="muted">${words.consents.noEnd}</span>`
  const soon = DateTime.isLessThan(grant.expiresAt, DateTime.add(now, { days: soonDays }))
  return html`${Components.when(grant.expiresAt, now)} ${soon && Components.badge("wait", words.consents.endsSoon)}`
}

const users = (connections: ReadonlyArray<Connection.Linked>): Markup =>
  connections.length === 0
    ? html`<small class="hint">${words.consents.servesNothing}</small>`
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
    <summary class="button secondary outline small">${words.shared.handOver}</summary>
    <form method="post" action="/consents/${view.grant.id}/keeper"><label for="keeper-${
      view.grant.id
    }">${words.consents.whoAnswers}</label>
      <select id="keeper-${view.grant.id}" name="member">${others.map(
        ({ id, name }) => html`<option value="${id}">${name}</option>`
      )}</select>
      <button class="small">${words.shared.handOver}</button></form></details>`
}

/** How far it is known who a consent is of, with the evidence. */
export const identityBadge = (identity: Identity.Identity | undefined): Markup =>
  html`<small>${Components.badge(
    Identity.isProven(identity) ? "good" : "idle",
    Identity.isProven(identity) ? words.consents.proven : words.consents.claimed
  )} <span class="muted wrap">${isolateText(Messages.render(Identity.inWords(identity)))}</span></small>`

/** The same where the provider does not list what the consent sees. */
const identityOf = ({ channel, identity }: Grants.GrantView["grant"]): Content =>
  Channel.claimsIdentity(channel) && html`<br>${identityBadge(identity)}`

const row = (
  view: Grants.GrantView,
  members: ReadonlyArray<Member.Active>,
  mayHandOver: boolean,
  now: DateTime.Utc
): Markup => {
  const { grant } = view
  return html`<tr id="${grant.id}"><th scope="row" data-label="${
    words.shared.consent
  }">${Channel.label(grant.channel)}<br>
      <small class="muted">${Labels.regionName(grant.region)} · ${isolateText(named(view))}</small>${identityOf(
        grant
      )}</th>
    <td data-label="${words.consents.given}">${Components.when(grant.consentedAt, now)}</td>
    <td data-label="${words.shared.ends}">${expiry(grant, now, mayHandOver)}</td>
    <td data-label="${words.consents.livesOnIt}">${users(view.connections)}</td>
    <td data-label="${words.consents.answersForIt}">${
      grant.responsibleMember === undefined
        ? html`<span class="muted">${words.consents.nobodyByName}</span>`
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
  title: words.consents.title,
  section: "connections",
  body: html`
    ${Components.pageHead(words.consents.title, {
      crumbs: [{ href: "/connections", label: words.shared.connections }],
      lead: words.consents.lead
    })}
    ${done === "handed-over" && Components.notice("good", words.consents.handedOver, words.consents.handedOverHint)}
    ${done === "revoked" && Components.notice("good", words.consents.revokedNoted, words.consents.revokedNotedHint)}
    <p>${
      state === "all"
        ? html`<a href="/consents">${words.consents.onlyInUse}</a>`
        : html`<a href="/consents?state=all">${words.consents.overToo}</a>`
    }</p>
    ${
      page.items.length === 0
        ? Components.empty(
            words.consents.none,
            words.consents.noneHint,
            html`<a class="button" href="/start">${words.shared.connectAccount}</a>`
          )
        : html`<table class="rows"><thead><tr><th scope="col">${
            words.shared.consent
          }</th><th scope="col">${words.consents.given}</th><th
          scope="col">${words.shared.ends}</th>
          <th scope="col">${words.consents.livesOnIt}</th><th scope="col">${
            words.consents.answersForIt
          }</th></tr></thead>
          <tbody>${page.items.map((view) => row(view, members, mayHandOver, now))}</tbody></table>
        ${Components.pagination("/consents", { state, cursor }, page)}`
    }`
})
