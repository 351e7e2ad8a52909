/**
 * What people without an account here see: the page behind an auth link, and the page they come back to. A link is
 * looked at by GET and followed by POST only, because mail scanners open every address they find (rule K-R9).
 *
 * A callback carries a code in its query. It is taken, and answered with a redirect to a page whose address says
 * nothing but the kind of outcome, so no code stays in the address bar, the history or a referrer.
 */
import { Authorization, Channel, Invitation } from "@portolan/domain"
import type { AuthLinks, Connecting } from "@portolan/ports"
import { type DateTime, Effect, Redacted } from "effect"
import type { Context } from "hono"
import * as Components from "../../page/components.ts"
import { unknownAddress, wrongMethod } from "../../page/errorPage.ts"
import { BadRequest, type Status } from "../../page/errors.ts"
import { get, post, type Routes } from "../../page/handle.ts"
import type { Markup } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import * as Labels from "../../page/labels.ts"
import { providerRedirectPolicy } from "../../page/policies.ts"
import { sendError, sendGuest } from "../../page/send.ts"
import { callerVisit, type Visit } from "../../page/visit.ts"
import * as CallbackPage from "./callbackPage.ts"
import { closedLinkPage, notTheOwnerPage, openLinkPage, outcomePage, unknownLinkPage } from "./view.ts"

const channelOf = (c: Context): Channel.Channel | undefined =>
  Channel.all().find((channel) => channel === c.req.param("channel"))

const sendClosedLink = (visit: Visit, view: AuthLinks.GuestView): Response => {
  return sendGuest(visit, closedLinkPage({ view }))
}

const sendOpenLink = (
  visit: Visit,
  view: AuthLinks.GuestView,
  now: DateTime.Utc,
  token: string,
  wrong?: Markup,
  status: Status = 200
) => {
  const { c, context } = visit
  c.header("Content-Security-Policy", providerRedirectPolicy)
  return sendGuest(visit, openLinkPage({ context, now, status, token, view, wrong }))
}

/** Why a person who is not the owner cannot help, what to do instead, and telling whoever asks (rule X-R1). */
const sendNotTheOwner = (visit: Visit, view: AuthLinks.GuestView, token: string): Response => {
  const { c } = visit
  c.header("Content-Security-Policy", providerRedirectPolicy)
  return sendGuest(visit, notTheOwnerPage({ token, view }))
}

const sendUnknownLink = (visit: Visit): Response => sendGuest(visit, unknownLinkPage)

const tokenOf = (c: Context): Redacted.Redacted<string> | undefined => {
  const token = c.req.param("token") ?? ""
  return /^[A-Za-z0-9_-]{20,200}$/.test(token) ? Redacted.make(token) : undefined
}

/** The signed-in member who started an authorization is taken to it; everybody else to a page about the outcome. */
export const next = Effect.fnUntraced(function* (
  visit: Visit,
  channel: Channel.Channel,
  arrival: Connecting.CallbackResult
) {
  const authorization = arrival._tag === "Handled" || arrival._tag === "Repeated" ? arrival.authorization : undefined
  if (authorization?.origin._tag === "Direct") {
    const who = yield* Effect.option(callerVisit(visit))
    if (who._tag === "Some" && who.value.me.organizationId === authorization.organizationId)
      return `/pending/${authorization.id}`
  }
  return `/arrived/${channel}/${CallbackPage.outcomeOf(arrival)}${arrival._tag === "Repeated" ? "?again=1" : ""}`
})

const showLink = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const token = tokenOf(c)
  if (token === undefined) return sendUnknownLink(visit)
  const now = yield* Http.now
  return yield* context.authLinks.look(token).pipe(
    Effect.map((view) =>
      view.standing.label === "Open"
        ? sendOpenLink(visit, view, now, Redacted.value(token))
        : sendClosedLink(visit, view)
    ),
    Effect.catchTag("NotFound", () => Effect.succeed(sendUnknownLink(visit)))
  )
})

const followLink = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const token = tokenOf(c)
  if (token === undefined) return sendUnknownLink(visit)
  const now = yield* Http.now
  // A press without fields says nothing of who presses.
  const form = yield* Effect.catch(Http.readForm(c), () => Effect.succeed<Http.Form>(new Map()))
  const said = Http.one(form, "as")
  const consenting = Authorization.Consenting.literals.find((one) => one === said)
  return yield* context.authLinks.follow(token, Http.browserOf(c), consenting).pipe(
    Effect.map((authorizationRedirect) => Http.startAuthorization(visit, authorizationRedirect)),
    Effect.catchTag("Refused", (refused) =>
      Effect.map(context.authLinks.look(token), (view) =>
        view.standing.label === "Open"
          ? sendOpenLink(
              visit,
              view,
              now,
              Redacted.value(token),
              Components.notice("act", refused.detail, refused.nextStep),
              409
            )
          : sendClosedLink(visit, view)
      )
    ),
    Effect.catchTag("NotFound", () => Effect.succeed(sendUnknownLink(visit)))
  )
})

const showNotTheOwner = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const token = tokenOf(c)
  if (token === undefined) return sendUnknownLink(visit)
  return yield* context.authLinks.look(token).pipe(
    Effect.map((view) =>
      view.standing.label !== "Open"
        ? sendClosedLink(visit, view)
        : view.request === undefined
          ? sendUnknownLink(visit)
          : sendNotTheOwner(visit, view, Redacted.value(token))
    ),
    Effect.catchTag("NotFound", () => Effect.succeed(sendUnknownLink(visit)))
  )
})

const objectToRequest = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const token = tokenOf(c)
  if (token === undefined) return sendUnknownLink(visit)
  const said = Http.one(yield* Http.readForm(c), "because")
  const because = Invitation.Objection.literals.find((one) => one === said)
  if (because === undefined) return yield* new BadRequest({ detail: "Choose one of the two answers." })
  return yield* context.requests.object(token, because).pipe(
    Effect.map(() => c.redirect(`/link/${Redacted.value(token)}/not-the-owner`, 303)),
    Effect.catchTag("Refused", () => Effect.map(context.authLinks.look(token), (view) => sendClosedLink(visit, view))),
    Effect.catchTag("NotFound", () => Effect.succeed(sendUnknownLink(visit)))
  )
})

const receiveCallback = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  c.header("Referrer-Policy", "no-referrer")
  // Hono answers HEAD by the GET handler; a scanner's HEAD must not use up the return.
  if (c.req.method === "HEAD") return yield* sendError(visit, wrongMethod)
  const channel = channelOf(c)
  if (channel === undefined) return yield* sendError(visit, unknownAddress)
  const query = new URL(c.req.url).searchParams
  const arrival = yield* context.connecting.receive(channel, query, Http.browserOf(c))
  return c.redirect(yield* next(visit, channel, arrival), 303)
})

const showOutcome = Effect.fnUntraced(function* (visit: Visit) {
  const { c } = visit
  c.header("Referrer-Policy", "no-referrer")
  const channel = channelOf(c)
  const outcome = c.req.param("outcome") ?? ""
  if (channel === undefined || !CallbackPage.isOutcome(outcome)) return yield* sendError(visit, unknownAddress)
  const outcomeText = CallbackPage.explain(outcome, Labels.providerName(channel))
  return sendGuest(visit, outcomePage({ again: c.req.query("again"), channel, outcome: outcomeText }))
})

/** `/link/{token}` and what can be answered to it, `/callback/{channel}` and `/arrived/{channel}/{outcome}`. */
export const routes: Routes = [
  get("/link/:token", showLink),
  post("/link/:token", followLink),
  get("/link/:token/not-the-owner", showNotTheOwner),
  post("/link/:token/objection", objectToRequest),
  get("/callback/:channel", receiveCallback),
  get("/arrived/:channel/:outcome", showOutcome)
]
