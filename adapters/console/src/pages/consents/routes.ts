/**
 * Consents themselves: who gave them, who answers for them, when they end, what lives on them, and handing one over
 * (rules C1, C11, X-R7).
 */
import { Access, Id } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { words } from "../../messages/words.ts"
import { BadRequest } from "../../page/errors.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { CallerVisit, MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { consentsPage } from "./view.ts"

const isMember = Schema.is(Id.MemberId)

const pageSize = 25

const membersShown = 100

const showConsents = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const cursor = Http.cursorOf(c)
  const state = c.req.query("state") === "all" ? "all" : "active"
  const mayHandOver = Access.can(me, "manage-people")
  const active = Effect.map(context.members.list(me, { states: ["Active"] }, { limit: membersShown }), ({ items }) =>
    items.flatMap(({ member }) => (member._tag === "Active" ? [member] : []))
  )
  const [page, members] = yield* Effect.all(
    [
      context.grants.list(me, state === "all" ? {} : { states: ["Active"] }, Http.pageOf(pageSize, cursor)),
      mayHandOver ? active : Effect.succeed([])
    ],
    together
  )
  return yield* sendMember(
    visit,
    consentsPage({ cursor, done: c.req.query("done"), mayHandOver, members, now, page, state })
  )
})

const handOverConsent = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.GrantId)
  const member = Http.one(yield* Http.readForm(c), "member")
  if (!isMember(member)) return yield* new BadRequest({ detail: words.consents.chooseMember })
  yield* context.grants.handOver(me, id, member)
  return c.redirect(`/consents?done=handed-over#${id}`, 303)
})

const confirmRevocation = Effect.fnUntraced(function* ({ c, context, me }: CallerVisit) {
  const id = yield* Http.idParam(c, Id.GrantId)
  yield* context.grants.confirmRevocation(me, id)
  return c.redirect(`/consents?state=all&done=revoked#${id}`, 303)
})

/** `/consents`. */
export const routes: Routes = [
  get("/consents", asMember(showConsents)),
  post("/consents/:id/revoked", asCaller(confirmRevocation)),
  post("/consents/:id/keeper", asCaller(handOverConsent))
]
