/** Pages about the people of an organization. */
import { Access, Actor, Member, Messages } from "@portolan/domain"
import type { Members, Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { accessFields, describeAccessScope } from "./accessFields.ts"
import type { Offer } from "./offer.ts"

const { members, shared } = words

/** Whether somebody may change anything about people. */
const manages = (me: Layout.Me): boolean => Access.can(me, "manage-people") && me.accessScope._tag === "Everything"

const memberRow = (me: Layout.Me, { isCaller, member, role }: Members.MemberView, now: DateTime.Utc): Markup =>
  member._tag !== "Active"
    ? html``
    : html`<tr>
    <th scope="row" data-label="${shared.person}">${isolateText(member.name)}${
      isCaller &&
      html` <span
      class="muted">${members.you}</span>`
    }<br>
      <small class="muted">${isolateText(member.email)}</small></th>
    <td data-label="${members.role}">${role}</td>
    <td data-label="${shared.mayLookAt}">${
      role === "owner" ? members.allAccounts : describeAccessScope(member.accessScope)
    }</td>
    <td data-label="${shared.joined}">${Components.when(member.joinedAt, now)}</td>
    <td class="end">${
      manages(me) &&
      role !== "owner" &&
      !isCaller &&
      html`<a class="button secondary outline small" href="/members/${
        member.id
      }">${shared.change}<span class="sr-only"> ${member.name}</span></a>`
    }</td></tr>`

const invitationRow = (me: Layout.Me, { member }: Members.MemberView, now: DateTime.Utc): Markup =>
  member._tag !== "Invited"
    ? html``
    : html`<tr>
    <th scope="row" data-label="${members.invited}">${isolateText(member.email)}<br><small
      class="muted">${shared.byActor({ actor: isolateText(Actor.describe(member.invitedBy)) })}</small></th>
    <td data-label="${members.role}">${member.role}</td>
    <td data-label="${members.willSee}">${describeAccessScope(member.accessScope)}</td>
    <td data-label="${shared.expires}">${Components.when(member.expiresAt, now)}<br><small
      class="muted">${members.mailed({ mails: member.mails })}</small>${
        member.bounce !== undefined &&
        html`<br>${Components.badge("act", members.cameBack)}<br><small>${isolateText(member.bounce.reason)}
          ${members.inviteOther}</small>`
      }</td>
    <td class="end">${
      manages(me) &&
      html`<div class="row-actions">${
        member.mails < Member.mailLimit &&
        html`<form method="post" action="/members/${
          member.id
        }/mail-again"><button class="secondary outline small">${shared.sendAgain}<span class="sr-only"> ${shared.to({
          recipient: member.email
        })}</span></button></form>`
      }
      ${Components.confirmed({
        label: members.withdraw,
        question: members.withdrawInvitation({ email: member.email }),
        action: `/members/${member.id}/withdraw`,
        yes: members.yesWithdraw
      })}</div>`
    }</td></tr>`

const table = (label: string, heads: ReadonlyArray<string>, rows: ReadonlyArray<Markup>): Markup =>
  html`<table class="rows" aria-label="${label}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}
    <th scope="col"><span class="sr-only">${shared.actions}</span></th></tr></thead><tbody>${rows}</tbody></table>`

const notices: { readonly [done: string]: string } = {
  invited: members.invitationMade,
  again: members.invitationMailed,
  withdrawn: members.invitationWithdrawn,
  changed: members.accessChanged,
  removed: members.removed
}

/** Where emails are only kept, nobody gets one until its link is passed on. */
const unsent: Markup = members.unsent({ mailbox: html`<a href="/mailbox">${shared.theMailbox}</a>` })

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
  const invite = html`<a class="button" href="/members/invite">${members.invite}</a>`
  return {
    title: shared.people,
    body: html`
    ${Components.pageHead(shared.people, {
      lead: members.whoWorksHere({ organization: isolateText(me.organizationName) }),
      ...(manages(me) ? { actions: invite } : {})
    })}
    ${doneNotice(done, sends)}
    ${!manages(me) && Components.onlyLooking(Messages.text("page.who-administers"))}
    ${
      people.length > 0 &&
      table(
        members.members,
        [shared.person, members.role, shared.mayLookAt, shared.joined],
        people.map((one) => memberRow(me, one, now))
      )
    }
    <section class="block" aria-labelledby="invited"><h2 id="invited">${members.openInvitations}</h2>
      ${
        invited.length === 0
          ? Components.empty(members.nobodyInvited, manages(me) ? members.invitees : members.adminsInvite)
          : table(
              members.openInvitations,
              [members.invited, members.role, members.willSee, shared.expires],
              invited.map((one) => invitationRow(me, one, now))
            )
      }</section>
    ${Components.pagination("/members", { cursor }, page)}`
  }
}

/** What the form to invite somebody shows. */
export interface InviteFormPageModel {
  readonly offer: Offer
  readonly state: Fields.FormState
  readonly status: Status
}

/** The form to invite somebody. */
export const inviteFormPage = ({ offer, state, status }: InviteFormPageModel): MemberPage => ({
  title: members.invite,
  status,
  body: html`
    ${Components.pageHead(members.invite, {
      crumbs: [{ href: "/members", label: shared.people }],
      lead: members.inviteLead
    })}
    <form method="post" action="/members" class="card form">
      ${Fields.textField(state, "email", shared.email, { type: "email" })}
      ${accessFields({ action: "/members", offer, state })}
      <div class="buttons"><button>${members.sendInvitation}</button><a class="button secondary outline"
        href="/members">${shared.cancel}</a></div>
    </form>`
})

const removal = (member: Member.Active, legacy: Members.Legacy, heirs: ReadonlyArray<Members.MemberView>): Markup =>
  html`<section class="card form" aria-labelledby="remove"><h2 id="remove">${shared.remove}</h2>
    <ul><li>${members.outAtOnce({ member: isolateText(member.name) })}</li>
      <li>${members.keysStop({ member: isolateText(member.name) })}</li>
      <li>${legacy.consents === 0 ? members.noConsents : members.consentsKept({ quantity: legacy.consents })}</li>
      ${legacy.invitations > 0 && html`<li>${members.invitationsWithdrawn({ quantity: legacy.invitations })}</li>`}
      <li>${members.linksStay}</li></ul>
    <details class="confirm"><summary
      class="button secondary outline small">${shared.removeNamed({ name: isolateText(member.name) })}</summary>
      <div class="confirm-panel">
      <form method="post" action="/members/${member.id}/remove">${
        legacy.consents > 0 &&
        html`<div class="field"><label for="heir">${members.whoAnswers}</label>
        <select id="heir" name="heir"><option value="">${Messages.text("page.you")}</option>${heirs.flatMap(
          ({ isCaller, member: one }) =>
            one._tag === "Active" && !isCaller && one.id !== member.id
              ? [html`<option value="${one.id}">${one.name}</option>`]
              : []
        )}</select></div>`
      }
        <button class="danger small">${members.yesRemove}</button></form></div></details></section>`

/** What the page of a member or an invitation shows. */
export interface MemberPageModel {
  readonly offer: Offer
  readonly heirs: ReadonlyArray<Members.MemberView>
  readonly legacy: Members.Legacy
  readonly member: Exclude<Members.MemberView["member"], { readonly _tag: "Gone" }>
  readonly role: Members.MemberView["role"]
  readonly state: Fields.FormState
  readonly status: Status
}

/** The page of a member or an invitation. */
export const memberPage = ({ heirs, legacy, member, offer, role, state, status }: MemberPageModel): MemberPage => {
  const who = member._tag === "Active" ? member.name : member.email
  return {
    title: who,
    status,
    body: html`
    ${Components.pageHead(isolateText(who), {
      crumbs: [{ href: "/members", label: shared.people }],
      lead: isolateText(member.email)
    })}
    ${
      role === "owner"
        ? Components.notice(
            "info",
            members.ownerDoesAll,
            members.changeOwner({ link: html`<a href="/settings">${members.organizationSettings}</a>` })
          )
        : html`<form method="post" action="/members/${member.id}/access" class="card form">
        ${accessFields({ action: `/members/${member.id}/access`, offer, state })}
        <div class="buttons"><button>${shared.save}</button><a class="button secondary outline"
          href="/members">${shared.cancel}</a></div></form>`
    }
    ${role !== "owner" && member._tag === "Active" && removal(member, legacy, heirs)}`
  }
}
