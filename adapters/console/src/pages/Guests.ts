/**
 * What people without an account here see: the page behind an auth link, and the page they come back to. A link is
 * looked at by GET and followed by POST only, because mail scanners open every address they find (rule K-R9).
 *
 * A callback carries a code in its query. It is taken, and answered with a redirect to a page whose address says
 * nothing but the kind of outcome, so no code stays in the address bar, the history or a referrer.
 */
import { AccountType, Authorization, Channel, Invitation } from "@portolan/domain"
import type { AuthLinks, Connecting } from "@portolan/ports"
import { type DateTime, Effect, Redacted } from "effect"
import type { Context } from "hono"
import * as CallbackResult from "./guests/callbackPage.ts"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import * as PageError from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"

const channelOf = (c: Context): Channel.Channel | undefined =>
  Channel.all().find((channel) => channel === c.req.param("channel"))

interface End {
  readonly title: string
  readonly reason: string
  readonly nextStep: string
  readonly status: PageError.Status
}

const linkEnds: { readonly [T in AuthLinks.GuestView["link"]["_tag"]]: End } = {
  Open: {
    title: "This link has expired",
    reason: "It was not used in time.",
    nextStep: "Ask the person who sent it for a new one.",
    status: 410
  },
  Expired: {
    title: "This link has expired",
    reason: "It was not used in time.",
    nextStep: "Ask the person who sent it for a new one.",
    status: 410
  },
  Used: {
    title: "This link has been used",
    reason: "A consent came through this link already. It works once.",
    nextStep: "If that was you, you are done and can close this page. Otherwise tell the person who sent it.",
    status: 410
  },
  Revoked: {
    title: "This link was withdrawn",
    reason: "The person who sent it took it back.",
    nextStep: "Ask the person who sent it whether a new one is coming.",
    status: 410
  }
}

const closedLink = (context: PageContext, c: Context, view: AuthLinks.GuestView): Response => {
  const end = linkEnds[view.link._tag]
  return Http.send(
    c,
    Layout.guestPage(
      context,
      end.title,
      html`<section class="card"><header class="with-badge">
    <h1>${end.title}</h1>${Components.badge("idle", view.outcome.label)}</header>
    ${Components.reasons(end, view.link._tag === "Used" ? "Nobody" : view.contact)}
    ${view.request !== undefined && view.link._tag === "Used" && html`<p>Whoever asked and whoever was asked get a confirmation by mail once the account is connected.</p>`}
    <p class="muted">It was for the account ${isolateText(view.accountName)} of ${isolateText(view.companyName)}.</p>
      </section>`
    ),
    end.status
  )
}

/** Who asks: of a request by name and organization, of a link by whoever made it (rule X-R4). */
const asker = (view: AuthLinks.GuestView): Markup =>
  view.request === undefined
    ? isolateText(view.issuedBy)
    : html`${isolateText(view.request.requesterName)} of ${isolateText(view.request.organizationName)}`

const openLink = (
  context: PageContext,
  c: Context,
  view: AuthLinks.GuestView,
  now: DateTime.Utc,
  token: string,
  wrong?: Markup,
  status: PageError.Status = 200
) => {
  const provider = Labels.providerName(view.channel)
  c.header("Content-Security-Policy", Http.departingPolicy)
  return Http.send(
    c,
    Layout.guestPage(
      context,
      `Connect ${view.accountName}`,
      html`
    ${wrong ?? html``}
    <section class="card guest-card">
      <p class="eyebrow">Request to connect</p>
      <h1>${asker(view)} asks you to connect ${isolateText(view.accountName)} to ${context.productName}</h1>
      ${
        view.request?.message !== undefined &&
        html`<blockquote><p class="said">${isolateText(view.request.message)}</p>
        <footer class="muted">${isolateText(view.request.requesterName)}</footer></blockquote>`
      }
      <dl class="facts">
        ${
          view.request !== undefined &&
          html`<div><dt>Asked by</dt><dd>${asker(view)}</dd></div>
        <div><dt>Sent to</dt><dd>${isolateText(view.request.ownerName)}, as the owner of the account</dd></div>`
        }
        <div><dt>Company</dt><dd>${isolateText(view.companyName)}</dd></div>
        <div><dt>Account</dt><dd>${isolateText(view.accountName)}</dd></div>
        <div><dt>Marketplace</dt><dd>${Labels.marketplaceName(view.marketplaceId)}</dd></div>
        <div><dt>Account type</dt><dd>${AccountType.label(view.accountType)}</dd></div>
        <div><dt>Access through</dt><dd>${Channel.label(view.channel)}</dd></div>
        <div><dt>Link expires</dt><dd>${Components.whenFully(view.link.expiresAt, now)}</dd></div>
      </dl>
      <h2>What you allow</h2><ul>${Channel.allows(view.channel).map((one) => html`<li>${one}</li>`)}</ul>
      <h2>What happens next</h2><ol><li>You go to ${provider} and log in there. We never see your password.</li>
        <li>${provider} shows what is asked for; you agree or decline.</li>
        <li>You come back here and are done. You need no account with us.</li></ol>
      ${Components.notice(
        "info",
        view.request === undefined
          ? "Use the login of the account's owner or administrator"
          : html`Log in with the seller account of ${isolateText(view.accountName)}`,
        `Check which ${provider} account this browser is logged in to, and log out of any other one first. Please finish in this browser, within 15 minutes.`
      )}
      ${
        view.request !== undefined &&
        html`<h2>Are you the owner of this account?</h2>
        <p>Only the owner of the seller account can connect it; passing the link on does not pass on the right.</p>`
      }
      <form method="post" action="/link/${token}">${view.request !== undefined && html`<input type="hidden" name="as" value="owner">`}<button class="wide-button">${
        view.request !== undefined && "Yes, continue"
      }${view.request === undefined && "Continue"} to ${provider}</button></form>
      ${view.request !== undefined && html`<p><a class="button secondary outline wide-button" href="/link/${token}/not-the-owner">I am not the owner</a></p>`}
      <p class="muted">Don't know ${asker(view)}, or didn't expect this? Close this page; nothing happens.${
        view.request !== undefined && html` You can also <a href="/link/${token}/not-the-owner">say so</a>.`
      }</p>
    </section>`
    ),
    status
  )
}

/** Why a person who is not the owner cannot help, what to do instead, and telling whoever asks (rule X-R1). */
const notTheOwner = (context: PageContext, c: Context, view: AuthLinks.GuestView, token: string): Response => {
  const said = view.link._tag === "Open" ? view.link.objection : undefined
  c.header("Content-Security-Policy", Http.departingPolicy)
  return Http.send(
    c,
    Layout.guestPage(
      context,
      "I am not the owner",
      html`<section class="card">
    <p class="eyebrow">Request to connect ${isolateText(view.accountName)}</p>
    ${
      said !== undefined
        ? html`<header class="with-badge"><h1>Thank you, ${asker(view)} has been told</h1>${Components.badge("good", "Told")}</header>
      ${Components.reasons(
        {
          reason:
            said.because === "not-the-owner"
              ? "You said that the seller account belongs to somebody else. Nothing was connected."
              : "You said that you did not expect this. Nothing was connected.",
          nextStep: "They find out who owns the account and ask that person. You can close this page."
        },
        "The person who asked"
      )}
      <p class="muted">Was that a mistake? <a href="/link/${token}">Go back to the request</a>; the link stays usable.</p>`
        : html`<h1>Only the owner can connect this account</h1>
      <p>${Labels.providerName(view.channel)} takes this consent from the owner of a seller account, usually the person who registered it.
        An accountant or an agency cannot give it in the owner's name.</p>
      <h2>What you can do</h2><ul><li>Did the owner give your own ${Labels.providerName(view.channel)} login the right to authorize software? Then continue with your own login; it is put on record that you did it for the owner.
          <form method="post" action="/link/${token}"><input type="hidden" name="as" value="delegate">
            <button class="secondary outline small">Continue to ${Labels.providerName(view.channel)} for the owner</button></form></li>
        <li>Do you know the owner? Forward the mail. The link works once, for whoever logs in as the owner.</li>
        <li>Tell ${asker(view)} below. They get a mail and ask somebody else.</li></ul>
      <form method="post" action="/link/${token}/objection"><input type="hidden" name="because" value="not-the-owner">
        <button class="wide-button">Tell them that I am not the owner</button></form>
      <form method="post" action="/link/${token}/objection"><input type="hidden" name="because" value="not-expected">
        <button class="secondary outline wide-button">I am the owner, but I did not expect this</button></form>
      <p><a href="/link/${token}">Back to the request</a></p>`
    }
  </section>`
    )
  )
}

const unknownLink = (context: PageContext, c: Context): Response =>
  Http.send(
    c,
    Layout.guestPage(
      context,
      "This link is not known",
      html`<section class="card">
    <h1>This link is not known</h1>
    ${Components.reasons(
      {
        reason: "The address is incomplete or altered, for example cut in two by a mail program.",
        nextStep: "Copy the whole address from the message, or ask the person who sent it for a new one."
      },
      "You"
    )}</section>`
    ),
    404
  )

const tokenOf = (c: Context): Redacted.Redacted<string> | undefined => {
  const token = c.req.param("token") ?? ""
  return /^[A-Za-z0-9_-]{20,200}$/.test(token) ? Redacted.make(token) : undefined
}

/** The signed-in member who started an authorization is taken to it; everybody else to a page about the outcome. */
const next = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  channel: Channel.Channel,
  arrival: Connecting.CallbackResult
) {
  const authorization = arrival._tag === "Handled" || arrival._tag === "Repeated" ? arrival.authorization : undefined
  if (authorization?.origin._tag === "Direct") {
    const who = yield* Effect.option(Http.caller(context, c))
    if (who._tag === "Some" && who.value.organizationId === authorization.organizationId)
      return `/pending/${authorization.id}`
  }
  return `/arrived/${channel}/${CallbackResult.outcomeOf(arrival)}${arrival._tag === "Repeated" ? "?again=1" : ""}`
})

/** `/link/{token}` and what can be answered to it, `/callback/{channel}` and `/arrived/{channel}/{outcome}`. */
export const routes: Routes = (app, context) => {
  app.get(
    "/link/:token",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const token = tokenOf(c)
        if (token === undefined) return unknownLink(context, c)
        const now = yield* Http.now
        return yield* context.authLinks.look(token).pipe(
          Effect.map((view) =>
            view.outcome.label === "Open"
              ? openLink(context, c, view, now, Redacted.value(token))
              : closedLink(context, c, view)
          ),
          Effect.catchTag("NotFound", () => Effect.succeed(unknownLink(context, c)))
        )
      })
    )
  )

  app.post(
    "/link/:token",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const token = tokenOf(c)
        if (token === undefined) return unknownLink(context, c)
        const now = yield* Http.now
        // A press without fields says nothing of who presses.
        const form = yield* Effect.catch(Http.readForm(c), () => Effect.succeed<Http.Form>(new Map()))
        const said = Http.one(form, "as")
        const consenting = Authorization.Consenting.literals.find((one) => one === said)
        return yield* context.authLinks.follow(token, Http.browserOf(c), consenting).pipe(
          Effect.map((authorizationRedirect) => Http.startAuthorization(context, c, authorizationRedirect)),
          Effect.catchTag("Refused", (refused) =>
            Effect.map(context.authLinks.look(token), (view) =>
              view.outcome.label === "Open"
                ? openLink(
                    context,
                    c,
                    view,
                    now,
                    Redacted.value(token),
                    Components.notice("act", refused.detail, refused.nextStep),
                    409
                  )
                : closedLink(context, c, view)
            )
          ),
          Effect.catchTag("NotFound", () => Effect.succeed(unknownLink(context, c)))
        )
      })
    )
  )

  app.get(
    "/link/:token/not-the-owner",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const token = tokenOf(c)
        if (token === undefined) return unknownLink(context, c)
        return yield* context.authLinks.look(token).pipe(
          Effect.map((view) =>
            view.outcome.label !== "Open"
              ? closedLink(context, c, view)
              : view.request === undefined
                ? unknownLink(context, c)
                : notTheOwner(context, c, view, Redacted.value(token))
          ),
          Effect.catchTag("NotFound", () => Effect.succeed(unknownLink(context, c)))
        )
      })
    )
  )

  app.post(
    "/link/:token/objection",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const token = tokenOf(c)
        if (token === undefined) return unknownLink(context, c)
        const said = Http.one(yield* Http.readForm(c), "because")
        const because = Invitation.Objection.literals.find((one) => one === said)
        if (because === undefined) return yield* new PageError.BadRequest({ detail: "Choose one of the two answers." })
        return yield* context.requests.object(token, because).pipe(
          Effect.map(() => c.redirect(`/link/${Redacted.value(token)}/not-the-owner`, 303)),
          Effect.catchTag("Refused", () =>
            Effect.map(context.authLinks.look(token), (view) => closedLink(context, c, view))
          ),
          Effect.catchTag("NotFound", () => Effect.succeed(unknownLink(context, c)))
        )
      })
    )
  )

  app.get(
    "/callback/:channel",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        c.header("Referrer-Policy", "no-referrer")
        // Hono answers HEAD by the GET handler; a scanner's HEAD must not use up the return.
        if (c.req.method === "HEAD") return yield* Http.tellPage(context, c, PageError.wrongMethod)
        const channel = channelOf(c)
        if (channel === undefined) return yield* Http.tellPage(context, c, PageError.unknownAddress)
        const query = new URL(c.req.url).searchParams
        const arrival = yield* context.connecting.receive(channel, query, Http.browserOf(c))
        return c.redirect(yield* next(context, c, channel, arrival), 303)
      })
    )
  )

  app.get(
    "/arrived/:channel/:outcome",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        c.header("Referrer-Policy", "no-referrer")
        const channel = channelOf(c)
        const outcome = c.req.param("outcome") ?? ""
        if (channel === undefined || !CallbackResult.isOutcome(outcome))
          return yield* Http.tellPage(context, c, PageError.unknownAddress)
        const told = CallbackResult.tell(outcome, Labels.providerName(channel))
        return Http.send(
          c,
          Layout.guestPage(
            context,
            told.title,
            html`<section class="card arrived ${told.tone}">
        <p class="eyebrow">${Channel.label(channel)}</p>
        <header class="with-badge"><h1>${told.title}</h1>${Components.badge(told.tone, told.label)}</header>
        ${
          c.req.query("again") === "1" &&
          Components.notice(
            "info",
            "You were here before",
            "This return was handled already; nothing was done twice. This is what came of it."
          )
        }
        ${Components.reasons(told, told.whoActs)}
        ${told.offersSignIn && html`<p class="muted">Are you a member of this installation? <a href="/pending">Sign in to choose the profile</a>.</p>`}
      </section>`
          )
        )
      })
    )
  )
}
