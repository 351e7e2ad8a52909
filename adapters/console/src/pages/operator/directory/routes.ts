/**
 * The directory of advertisers, for operators (rules W-R4, C15): to which organization each belongs, assigning it,
 * and taking it back.
 */
import { given, Id } from "@portolan/domain"
import { Directory } from "@portolan/ports"
import { Effect, Option, Schema } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import { BadRequest, type Status } from "../../../page/errors.ts"
import { get, post, type Routes } from "../../../page/handle.ts"
import type { Content } from "../../../page/html.ts"
import * as Http from "../../../page/http.ts"
import { sendEither } from "../../../page/send.ts"
import { operatorOf, type Visit } from "../../../page/visit.ts"
import { directory, home } from "../frame.ts"
import { directoryPage, entryPage, isAssignable, type Show, shows, takeBackPage } from "./view.ts"

const pageSize = 25

const decodeOrganization = Schema.decodeUnknownOption(Id.OrganizationId)

const organizationsShown = 10

const isShow = (text: string): text is Show => Object.hasOwn(shows, text)

const showDirectory = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const now = yield* Http.now
  const text = c.req.query("show") ?? ""
  const show = isShow(text) ? text : "unassigned"
  const region = Directory.regions().find((one) => one === c.req.query("region"))
  const cursor = Http.cursorOf(c)
  const page = yield* context.directory.advertisers(
    me,
    { ...shows[show].filter, ...given({ region }) },
    Http.pageOf(pageSize, cursor)
  )
  return yield* sendEither(visit, directoryPage({ cursor, done: c.req.query("done"), now, page, region, show }))
})

const sendEntry = Effect.fnUntraced(function* (
  visit: Visit,
  id: Id.AdvertiserId,
  notice: Content = "",
  status: Status = 200
) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const now = yield* Http.now
  const entry = yield* context.directory.advertiser(me, id)
  const search = (c.req.query("organization") ?? "").trim().slice(0, 120)
  const page =
    search === "" || !isAssignable(entry)
      ? { items: [] }
      : yield* context.directory.organizations(me, search, { limit: organizationsShown })
  return yield* sendEither(visit, entryPage({ done: c.req.query("done"), entry, notice, now, page, search, status }))
})

const showTakeBack = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const id = yield* Http.idParam(c, Id.AdvertiserId)
  const entry = yield* context.directory.advertiser(me, id)
  const back = `${directory}/${id}`
  if (entry.assignment === undefined) return c.redirect(back, 303)
  const { tenantName } = entry.assignment
  const now = yield* Http.now
  return yield* sendEither(visit, takeBackPage({ back, entry, now, tenantName }))
})

const showEntry = (visit: Visit) => Effect.flatMap(Http.idParam(visit.c, Id.AdvertiserId), (id) => sendEntry(visit, id))

const assignAdvertiser = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const id = yield* Http.idParam(c, Id.AdvertiserId)
  const form = yield* Http.readForm(c)
  const organization = decodeOrganization(Http.one(form, "organization"))
  if (Option.isNone(organization)) return yield* new BadRequest({ detail: words.operator.chooseOrganization })
  const back = Http.one(form, "back") === "waiting" ? home : `${directory}/${id}`
  return yield* context.directory.assign(me, id, organization.value).pipe(
    Effect.map(() => c.redirect(`${back}?done=assigned`, 303)),
    Effect.catchTag("Refused", (refused) =>
      sendEntry(visit, id, Components.notice("act", words.operator.wasNotAssigned, refused.message), 409)
    )
  )
})

const takeBack = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const id = yield* Http.idParam(c, Id.AdvertiserId)
  yield* context.directory.unassign(me, id)
  return c.redirect(`${directory}/${id}?done=taken-back`, 303)
})

/** `/operator/advertisers` and below; others are refused with a page that says who may. */
export const routes: Routes = [
  get(directory, showDirectory),
  get(`${directory}/:id`, showEntry),
  post(`${directory}/:id/assign`, assignAdvertiser),
  get(`${directory}/:id/take-back`, showTakeBack),
  post(`${directory}/:id/take-back`, takeBack)
]
