/**
 * The page behind an invitation to join (flow P14; rules P-R15, X-R6): it says who invites whom to what, and tells each visitor
 * what to do: sign in, sign up, join, or come back as the person the mail was sent to. Looking changes nothing.
 */
import type { Members } from "@portolan/ports"
import { type DateTime, Effect, Redacted } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, theirs } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status, Trouble } from "../Trouble.ts"
import * as Web from "../Web.ts"

const deadPage = (desk: Desk, c: Context, expired: boolean): Response => {
  const title = expired ? "This invitation has expired" : "This invitation is not open any more"
  return Web.send(
    c,
    Layout.guestPage(
      desk,
      title,
      html`<section class="card"><h1>${title}</h1>
    ${Parts.reasons(
      {
        reason: expired
          ? "Nobody answered it in time."
          : "It was accepted, declined or withdrawn, a newer one was sent, or the address was cut off on its way.",
        nextStep: "If you joined already, sign in. Otherwise ask the person who invited you to send it again."
      },
      "You"
    )}<p><a class="button" href="/sign-in">Sign in</a></p></section>`
    ),
    410
  )
}

const facts = (view: Members.InvitationView, now: DateTime.Utc): Markup => html`<dl class="facts">
  <div><dt>Organization</dt><dd>${theirs(view.organizationName)}</dd></div>
  <div><dt>Invited by</dt><dd>${theirs(view.inviter)}</dd></div>
  <div><dt>Sent to</dt><dd>${theirs(view.email)}</dd></div>
  <div><dt>Your role</dt><dd>${view.role}${view.isLimited && ", for chosen accounts"}</dd></div>
  <div><dt>Expires</dt><dd>${Parts.whenFully(view.expiresAt, now)}</dd></div></dl>`

const folded = (email: string) => email.trim().toLowerCase()

const choices = (c: Context, view: Members.InvitationView, email: string | undefined): Markup => {
  const here = encodeURIComponent(c.req.path)
  const address = encodeURIComponent(view.email)
  if (email === undefined) {
    return html`<p>Sign in as <strong>${theirs(view.email)}</strong>, or sign up with this address if it is new here.
      You come back to this page.</p>
      <div class="buttons"><a class="button" href="/sign-in?email=${address}&amp;return=${here}">Sign in</a>
      <a class="button secondary" href="/sign-up?email=${address}&amp;return=${here}">Sign up</a></div>`
  }
  if (folded(email) !== folded(view.email)) {
    return html`${Parts.notice(
      "act",
      "This invitation is for another address",
      html`It was sent to ${theirs(view.email)}, and you are signed in as ${theirs(email)}. Sign out and come back as ${theirs(
        view.email
      )}, or ask ${theirs(view.inviter)} to invite ${theirs(email)}.`
    )}
      <form method="post" action="/sign-out"><input type="hidden" name="return" value="${
        c.req.path
      }"><button class="secondary">Sign out</button></form>`
  }
  return html`<div class="buttons"><form method="post" action="${c.req.path}/accept"><button>Join ${theirs(
    view.organizationName
  )}</button></form>
    ${Parts.confirmed(
      "Decline",
      `Do you turn this invitation down? ${view.inviter} would have to invite you again.`,
      `${c.req.path}/decline`,
      "Yes, decline"
    )}</div>`
}

const joinPage = (
  desk: Desk,
  c: Context,
  view: Members.InvitationView,
  email: string | undefined,
  now: DateTime.Utc,
  status: Status = 200
): Response =>
  Web.send(
    c,
    Layout.guestPage(
      desk,
      `Join ${view.organizationName}`,
      html`<section class="card guest-card">
    <p class="eyebrow">Invitation</p>
    <h1>${theirs(view.inviter)} invites you to ${theirs(view.organizationName)}</h1>
    ${facts(view, now)}
    ${choices(c, view, email)}</section>`
    ),
    status
  )

const tokenOf = (c: Context) => Redacted.make((c.req.param("token") ?? "").slice(0, 200))

/** `/join/{token}`. */
export const routes: Routes = (app, desk) => {
  const gone = (c: Context) => (effect: Effect.Effect<Response, Trouble>) =>
    Effect.catch(effect, (error): Effect.Effect<Response, Trouble> =>
      error._tag === "NotFound" || (error._tag === "Refused" && error.reason === "expired")
        ? Effect.succeed(deadPage(desk, c, error._tag === "Refused"))
        : Effect.fail(error)
    )

  const shown = Effect.fnUntraced(function* (c: Context, status: Status = 200) {
    const view = yield* desk.members.look(tokenOf(c))
    const who = yield* Web.person(desk, c).pipe(
      Effect.map(({ email }) => email),
      Effect.catchTag("NotSignedIn", () => Effect.succeed(undefined))
    )
    return joinPage(desk, c, view, who, yield* Web.now, status)
  })

  app.get(
    "/join/:token",
    Web.handle(desk, (c) => gone(c)(shown(c)))
  )

  app.post(
    "/join/:token/accept",
    Web.handle(desk, (c) =>
      gone(c)(
        Effect.gen(function* () {
          const person = yield* Web.person(desk, c)
          const member = yield* desk.members.accept(person, tokenOf(c))
          yield* desk.organizations.choose(c.req.raw.headers, member.organizationId)
          return c.redirect("/companies", 303)
        })
      )
    )
  )

  app.post(
    "/join/:token/decline",
    Web.handle(desk, (c) =>
      gone(c)(
        Effect.gen(function* () {
          yield* desk.members.decline(yield* Web.person(desk, c), tokenOf(c))
          return Web.send(
            c,
            Layout.guestPage(
              desk,
              "Invitation declined",
              html`<section class="card"><h1>Invitation declined</h1>
        <p>You joined nothing. You can close this page.</p></section>`
            )
          )
        })
      )
    )
  )
}
