/**
 * The installation's organizations, for operators (rule X-R7, failure case): who owns one, and giving it to another
 * member when the owner is gone and cannot do it. It takes an organization from one person and gives it to another, so
 * the confirmation names both and lists what it does, and what came of it stands in the organization's own history with
 * the operator's name.
 */
import { Id, Messages } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import { BadRequest, type Status } from "../../../page/errors.ts"
import { get, post, type Routes } from "../../../page/handle.ts"
import type { Content } from "../../../page/html.ts"
import * as Http from "../../../page/http.ts"
import { sendEither } from "../../../page/send.ts"
import { operatorOf, type Visit } from "../../../page/visit.ts"
import { together } from "../../../page/together.ts"
import { organizations } from "../frame.ts"
import { handOverPage, organizationPage, organizationsPage } from "./view.ts"

const pageSize = 25

const isMember = Schema.is(Id.MemberId)

const pastShown = 20

const showOrganizations = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const search = (c.req.query("search") ?? "").trim().slice(0, 120)
  const cursor = Http.cursorOf(c)
  const page = yield* context.directory.organizations(
    me,
    search === "" ? undefined : search,
    Http.pageOf(pageSize, cursor)
  )
  return yield* sendEither(visit, organizationsPage({ cursor, page, search }))
})

const sendOrganization = Effect.fnUntraced(function* (
  visit: Visit,
  id: Id.OrganizationId,
  notice: Content = "",
  status: Status = 200
) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const now = yield* Http.now
  const cursor = c.req.method === "GET" ? Http.cursorOf(c) : ""
  const [{ organization, owner }, page, past] = yield* Effect.all(
    [
      context.organizations.viewFor(me, id),
      context.organizations.candidates(me, id, Http.pageOf(pageSize, cursor)),
      context.organizations.pastFor(me, id, { limit: pastShown })
    ],
    together
  )
  return yield* sendEither(
    visit,
    organizationPage({ cursor, done: c.req.query("done"), id, notice, now, organization, owner, page, past, status })
  )
})

const showHandOver = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const id = yield* Http.idParam(c, Id.OrganizationId)
  const memberId = c.req.query("member") ?? ""
  if (!isMember(memberId)) return yield* new BadRequest({ detail: Messages.text("page.choose-member") })
  const { organization, owner } = yield* context.organizations.viewFor(me, id)
  const next = yield* context.organizations.candidate(me, id, memberId)
  const at = `${organizations}/${id}`
  if (next.personId === organization.ownerId) return c.redirect(at, 303)
  return yield* sendEither(visit, handOverPage({ at, next, organization, owner }))
})

const showOrganization = (visit: Visit) =>
  Effect.flatMap(Http.idParam(visit.c, Id.OrganizationId), (id) => sendOrganization(visit, id))

const handOver = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const id = yield* Http.idParam(c, Id.OrganizationId)
  const memberId = Http.one(yield* Http.readForm(c), "member")
  if (!isMember(memberId)) return yield* new BadRequest({ detail: Messages.text("page.choose-member") })
  return yield* context.organizations.handOverFor(me, id, memberId).pipe(
    Effect.map(() => c.redirect(`${organizations}/${id}?done=handed-over`, 303)),
    Effect.catchTag("Refused", (refused) =>
      sendOrganization(visit, id, Components.notice("act", words.operator.wasNotHandedOver, refused.message), 409)
    )
  )
})

/** `/operator/organizations` and below; others are refused with a page that says who may. */
export const routes: Routes = [
  get(organizations, showOrganizations),
  get(`${organizations}/:id`, showOrganization),
  get(`${organizations}/:id/owner`, showHandOver),
  post(`${organizations}/:id/owner`, handOver)
]
