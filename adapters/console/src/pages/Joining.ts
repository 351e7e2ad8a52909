/**
 * The page behind an invitation to join (flow P14; rules P-R15, X-R6): it says who invites whom to what, and tells each visitor
 * what to do: sign in, sign up, join, or come back as the person the mail was sent to. Looking changes nothing.
 */
import type { Members } from "@portolan/ports"
import { type DateTime, Effect, Redacted } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import type { Status, PageError } from "../page/errors.ts"
import * as Http from "../page/http.ts"

const deadPage = (context: PageContext, c: Context, expired: boolean): Response => {
  const title = expired ? "This invitation has expired" : "This invitation is not open any more"
  return Http.send(
    c,
    Layout.guestPage(
      context,
      title,
      html`<section class="card"><h1>${title}</h1>
    ${Components.reasons(
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
  <div><dt>Organization</dt><dd>${isolateText(view.organizationName)}</dd></div>
  <div><dt>Invited by</dt><dd>${isolateText(view.inviter)}</dd></div>
  <div><dt>Sent to</dt><dd>${isolateText(view.email)}</dd></div>
  <div><dt>Your role</dt><dd>${view.role}${view.isLimited && ", for chosen accounts"}</dd></div>
  <div><dt>Expires</dt><dd>${Components.whenFully(view.expiresAt, now)}</dd></div></dl>`

const folded = (email: string) => email.trim().toLowerCase()

const choices = (c: Context, view: Members.InvitationView, email: string | undefined): Markup => {
  const here = encodeURIComponent(c.req.path)
  const address = encodeURIComponent(view.email)
  if (email === undefined) {
    return html`<p>Sign in as <strong>${isolateText(view.email)}</strong>, or sign up with this address if it is new here.
      You come back to this page.</p>
      <div class="buttons"><a class="button" href="/sign-in?email=${address}&amp;return=${here}">Sign in</a>
      <a class="button secondary" href="/sign-up?email=${address}&amp;return=${here}">Sign up</a></div>`
  }
  if (folded(email) !== folded(view.email)) {
    return html`${Components.notice(
      "act",
      "This invitation is for another address",
      html`It was sent to ${isolateText(view.email)}, and you are signed in as ${isolateText(email)}. Sign out and come back as ${isolateText(
        view.email
      )}, or ask ${isolateText(view.inviter)} to invite ${isolateText(email)}.`
    )}
      <form method="post" action="/sign-out"><input type="hidden" name="return" value="${
        c.req.path
      }"><button class="secondary">Sign out</button></form>`
  }
  return html`<div class="buttons"><form method="post" action="${c.req.path}/accept"><button>Join ${isolateText(
    view.organizationName
  )}</button></form>
    ${Components.confirmed(
      "Decline",
      `Do you turn this invitation down? ${view.inviter} would have to invite you again.`,
      `${c.req.path}/decline`,
      "Yes, decline"
    )}</div>`
}

const joinPage = (
  context: PageContext,
  c: Context,
  view: Members.InvitationView,
  email: string | undefined,
  now: DateTime.Utc,
  status: Status = 200
): Response =>
  Http.send(
    c,
    Layout.guestPage(
      context,
      `Join ${view.organizationName}`,
      html`<section class="card guest-card">
    <p class="eyebrow">Invitation</p>
    <h1>${isolateText(view.inviter)} invites you to ${isolateText(view.organizationName)}</h1>
    ${facts(view, now)}
    ${choices(c, view, email)}</section>`
    ),
    status
  )

const tokenOf = (c: Context) => Redacted.make((c.req.param("token") ?? "").slice(0, 200))

/** `/join/{token}`. */
export const routes: Routes = (app, context) => {
  const gone = (c: Context) => (effect: Effect.Effect<Response, PageError>) =>
    Effect.catch(effect, (error): Effect.Effect<Response, PageError> =>
      error._tag === "NotFound" || (error._tag === "Refused" && error.reason === "expired")
        ? Effect.succeed(deadPage(context, c, error._tag === "Refused"))
        : Effect.fail(error)
    )

  const shown = Effect.fnUntraced(function* (c: Context, status: Status = 200) {
    const view = yield* context.members.look(tokenOf(c))
    const who = yield* Http.person(context, c).pipe(
      Effect.map(({ email }) => email),
      Effect.catchTag("NotSignedIn", () => Effect.succeed(undefined))
    )
    return joinPage(context, c, view, who, yield* Http.now, status)
  })

  app.get(
    "/join/:token",
    Http.handle(context, (c) => gone(c)(shown(c)))
  )

  app.post(
    "/join/:token/accept",
    Http.handle(context, (c) =>
      gone(c)(
        Effect.gen(function* () {
          const person = yield* Http.person(context, c)
          const member = yield* context.members.accept(person, tokenOf(c))
          yield* context.organizations.choose(c.req.raw.headers, member.organizationId)
          return c.redirect("/companies", 303)
        })
      )
    )
  )

  app.post(
    "/join/:token/decline",
    Http.handle(context, (c) =>
      gone(c)(
        Effect.gen(function* () {
          yield* context.members.decline(yield* Http.person(context, c), tokenOf(c))
          return Http.send(
            c,
            Layout.guestPage(
              context,
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
