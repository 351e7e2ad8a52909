/** Pages to create, choose and set up an organization. */
import { Access, type Member, Messages } from "@portolan/domain"
import type { Organizations } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage, Page } from "../../page/send.ts"
import { closedEntry, closePart } from "./closingView.ts"

const { organizations, shared } = words

/** What the form of a new organization shows. */
export interface NewOrganizationPageModel {
  readonly key: string
  readonly state: Fields.FormState
  readonly status: Status
}

/** The form of a new organization. */
export const newOrganizationPage = ({ key, state, status }: NewOrganizationPageModel): Page => ({
  title: organizations.createOrganization,
  status,
  body: html`<section class="card sign-in"><h1>${organizations.createOrganization}</h1>
    <p class="muted">${organizations.createLead}</p>
    <form method="post" action="/organizations"><input type="hidden" name="key" value="${key}">
      ${Fields.textField(state, "name", Messages.text("page.organization-name"), {
        autocomplete: "organization",
        hint: organizations.ownFirm
      })}
      <button>${organizations.createNow}</button></form>
    <p class="muted">${organizations.wereYouInvited}</p>
    <form method="post" action="/sign-out"><button class="secondary outline small">${
      shared.signOut
    }</button></form></section>`
})

/** What the list of a person's organizations shows. */
export interface ChooseOrganizationPageModel {
  readonly current: string | undefined
  readonly mine: ReadonlyArray<Organizations.Membership>
  readonly now: DateTime.Utc
}

/** The list of a person's organizations. */
export const chooseOrganizationPage = ({ current, mine, now }: ChooseOrganizationPageModel): Page => ({
  title: organizations.yours,
  body: html`<section class="card"><h1>${organizations.yours}</h1>
    <ul class="organizations plain">${mine.map((membership) => {
      const { organization, role } = membership
      if (organization._tag !== "Open") return closedEntry(membership, now)
      return html`<li><form method="post" action="/organizations/${organization.id}/choose">
      <button class="secondary outline wide-button">${isolateText(organization.name)} <span class="muted">${
        organization.id === current ? organizations.youAreHere({ role }) : role
      }</span></button></form></li>`
    })}</ul>
    <p><a href="/organizations/new">${organizations.createAnother}</a><br>
      <a href="/companies">${organizations.back}</a></p></section>`
})

const memberSelect = (name: string, label: Content, members: ReadonlyArray<Member.Active>): Markup =>
  html`<div class="field"><label for="field-${name}">${label}</label><select id="field-${name}"
    name="${name}">${members.map(
      ({ email, id, name: who }) => html`<option value="${id}">${who} (${email})</option>`
    )}</select></div>`

type View = Organizations.OrganizationView

/** An offer of the ownership: to the member who can accept it, to the owner who can call it off, and to the others. */
const offerPart = (me: Layout.Me, { offer, owner }: View, now: DateTime.Utc): Markup => {
  if (offer === undefined) return nothing
  const until = Components.whenFully(offer.expiresAt, now)
  if (me.actor._tag === "Person" && me.actor.personId === offer.personId) {
    return html`${Components.notice(
      "act",
      organizations.offeredToYou({ owner: isolateText(owner.name) }),
      html`${organizations.ifYouAccept} ${organizations.offerEnds({ until })}`
    )}
      <div class="buttons"><form method="post"
        action="/settings/owner/accept"><button>${organizations.acceptOwnership}</button></form>
      <form method="post" action="/settings/owner/decline"><button
        class="secondary outline">${organizations.declineOwnership}</button></form></div>`
  }
  return html`<p>${organizations.offeredTo({ member: isolateText(offer.name), until })}</p>
    ${
      me.role === "owner" &&
      html`<form method="post" action="/settings/owner/call-off"><button
        class="secondary outline small">${organizations.callOff}</button></form>`
    }`
}

const ownerPart = (me: Layout.Me, view: View, others: ReadonlyArray<Member.Active>, now: DateTime.Utc): Markup =>
  html`<section class="card form" aria-labelledby="owner"><h2 id="owner">${shared.owner}</h2>
    <p>${isolateText(view.owner.name)} <span class="muted">${isolateText(view.owner.email)}</span></p>
    ${offerPart(me, view, now)}
    ${
      me.role === "owner" &&
      view.offer === undefined &&
      (others.length === 0
        ? html`<p class="muted">${organizations.inviteFirst({
            link: html`<a href="/members/invite">${organizations.inviteSomebody}</a>`
          })}</p>`
        : html`<details class="confirm"><summary
          class="button secondary outline small">${organizations.handOverOwnership}</summary>
        <div class="confirm-panel">
        <p>${organizations.oneOwner} ${organizations.untilAccepted}</p>
        <form method="post" action="/settings/owner">${memberSelect(
          "member",
          shared.newOwner,
          others
        )}<button class="danger small">${organizations.offerIt}</button></form></div></details>`)
    }
    ${me.role !== "owner" && html`<p class="muted">${organizations.onlyOwner}</p>`}</section>`

const leavePart = (
  me: Layout.Me
): Markup => html`<section class="card form" aria-labelledby="leave"><h2 id="leave">${organizations.leave}</h2>
  ${
    me.role === "owner"
      ? html`<p class="muted">${Messages.text("member.owner-needed")} ${organizations.handOverFirst}</p>`
      : html`<p>${organizations.leaveLead}</p>
      ${Components.confirmed({
        label: organizations.leaveOrganization,
        question: organizations.leaveQuestion,
        action: "/settings/leave",
        yes: organizations.yesLeave
      })}`
  }</section>`

const notices: { readonly [done: string]: string } = {
  renamed: organizations.nameSaved,
  owner: organizations.handedOver,
  offered: organizations.offered,
  declined: organizations.declined,
  "called-off": organizations.calledOff
}

/** What the settings of an organization show. */
export interface SettingsPageModel {
  readonly done: string | undefined
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly others: ReadonlyArray<Member.Active>
  readonly state: Fields.FormState
  readonly status: Status
  readonly view: Organizations.OrganizationView
}

/** The settings of an organization. */
export const settingsPage = ({ done, me, now, others, state, status, view }: SettingsPageModel): MemberPage => {
  const text = notices[done ?? ""]
  const mayRename = Access.can(me, "administer") && me.accessScope._tag === "Everything"
  return {
    title: shared.organization,
    status,
    body: html`
    ${Components.pageHead(shared.organization, { lead: isolateText(view.organization.name) })}
    ${text !== undefined && Components.notice("good", text)}
    ${
      mayRename &&
      html`<form method="post" action="/settings/name" class="card form">
      ${Fields.textField(
        { ...state, values: { name: state.values["name"] ?? view.organization.name } },
        "name",
        shared.name,
        { autocomplete: "organization" }
      )}
      <button class="small secondary">${organizations.saveName}</button></form>`
    }
    ${ownerPart(me, view, others, now)}
    ${leavePart(me)}
    ${closePart(me.role === "owner")}`
  }
}
