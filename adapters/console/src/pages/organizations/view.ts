/** Pages to create, choose and set up an organization. */
import { Access, type Member, Messages } from "@portolan/domain"
import type { Organizations } from "@portolan/ports"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { type Content, html, isolateText, type Markup } from "../../page/html.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage, Page } from "../../page/send.ts"

/** What the form of a new organization shows. */
export interface NewOrganizationPageModel {
  readonly key: string
  readonly state: Fields.FormState
  readonly status: Status
}

/** The form of a new organization. */
export const newOrganizationPage = ({ key, state, status }: NewOrganizationPageModel): Page => ({
  title: "Create an organization",
  status,
  body: html`<section class="card sign-in"><h1>Create an organization</h1>
    <p class="muted">Companies, accounts and colleagues belong to an organization. You become its owner.</p>
    <form method="post" action="/organizations"><input type="hidden" name="key" value="${key}">
      ${Fields.textField(state, "name", Messages.text("page.organization-name"), {
        autocomplete: "organization",
        hint: "Usually your own firm. It can be renamed."
      })}
      <button>Create organization</button></form>
    <p class="muted">Were you invited to one? Open the link in the invitation's mail instead.</p>
    <form method="post" action="/sign-out"><button class="secondary outline small">Sign out</button></form></section>`
})

/** What the list of a person's organizations shows. */
export interface ChooseOrganizationPageModel {
  readonly current: string | undefined
  readonly mine: ReadonlyArray<Organizations.Membership>
}

/** The list of a person's organizations. */
export const chooseOrganizationPage = ({ current, mine }: ChooseOrganizationPageModel): Page => ({
  title: "Your organizations",
  body: html`<section class="card"><h1>Your organizations</h1>
    <ul class="organizations plain">${mine.map(
      ({ organization, role }) =>
        html`<li><form method="post" action="/organizations/${organization.id}/choose">
      <button class="secondary outline wide-button">${isolateText(organization.name)} <span class="muted">${role}${
        organization.id === current && ", you are here"
      }</span></button></form></li>`
    )}</ul>
    <p><a href="/organizations/new">Create another organization</a><br><a href="/companies">Back</a></p></section>`
})

const memberSelect = (name: string, label: Content, members: ReadonlyArray<Member.Active>): Markup =>
  html`<div class="field"><label for="field-${name}">${label}</label><select id="field-${name}"
    name="${name}">${members.map(
      ({ email, id, name: who }) => html`<option value="${id}">${who} (${email})</option>`
    )}</select></div>`

const ownerPart = (me: Layout.Me, view: Organizations.OrganizationView, others: ReadonlyArray<Member.Active>): Markup =>
  html`<section class="card form" aria-labelledby="owner"><h2 id="owner">Owner</h2>
    <p>${isolateText(view.owner.name)} <span class="muted">${isolateText(view.owner.email)}</span></p>
    ${
      me.role === "owner" &&
      (others.length === 0
        ? html`<p class="muted">To hand the ownership over, <a href="/members/invite">invite somebody</a> first.</p>`
        : html`<details class="confirm"><summary
          class="button secondary outline small">Hand the ownership over</summary>
        <div class="confirm-panel">
        <p>There is exactly one owner. You stay as admin, and only the new owner can hand it back.</p>
        <form method="post" action="/settings/owner">${memberSelect(
          "member",
          "New owner",
          others
        )}<button class="danger small">Hand over</button></form></div></details>`)
    }
    ${
      me.role !== "owner" &&
      html`<p class="muted">Only the owner can hand the ownership over. If the owner is gone, the
      operator of this installation can.</p>`
    }</section>`

const leavePart = (
  me: Layout.Me
): Markup => html`<section class="card form" aria-labelledby="leave"><h2 id="leave">Leave</h2>
  ${
    me.role === "owner"
      ? html`<p class="muted">An organization always has an owner. Hand the ownership over first, then you can
        leave.</p>`
      : html`<p>You lose access at once. The owner answers for your consents from then on, and keys you made stop
        working.</p>
      ${Components.confirmed({
        label: "Leave this organization",
        question: "Do you really leave? Somebody must invite you again to come back.",
        action: "/settings/leave",
        yes: "Yes, leave"
      })}`
  }</section>`

const notices: { readonly [done: string]: string } = {
  renamed: "The new name is saved",
  owner: "The ownership is handed over"
}

/** What the settings of an organization show. */
export interface SettingsPageModel {
  readonly done: string | undefined
  readonly me: Layout.Me
  readonly others: ReadonlyArray<Member.Active>
  readonly state: Fields.FormState
  readonly status: Status
  readonly view: Organizations.OrganizationView
}

/** The settings of an organization. */
export const settingsPage = ({ done, me, others, state, status, view }: SettingsPageModel): MemberPage => {
  const text = notices[done ?? ""]
  const mayRename = Access.can(me, "administer") && me.accessScope._tag === "Everything"
  return {
    title: "Organization",
    status,
    body: html`
    ${Components.pageHead("Organization", { lead: isolateText(view.organization.name) })}
    ${text !== undefined && Components.notice("good", text)}
    ${
      mayRename &&
      html`<form method="post" action="/settings/name" class="card form">
      ${Fields.textField(
        { ...state, values: { name: state.values["name"] ?? view.organization.name } },
        "name",
        "Name",
        { autocomplete: "organization" }
      )}
      <button class="small">Save name</button></form>`
    }
    ${ownerPart(me, view, others)}
    ${leavePart(me)}`
  }
}
