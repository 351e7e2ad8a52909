/** Connections: how each stands and why, how its first load proceeds, and ending it (flow F1, steps 3 and 7). */
import { Connection, DataClass, Id } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { Effect, Schema } from "effect"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { providerRedirectPolicy } from "../../page/policies.ts"
import { sendMarkup, sendMember } from "../../page/send.ts"
import type { CallerVisit, MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { consentActions } from "../accounts/consentActions.ts"
import { linksOf } from "../accounts/routes.ts"
import { listConnections } from "./listRoutes.ts"
import { live } from "./live.ts"
import { connectionPage } from "./view.ts"

const attemptsShown = 5

const historyShown = 50

const readsShown = 10

/** How fresh the data are; nothing before a load is planned. */
const freshnessOf = ({ context, me }: MemberVisit, id: Id.ConnectionId) =>
  context.connections.freshness(me, id).pipe(
    Effect.map((found): Connections.FreshnessView | undefined => found),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )

const showConnection = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.ConnectionId)
  const cursor = Http.cursorOf(c)
  const [view, freshness, authorizations, past, reads, links, workStatus] = yield* Effect.all(
    [
      context.connections.view(me, id),
      freshnessOf(visit, id),
      context.pendingAuthorizations.ofConnection(me, id, { limit: attemptsShown }),
      context.connections.history(me, id, Http.pageOf(historyShown, cursor)),
      context.connections.tokenReads(me, id, { limit: readsShown }),
      linksOf(context, me, id),
      context.backgroundWork.status()
    ],
    together
  )
  const { connection } = view
  c.header("Content-Security-Policy", providerRedirectPolicy)
  return yield* sendMember(
    visit,
    connectionPage({
      consent: consentActions(context, connection, { isAgain: Connection.isLinked(connection), isPrimary: true }),
      cursor,
      done: c.req.query("done"),
      freshness,
      links,
      me,
      now: yield* Http.now,
      past,
      reads: reads.items,
      recent: authorizations.items,
      workStatus,
      view
    })
  )
})

const showLoad = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const view = yield* context.connections.view(me, yield* Http.idParam(c, Id.ConnectionId))
  return sendMarkup(c, live(me, view, yield* Http.now))
})

/** Has the days of one kind of data asked for again, or those of all when none is named. */
const retryLoad = Effect.fnUntraced(function* ({ c, context, me }: CallerVisit) {
  const id = yield* Http.idParam(c, Id.ConnectionId)
  const dataClass = Http.one(yield* Http.readForm(c), "dataClass")
  yield* context.connections.retry(me, id, Schema.is(DataClass.Known)(dataClass) ? dataClass : undefined)
  return c.redirect(`/connections/${id}?done=tried-again`, 303)
})

/** `/connections` and `/connections/{id}`. */
export const routes: Routes = [
  get("/connections", asMember(listConnections)),
  get("/connections/:id", asMember(showConnection)),
  get("/connections/:id/live", asCaller(showLoad)),
  post("/connections/:id/retry", asCaller(retryLoad))
]
