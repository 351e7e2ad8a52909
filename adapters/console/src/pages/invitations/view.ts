/** The pages behind an invitation to join. */
import type { Members } from "@portolan/ports"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import type { Page } from "../../page/send.ts"

/** Says that an invitation cannot be answered any more. */
export const deadInvitationPage = (expired: boolean): Page => {
  const title = expired ? "This invitation has expired" : "This invitation is not open any more"
  return {
    title,
    status: 410,
    body: html`<section class="card"><h1>${title}</h1>
    ${Components.reasons(
      {
        reason: expired
          ? "Nobody answered it in time."
          : "It was accepted, declined or withdrawn, a newer one was sent, or the address was cut off on its way.",
        nextStep: "If you joined already, sign in. Otherwise ask the person who invited you to send it again."
      },
      "You"
    )}<p><a class="button" href="/sign-in">Sign in</a></p></section>`
  }
}

/** Says that an invitation was declined. */
export const declinedPage: Page = {
  title: "Invitation declined",
  body: html`<section class="card"><h1>Invitation declined</h1>
        <p>You joined nothing. You can close this page.</p></section>`
}

const facts = (view: Members.InvitationView, now: DateTime.Utc): Markup => html`<dl class="facts">
  <div><dt>Organization</dt><dd>${isolateText(view.organizationName)}</dd></div>
  <div><dt>Invited by</dt><dd>${isolateText(view.inviter)}</dd></div>
  <div><dt>Sent to</dt><dd>${isolateText(view.email)}</dd></div>
  <div><dt>Your role</dt><dd>${view.role}${view.isLimited && ", for chosen accounts"}</dd></div>
  <div><dt>Expires</dt><dd>${Components.whenFully(view.expiresAt, now)}</dd></div></dl>`

const folded = (email: string) => email.trim().toLowerCase()

const signInOrUp = (path: string, view: Members.InvitationView): Markup => {
  const here = encodeURIComponent(path)
  const address = encodeURIComponent(view.email)
  return html`<p>Sign in as <strong>${isolateText(view.email)}</strong>, or sign up with this address if it is new here.
      You come back to this page.</p>
      <div class="buttons"><a class="button" href="/sign-in?email=${address}&amp;return=${here}">Sign in</a>
      <a class="button secondary" href="/sign-up?email=${address}&amp;return=${here}">Sign up</a></div>`
}

const otherAddress = (path: string, view: Members.InvitationView, email: string): Markup =>
  html`${Components.notice(
    "act",
    "This invitation is for another address",
    html`It was sent to ${isolateText(view.email)}, and you are signed in as ${isolateText(email)}. Sign out and come
      back
      as ${isolateText(view.email)}, or ask ${isolateText(view.inviter)} to invite ${isolateText(email)}.`
  )}
      <form method="post" action="/sign-out"><input type="hidden" name="return" value="${
        path
      }"><button class="secondary">Sign out</button></form>`

const answers = (path: string, view: Members.InvitationView): Markup =>
  html`<div class="buttons"><form method="post" action="${path}/accept"><button>Join ${isolateText(
    view.organizationName
  )}</button></form>
    ${Components.confirmed({
      label: "Decline",
      question: `Do you turn this invitation down? ${view.inviter} would have to invite you again.`,
      action: `${path}/decline`,
      yes: "Yes, decline"
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
  title: `Join ${view.organizationName}`,
  body: html`<section class="card guest-card">
    <p class="eyebrow">Invitation</p>
    <h1>${isolateText(view.inviter)} invites you to ${isolateText(view.organizationName)}</h1>
    ${facts(view, now)}
    ${choices(path, view, email)}</section>`
})
