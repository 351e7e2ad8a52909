/** The pages behind an invitation to join. */
import { Messages } from "@portolan/domain"
import type { Members } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import { messageMarkup } from "../../page/messageMarkup.ts"
import type { Page } from "../../page/send.ts"

const { invitations, shared } = words
const signInLabel = Messages.text("email.registered-action")

/** Says that an invitation cannot be answered any more. */
export const deadInvitationPage = (expired: boolean): Page => {
  const title = expired ? invitations.expired : invitations.notOpen
  return {
    title,
    status: 410,
    body: html`<section class="card"><h1>${title}</h1>
    ${Components.reasons(
      { reason: expired ? invitations.nobodyAnswered : invitations.answeredBefore, nextStep: invitations.signInOrAsk },
      Messages.text("page.you")
    )}<p><a class="button" href="/sign-in">${signInLabel}</a></p></section>`
  }
}

/** Says that an invitation was declined. */
export const declinedPage: Page = {
  title: invitations.declined,
  body: html`<section class="card"><h1>${invitations.declined}</h1>
        <p>${invitations.joinedNothing} ${shared.closePage}</p></section>`
}

const facts = (view: Members.InvitationView, now: DateTime.Utc): Markup => html`<dl class="facts">
  <div><dt>${shared.organization}</dt><dd>${isolateText(view.organizationName)}</dd></div>
  <div><dt>${invitations.invitedBy}</dt><dd>${isolateText(view.inviter)}</dd></div>
  <div><dt>${shared.sentTo}</dt><dd>${isolateText(view.email)}</dd></div>
  <div><dt>${Messages.text("email.fact-role")}</dt><dd>${
    view.isLimited ? invitations.roleForChosen({ role: view.role }) : view.role
  }</dd></div>
  <div><dt>${shared.expires}</dt><dd>${Components.whenFully(view.expiresAt, now)}</dd></div></dl>`

const folded = (email: string) => email.trim().toLowerCase()

const signInOrUp = (path: string, view: Members.InvitationView): Markup => {
  const here = encodeURIComponent(path)
  const address = encodeURIComponent(view.email)
  return html`<p>${invitations.signInOrUp({ email: html`<strong>${isolateText(view.email)}</strong>` })}</p>
      <div class="buttons"><a class="button" href="/sign-in?email=${address}&amp;return=${here}">${signInLabel}</a>
      <a class="button secondary" href="/sign-up?email=${address}&amp;return=${here}">${shared.signUp}</a></div>`
}

const otherAddress = (path: string, view: Members.InvitationView, email: string): Markup =>
  html`${Components.notice(
    "act",
    invitations.forOtherAddress,
    invitations.otherAddress({
      email: isolateText(view.email),
      inviter: isolateText(view.inviter),
      signedInAs: isolateText(email)
    })
  )}
      <form method="post" action="/sign-out"><input type="hidden" name="return" value="${
        path
      }"><button class="secondary">${shared.signOut}</button></form>`

const answers = (path: string, view: Members.InvitationView): Markup =>
  html`<div class="buttons"><form method="post" action="${path}/accept"><button>${invitations.join({
    organization: isolateText(view.organizationName)
  })}</button></form>
    ${Components.confirmed({
      label: invitations.declineIt,
      question: invitations.turnDown({ inviter: view.inviter }),
      action: `${path}/decline`,
      yes: invitations.yesDecline
    })}</div>`

const choices = (path: string, view: Members.InvitationView, email: string | undefined): Markup => {
  if (email === undefined) return signInOrUp(path, view)
  return folded(email) === folded(view.email) ? answers(path, view) : otherAddress(path, view, email)
}

/** What an invitation page is about, and who looks at it. */
export interface ShownInvitation {
  /** Its own address. */
  readonly path: string
  readonly view: Members.InvitationView
  /** The address of the person who is signed in. */
  readonly email: string | undefined
  readonly now: DateTime.Utc
}

/** An invitation, with what this visitor can do about it. */
export const invitationPage = ({ email, now, path, view }: ShownInvitation): Page => ({
  title: invitations.join({ organization: view.organizationName }),
  body: html`<section class="card guest-card">
    <p class="eyebrow">${invitations.invitation}</p>
    <h1>${messageMarkup("email.invite-subject", {
      inviter: isolateText(view.inviter),
      organization: isolateText(view.organizationName)
    })}</h1>
    ${facts(view, now)}
    ${choices(path, view, email)}</section>`
})
