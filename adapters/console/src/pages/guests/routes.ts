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
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { unknownAddress, wrongMethod } from "../../page/errorPage.ts"
import { BadRequest, type PageError, type Status } from "../../page/errors.ts"
import { type Answer, get, post, type Routes } from "../../page/handle.ts"
import type { Markup } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import * as Labels from "../../page/labels.ts"
import { providerRedirectPolicy } from "../../page/policies.ts"
import { type Page, sendEither, sendError, sendGuest } from "../../page/send.ts"
import { callerVisit, type Visit } from "../../page/visit.ts"
import { keepStart } from "../marketplace/cookie.ts"
import { cannotBeginPage } from "../marketplace/view.ts"
import * as CallbackPage from "./callbackPage.ts"
import { closedLinkPage, unknownLinkPage } from "./closedLink.ts"
import { notTheOwnerPage, openLinkPage, outcomePage } from "./view.ts"

const channelOf = (c: Context): Channel.Channel | undefined =>
  Channel.all().find((channel) => channel === c.req.param("channel"))

const sendUnknownLink = (visit: Visit): Response => sendGuest(visit, unknownLinkPage)

const tokenOf = (c: Context): Redacted.Redacted<string> | undefined => {
  const token = c.req.param("token") ?? ""
  return /^[A-Za-z0-9_-]{20,200}$/.test(token) ? Redacted.make(token) : undefined
}

/** An answer about a link; one that nobody made is explained. */
const withToken =
  (answer: (visit: Visit, token: Redacted.Redacted<string>) => Effect.Effect<Response, PageError>): Answer =>
  (visit) => {
    const token = tokenOf(visit.c)
    if (token === undefined) return sendUnknownLink(visit)
    return Effect.catchTag(answer(visit, token), "NotFound", () => Effect.sync(() => sendUnknownLink(visit)))
  }

/** Sends a page with a form that leads to the provider. */
const sendToLeave = (visit: Visit, page: Page): Response => {
  visit.c.header("Content-Security-Policy", providerRedirectPolicy)
  return sendGuest(visit, page)
}

/** Shows what became of a link that is closed, and `open` of one that can be used. */
const sendLink = Effect.fnUntraced(function* (
  visit: Visit,
  token: Redacted.Redacted<string>,
  open: (view: AuthLinks.GuestView, now: DateTime.Utc) => Response
) {
  const view = yield* visit.context.authLinks.look(token)
  if (!view.outcome.isOpen) return sendGuest(visit, closedLinkPage(view))
  return open(view, yield* Http.now)
})

const openLink =
  (visit: Visit, token: Redacted.Redacted<string>, more: { readonly wrong?: Markup; readonly status?: Status } = {}) =>
  (view: AuthLinks.GuestView, now: DateTime.Utc): Response => {
    const { productName } = visit.context
    return sendToLeave(visit, openLinkPage({ ...more, now, productName, token: Redacted.value(token), view }))
  }

const showLink = (visit: Visit, token: Redacted.Redacted<string>) => sendLink(visit, token, openLink(visit, token))

const followLink = Effect.fnUntraced(function* (visit: Visit, token: Redacted.Redacted<string>) {
  const { c, context } = visit
  // A press without fields says nothing of who presses.
  const form = yield* Effect.catch(Http.readForm(c), () => Effect.succeed<Http.Form>(new Map()))
  const role = Http.one(form, "as")
  const consenting = Authorization.Consenting.literals.find((one) => one === role)
  return yield* context.authLinks.follow(token, Http.browserOf(c), consenting).pipe(
    Effect.map((redirect) => Http.startAuthorization(visit, redirect)),
    Effect.catchTag("Refused", ({ detail, nextStep }) => {
      const wrong = Components.notice("act", detail, nextStep)
      return sendLink(visit, token, openLink(visit, token, { wrong, status: 409 }))
    })
  )
})

/** Why a person who is not the owner cannot help, what to do instead, and saying so to the requester (rule X-R1). */
const showNotTheOwner = (visit: Visit, token: Redacted.Redacted<string>) =>
  sendLink(visit, token, (view) =>
    view.request === undefined
      ? sendUnknownLink(visit)
      : sendToLeave(visit, notTheOwnerPage({ token: Redacted.value(token), view }))
  )

const objectToRequest = Effect.fnUntraced(function* (visit: Visit, token: Redacted.Redacted<string>) {
  const { c, context } = visit
  const answer = Http.one(yield* Http.readForm(c), "because")
  const because = Invitation.Objection.literals.find((one) => one === answer)
  if (because === undefined) return yield* new BadRequest({ detail: words.guests.chooseAnswer })
  return yield* context.requests.object(token, because).pipe(
    Effect.map(() => c.redirect(`/link/${Redacted.value(token)}/not-the-owner`, 303)),
    Effect.catchTag("Refused", () =>
      Effect.map(context.authLinks.look(token), (view) => sendGuest(visit, closedLinkPage(view)))
    )
  )
})

/** Where the person goes: a member who started the authorization to it, everybody else to a page about the outcome. */
const pathAfter = Effect.fnUntraced(function* (
  visit: Visit,
  channel: Channel.Channel,
  result: Connecting.CallbackResult
) {
  const authorization = result._tag === "Handled" || result._tag === "Repeated" ? result.authorization : undefined
  if (authorization?.origin._tag === "Direct") {
    const caller = yield* Effect.option(callerVisit(visit))
    if (caller._tag === "Some" && caller.value.me.organizationId === authorization.organizationId)
      return `/pending/${authorization.id}`
  }
  return `/arrived/${channel}/${CallbackPage.outcomeOf(result)}${result._tag === "Repeated" ? "?again=1" : ""}`
})

/**
 * The answer to a consent that begins at the provider and arrived here, because one address is registered for both: it
 * goes on, or what is wrong with it is explained. Nothing for whatever is no start: that carries a `state` of ours or a
 * code, or lacks what a start has.
 */
const answerStart = (visit: Visit, channel: Channel.Channel, query: URLSearchParams) =>
  query.size === 0 || query.has("state") || query.has("code") || Channel.accessBy(channel) !== "consent"
    ? Effect.succeed(undefined)
    : visit.context.connecting.checkStart(channel, query).pipe(
        Effect.map(() => {
          keepStart(visit, channel, query)
          return visit.c.redirect(`/marketplace/${channel}`, 303)
        }),
        Effect.catchTag("StartUnacceptable", ({ problem }) =>
          problem === "incomplete" || problem === "not-offered"
            ? Effect.succeed(undefined)
            : sendEither(visit, cannotBeginPage(problem, Labels.providerName(channel)))
        )
      )

const receiveCallback = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  c.header("Referrer-Policy", "no-referrer")
  // Hono answers HEAD by the GET handler; a scanner's HEAD must not use up the return.
  if (c.req.method === "HEAD") return yield* sendError(visit, wrongMethod)
  const channel = channelOf(c)
  if (channel === undefined) return yield* sendError(visit, unknownAddress)
  const query = new URL(c.req.url).searchParams
  const begun = yield* answerStart(visit, channel, query)
  if (begun !== undefined) return begun
  const result = yield* context.connecting.receive(channel, query, Http.browserOf(c))
  return c.redirect(yield* pathAfter(visit, channel, result), 303)
})

const showOutcome = Effect.fnUntraced(function* (visit: Visit) {
  const { c } = visit
  c.header("Referrer-Policy", "no-referrer")
  const channel = channelOf(c)
  const outcome = c.req.param("outcome") ?? ""
  if (channel === undefined || !CallbackPage.isOutcome(outcome)) return yield* sendError(visit, unknownAddress)
  const page = outcomePage({
    channel,
    isRepeated: c.req.query("again") === "1",
    outcome: CallbackPage.explain(outcome, Labels.providerName(channel))
  })
  return sendGuest(visit, page)
})

/** `/link/{token}` and what can be answered to it, `/callback/{channel}` and `/arrived/{channel}/{outcome}`. */
export const routes: Routes = [
  get("/link/:token", withToken(showLink)),
  post("/link/:token", withToken(followLink)),
  get("/link/:token/not-the-owner", withToken(showNotTheOwner)),
  post("/link/:token/objection", withToken(objectToRequest)),
  get("/callback/:channel", receiveCallback),
  get("/arrived/:channel/:outcome", showOutcome)
]
