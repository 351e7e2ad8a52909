/**
 * For the people who run the installation (rules W-R4, C15): what customers wait for, and asking the provider now. An
 * assignment to the wrong organization would show one customer's advertiser to another, so every confirmation names
 * both.
 */
import { Directory } from "@portolan/ports"
import { Effect } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import { BadRequest, type Status } from "../../../page/errors.ts"
import { get, post, type Routes } from "../../../page/handle.ts"
import type { Content } from "../../../page/html.ts"
import * as Http from "../../../page/http.ts"
import * as Labels from "../../../page/labels.ts"
import { sendEither } from "../../../page/send.ts"
import { operatorOf, type Visit } from "../../../page/visit.ts"
import { together } from "../../../page/together.ts"
import { home } from "../frame.ts"
import { waitingPage } from "./view.ts"

const pageSize = 25

const sendWaiting = Effect.fnUntraced(function* (visit: Visit, notice: Content = "", status: Status = 200) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const now = yield* Http.now
  const cursor = c.req.method === "GET" ? Http.cursorOf(c) : ""
  const [page, workStatus, signs] = yield* Effect.all(
    [
      context.directory.waiting(me, Http.pageOf(pageSize, cursor)),
      context.backgroundWork.status(),
      context.incidents.signs(me)
    ],
    together
  )
  const seen = c.req.query("seen")
  return yield* sendEither(
    visit,
    waitingPage({ cursor, done: c.req.query("done"), notice, now, page, seen, signs, workStatus, status })
  )
})

const lookNow = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const form = yield* Http.readForm(c)
  const region = Directory.regions().find((one) => one === Http.one(form, "region"))
  if (region === undefined) return yield* new BadRequest({ detail: words.operator.chooseRegion })
  const again = (tone: Labels.Tone, title: string, body: string, status: Status) =>
    sendWaiting(visit, Components.notice(tone, title, body), status)
  return yield* context.directory.look(me, region).pipe(
    Effect.map((seen) => c.redirect(`${home}?done=looked&seen=${seen}`, 303)),
    Effect.catchTags({
      ChannelUnavailable: (error) => again("act", words.operator.notSetUp, error.message, 409),
      ApplicationRejected: () => again("act", words.operator.credentialsRejected, words.operator.checkCredentials, 503),
      Temporary: () => again("wait", words.operator.silent, words.operator.slowList, 503)
    })
  )
})

/** `/operator`; others are refused with a page that says who may. */
export const routes: Routes = [get(home, (visit) => sendWaiting(visit)), post(`${home}/look`, lookNow)]
