/**
 * The log-in address that a provider opens when a consent begins there: in its app store, or where a seller renews an
 * application. What it sends along is judged, kept in a cookie and taken out of the address. A signed-in person says
 * which account the consent is for; only then the browser goes on, to the provider's own confirmation page.
 *
 * A link to this page may come from anybody, so opening it changes nothing (login CSRF,
 * https://www.rfc-editor.org/rfc/rfc6749.html#section-10.12): the form of this page has to be sent.
 */
import { Channel, Id } from "@portolan/domain"
import type { Connecting } from "@portolan/ports"
import { Effect, Schema } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { unknownAddress } from "../../page/errorPage.ts"
import type { PageError } from "../../page/errors.ts"
import { type Answer, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Labels from "../../page/labels.ts"
import { providerRedirectPolicy } from "../../page/policies.ts"
import { sendEither, sendError, sendMember } from "../../page/send.ts"
import { type MemberVisit, memberVisit, type Visit } from "../../page/visit.ts"
import { forgetStart, keepStart, keptStart, queryLimit } from "./cookie.ts"
import { cannotBeginPage, startPage, type StartPageModel } from "./view.ts"

const isConnectionId = Schema.is(Id.ConnectionId)

const sendUnacceptable = (visit: Visit, channel: Channel.Channel, problem: Connecting.StartUnacceptable["problem"]) =>
  sendEither(visit, cannotBeginPage(problem, Labels.providerName(channel)))

/** An answer about a channel of the address; what cannot begin is explained, to members and to others. */
const withChannel =
  (
    answer: (
      visit: Visit,
      channel: Channel.Channel
    ) => Effect.Effect<Response, PageError | Connecting.StartUnacceptable>
  ): Answer =>
  (visit) => {
    const { c } = visit
    c.header("Referrer-Policy", "same-origin")
    const channel = Channel.all().find((one) => one === c.req.param("channel"))
    if (channel === undefined || Channel.accessBy(channel) !== "consent") return sendError(visit, unknownAddress)
    return Effect.catchTag(answer(visit, channel), "StartUnacceptable", ({ problem }) =>
      sendUnacceptable(visit, channel, problem)
    )
  }

const sendStart = Effect.fnUntraced(function* (
  member: MemberVisit,
  channel: Channel.Channel,
  query: URLSearchParams,
  more: Partial<Pick<StartPageModel, "selectedId" | "wrong" | "status">> = {}
) {
  const { c, context, me } = member
  const view = yield* context.connecting.lookAtStart(me, channel, query)
  c.header("Content-Security-Policy", providerRedirectPolicy)
  return yield* sendMember(member, startPage({ ...more, me, now: yield* Http.now, start: query.toString(), view }))
})

const open = Effect.fnUntraced(function* (visit: Visit, channel: Channel.Channel) {
  const { c, context } = visit
  const sent = new URL(c.req.url).searchParams
  if (sent.toString().length > queryLimit) return yield* sendUnacceptable(visit, channel, "incomplete")
  const query = sent.size > 0 ? sent : (keptStart(c, channel) ?? sent)
  yield* context.connecting.checkStart(channel, query)
  if (sent.size > 0) {
    keepStart(visit, channel, sent)
    return c.redirect(`/marketplace/${channel}`, 303)
  }
  // A provider that sends nothing along is kept as well, so that a person who signs up is led back here.
  keepStart(visit, channel, query)
  return yield* Effect.flatMap(memberVisit(visit), (member) => sendStart(member, channel, query))
})

const goOn = Effect.fnUntraced(function* (visit: Visit, channel: Channel.Channel) {
  const member = yield* memberVisit(visit)
  const { c, context, me } = member
  const form = yield* Http.readForm(c)
  const text = Http.one(form, "start")
  if (text.length > queryLimit) return yield* sendUnacceptable(visit, channel, "incomplete")
  const query = new URLSearchParams(text)
  const connectionId = Http.one(form, "connection")
  if (!isConnectionId(connectionId)) {
    const wrong = Components.notice("act", words.marketplace.chooseOne)
    return yield* sendStart(member, channel, query, { wrong, status: 422 })
  }
  const start = { channel, query, connectionId, browser: Http.browserOf(c) }
  return yield* context.connecting.startAtMarketplace(me, start).pipe(
    Effect.map((redirect) => {
      forgetStart(visit)
      return Http.startAuthorization(visit, redirect)
    }),
    Effect.catchTag("Refused", (refused) => {
      if (refused.reason === "not-permitted") return Effect.fail(refused)
      const wrong = Components.notice("act", refused.detail, refused.nextStep)
      return sendStart(member, channel, query, { selectedId: connectionId, wrong, status: 409 })
    })
  )
})

/** `/marketplace/{channel}`. */
export const routes: Routes = [
  get("/marketplace/:channel", withChannel(open)),
  post("/marketplace/:channel", withChannel(goOn), "/marketplace/:channel")
]
