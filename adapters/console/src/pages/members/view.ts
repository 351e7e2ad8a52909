/** Pages about the people of an organization. */
import { Access, Actor, Member, Messages } from "@portolan/domain"
import type { Members, Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { accessFields, type Choosable, describeAccessScope, valuesOf } from "./accessFields.ts"

/** Whether somebody may change anything about people. */
const manages = (me: Layout.Me): boolean => Access.can(me, "manage-people") && me.accessScope._tag === "Everything"

const memberRow = (me: Layout.Me, { isCaller, member, role }: Members.MemberView, now: DateTime.Utc): Markup =>
  member._tag !== "Active"
    ? html``
    : html`<tr>
    <th scope="row" data-label="Person">${isolateText(member.name)}${
      isCaller &&
      html` <span
      class="muted">(you)</span>`
    }<br>
      <small class="muted">${isolateText(member.email)}</small></th>
    <td data-label="Role">${role}</td>
    <td data-label="Sees">${role === "owner" ? "All accounts" : describeAccessScope(member.accessScope)}</td>
    <td data-label="Joined">${Components.when(member.joinedAt, now)}</td>
    <td class="end">${
      manages(me) &&
      role !== "owner" &&
      !isCaller &&
      html`<a class="button secondary outline small" href="/members/${member.id}">Change<span class="sr-only"> ${
        member.name
      }</span></a>`
    }</td></tr>`

const invitationRow = (me: Layout.Me, { member }: Members.MemberView, now: DateTime.Utc): Markup =>
  member._tag !== "Invited"
    ? html``
    : html`<tr>
    <th scope="row" data-label="Invited">${isolateText(member.email)}<br><small class="muted">by ${isolateText(
      Actor.describe(member.invitedBy)
    )}</small></th>
    <td data-label="Role">${member.role}</td>
    <td data-label="Will see">${describeAccessScope(member.accessScope)}</td>
    <td data-label="Expires">${Components.when(member.expiresAt, now)}<br><small class="muted">mailed ${
      member.mails === 1 ? "once" : `${member.mails} times`
    }</small></td>
    <td class="end">${
      manages(me) &&
      html`<div class="row-actions">${
        member.mails < Member.mailLimit &&
        html`<form method="post" action="/members/${
          member.id
        }/mail-again"><button class="secondary outline small">Send again<span class="sr-only"> to ${
          member.email
        }</span></button></form>`
      }
      ${Components.confirmed({
        label: "Withdraw",
        question: `Withdraw the invitation of ${member.email}? Its link stops working.`,
        action: `/members/${member.id}/withdraw`,
        yes: "Yes, withdraw"
      })}</div>`
    }</td></tr>`

const table = (label: string, heads: ReadonlyArray<string>, rows: ReadonlyArray<Markup>): Markup =>
  html`<table class="rows" aria-label="${label}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}
    <th scope="col"><span class="sr-only">Actions</span></th></tr></thead><tbody>${rows}</tbody></table>`

const notices: { readonly [done: string]: string } = {
  invited: "The invitation is made",
  again: "The invitation is mailed again",
  withdrawn: "The invitation is withdrawn",
  changed: "The access is changed",
  removed: "The member is removed"
}

/** Where emails are only kept, nobody gets one until its link is passed on. */
const unsent: Markup = html`No mail server is set up here, so the mail was not sent: open it in the
  <a href="/mailbox">mailbox</a> and pass its link on by hand.`

/** Says what was done just now. `sends`: whether this installation sends emails. */
const doneNotice = (done = "", sends: boolean): Markup => {
  const text = notices[done]
  if (text === undefined) return nothing
  const isMailed = done === "invited" || done === "again"
  return Components.notice("good", text, isMailed && !sends ? unsent : "")
}

/** What the list of people and of open invitations shows. */
export interface MembersPageModel {
  readonly cursor: string
  /** What was done just now. */
  readonly done: string | undefined
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly page: Repository.Page<Members.MemberView>
  /** Whether this installation sends emails. */
  readonly sends: boolean
}

/** The list of people and of open invitations. */
export const membersPage = ({ cursor, done, me, now, page, sends }: MembersPageModel): MemberPage => {
  const people = page.items.filter(({ member }) => member._tag === "Active")
  const invited = page.items.filter(({ member }) => member._tag === "Invited")
  const invite = html`<a class="button" href="/members/invite">Invite somebody</a>`
  return {
    title: "People",
    body: html`
    ${Components.pageHead("People", {
      lead: html`Who works in ${isolateText(me.organizationName)}.`,
      ...(manages(me) ? { actions: invite } : {})
    })}
    ${doneNotice(done, sends)}
    ${!manages(me) && Components.onlyLooking(Messages.text("page.who-administers"))}
    ${
      people.length > 0 &&
      table(
        "Members",
        ["Person", "Role", "Sees", "Joined"],
        people.map((one) => memberRow(me, one, now))
      )
    }
    <section class="block" aria-labelledby="invited"><h2 id="invited">Open invitations</h2>
      ${
        invited.length === 0
          ? Components.empty(
              "Nobody is invited at the moment",
              manages(me)
                ? "Invite a colleague, or the owner of an account who wants to connect it."
                : "An owner or admin can invite people.",
              manages(me) ? invite : ""
            )
          : table(
              "Open invitations",
              ["Invited", "Role", "Will see", "Expires"],
              invited.map((one) => invitationRow(me, one, now))
            )
      }</section>
    ${Components.pagination("/members", { cursor }, page)}`
  }
}

/** What the form to invite somebody shows. */
export interface InviteFormPageModel {
  readonly all: ReadonlyArray<Choosable>
  readonly state: Fields.FormState
  readonly status: Status
}

/** The form to invite somebody. */
export const inviteFormPage = ({ all, state, status }: InviteFormPageModel): MemberPage => ({
  title: "Invite somebody",
  status,
  body: html`
    ${Components.pageHead("Invite somebody", {
      crumbs: [{ href: "/members", label: "People" }],
      lead:
        "The person gets a mail with a link, and joins with the address it was sent to. Nobody " +
        "gets access at Amazon or Walmart by this."
    })}
    <form method="post" action="/members" class="card form">
      ${Fields.textField(state, "email", "E-mail", { type: "email" })}
      ${accessFields(state, all)}
      <div class="buttons"><button>Send the invitation</button><a class="button secondary outline"
        href="/members">Cancel</a></div>
    </form>`
})

const removal = (member: Member.Active, legacy: Members.Legacy, heirs: ReadonlyArray<Members.MemberView>): Markup =>
  html`<section class="card form" aria-labelledby="remove"><h2 id="remove">Remove</h2>
    <ul><li>${isolateText(member.name)} is out at once, on every device.</li>
      <li>API keys that ${isolateText(member.name)} made stop working.</li>
      <li>${
        legacy.consents === 0
          ? "No consents need another keeper."
          : `${
              legacy.consents === 1 ? "One consent gets" : `${legacy.consents} consents get`
            } another keeper. The connections stay as they are.`
      }</li>
      ${
        legacy.invitations > 0 &&
        html`<li>${
          legacy.invitations === 1
            ? "One invitation to join that nobody answered yet is"
            : `${legacy.invitations} invitations to join that nobody answered yet are`
        } withdrawn.</li>`
      }
      <li>Auth links and requests to connect stay valid. Answers to them go to you.</li></ul>
    <details class="confirm"><summary
      class="button secondary outline small">Remove ${isolateText(member.name)}</summary>
      <div class="confirm-panel">
      <form method="post" action="/members/${member.id}/remove">${
        legacy.consents > 0 &&
        html`<div class="field"><label for="heir">Who answers for the consents</label>
        <select id="heir" name="heir"><option value="">You</option>${heirs.flatMap(({ isCaller, member: one }) =>
          one._tag === "Active" && !isCaller && one.id !== member.id
            ? [html`<option value="${one.id}">${one.name}</option>`]
            : []
        )}</select></div>`
      }
        <button class="danger small">Yes, remove</button></form></div></details></section>`

/** What the page of a member or an invitation shows. */
export interface MemberPageModel {
  readonly all: ReadonlyArray<Choosable>
  readonly heirs: ReadonlyArray<Members.MemberView>
  readonly legacy: Members.Legacy
  readonly member: Exclude<Members.MemberView["member"], { readonly _tag: "Gone" }>
  readonly role: Members.MemberView["role"]
  readonly state: Fields.FormState | undefined
  readonly status: Status
}

/** The page of a member or an invitation. */
export const memberPage = ({ all, heirs, legacy, member, role, state, status }: MemberPageModel): MemberPage => {
  const who = member._tag === "Active" ? member.name : member.email
  return {
    title: who,
    status,
    body: html`
    ${Components.pageHead(isolateText(who), {
      crumbs: [{ href: "/members", label: "People" }],
      lead: isolateText(member.email)
    })}
    ${
      role === "owner"
        ? Components.notice(
            "info",
            "The owner sees and does everything",
            html`Hand the ownership over in the <a href="/settings">organization's settings</a> to change that.`
          )
        : html`<form method="post" action="/members/${member.id}/access" class="card form">
        ${accessFields(state ?? { values: valuesOf(member.role, member.accessScope), errors: {} }, all)}
        <div class="buttons"><button>Save</button><a class="button secondary outline"
          href="/members">Cancel</a></div></form>`
    }
    ${role !== "owner" && member._tag === "Active" && removal(member, legacy, heirs)}`
  }
}
