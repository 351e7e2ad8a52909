/**
 * The advertisers that an account can be linked to, where access is given by an advertiser's admin and not by a consent
 * that comes back (flow F3, steps 2 to 4; rules W-R1 to W-R10). Linking the wrong one is the costly mistake, so every
 * advertiser shows all that tells it apart, and linking is confirmed on a page of its own.
 */
import { Access, Connection, Id, Messages } from "@portolan/domain"
import { Effect, Option, Result, Schema } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { BadRequest, type Status } from "../../page/errors.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import { sendMember } from "../../page/send.ts"
import type { CallerVisit, MemberVisit } from "../../page/visit.ts"
import { isTaken, path } from "./card.ts"
import { confirmationPage } from "./confirmationView.ts"
import { advertisersPage, type RefusedForm } from "./view.ts"

const decodeGrant = Schema.decodeUnknownOption(Id.GrantId)

const sendAdvertisers = Effect.fnUntraced(function* (
  visit: MemberVisit,
  id: Id.ConnectionId,
  refused: RefusedForm = {},
  status: Status = 200
) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const view = yield* context.connections.view(me, id)
  const all = yield* context.advertisers.available(me, id)
  const search = (c.req.query("search") ?? "").trim().slice(0, 120)
  const done = c.req.query("done")
  return yield* sendMember(visit, advertisersPage({ all, context, done, id, me, now, refused, search, status, view }))
})

const showAdvertisers = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c } = visit
  return yield* sendAdvertisers(visit, yield* Http.idParam(c, Id.ConnectionId))
})

const showConfirmation = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.ConnectionId)
  const view = yield* context.connections.view(me, id)
  yield* Effect.fromResult(Access.checkOn(me, "connect", view.account))
  const all = yield* context.advertisers.available(me, id)
  const one = all.find(({ grantId }) => grantId === c.req.query("advertiser"))
  if (one === undefined || isTaken(one) || Connection.isLinked(view.connection)) return c.redirect(path(id), 303)
  return yield* sendMember(
    visit,
    confirmationPage({ all, now: yield* Http.now, one, status: 200, view, wrong: undefined })
  )
})

const linkAdvertiser = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.ConnectionId)
  const form = yield* Http.readForm(c)
  const grantId = Option.getOrUndefined(decodeGrant(Http.one(form, "advertiser")))
  const view = yield* context.connections.view(me, id)
  yield* Effect.fromResult(Access.checkOn(me, "connect", view.account))
  const all = yield* context.advertisers.available(me, id)
  const one = all.find((found) => found.grantId === grantId)
  if (one === undefined) return yield* new BadRequest({ detail: words.advertisers.gone })
  if (Http.one(form, "confirmed") !== "yes") {
    const wrong = words.advertisers.tickCompared
    return yield* sendMember(visit, confirmationPage({ all, now: yield* Http.now, one, status: 422, view, wrong }))
  }
  const again = (title: string, body: string, status: Status) =>
    sendAdvertisers(visit, id, { notice: Components.notice("act", title, body) }, status)
  return yield* context.advertisers.link(me, id, { grantId: one.grantId, confirmed: true }).pipe(
    Effect.map(() => c.redirect(`/connections/${id}?done=connected`, 303)),
    Effect.catchTags({
      ProfileHeld: (held) => again(Messages.text("page.faster"), held.message, 409),
      Refused: (refused) =>
        refused.reason === "not-permitted"
          ? Effect.fail(refused)
          : again(words.advertisers.cannotBeLinked, refused.message, 409)
    })
  )
})

const expectAdvertiser = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.ConnectionId)
  const form = yield* Http.readForm(c)
  const view = yield* context.connections.view(me, id)
  yield* Effect.fromResult(Access.checkOn(me, "connect", view.account))
  const name = Input.name(Http.one(form, "advertiser"), "advertiser")
  if (Result.isFailure(name)) {
    return yield* sendAdvertisers(
      visit,
      id,
      { state: { values: Http.typed(form), errors: { advertiser: name.failure } } },
      422
    )
  }
  yield* context.advertisers.expect(me, id, name.success)
  return c.redirect(`${path(id)}?done=expected`, 303)
})

const dropExpectation = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.ConnectionId)
  yield* context.advertisers.stopExpecting(me, id)
  return c.redirect(`${path(id)}?done=dropped`, 303)
})

/** `/connections/{id}/advertisers`, linking one, and what to expect. */
export const routes: Routes = [
  get("/connections/:id/advertisers", asMember(showAdvertisers)),
  get("/connections/:id/advertisers/link", asMember(showConfirmation)),
  post("/connections/:id/advertisers/link", asMember(linkAdvertiser)),
  post("/connections/:id/expectation", asMember(expectAdvertiser)),
  post("/connections/:id/expectation/drop", asCaller(dropExpectation))
]
