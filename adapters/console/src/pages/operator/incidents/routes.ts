/**
 * Trouble at providers that many share, for operators: what is going on, what was, and closing one by hand. Closing
 * takes nothing from anybody, and an incident that is still met opens again, so it needs no confirmation.
 */
import { Id } from "@portolan/domain"
import { Effect } from "effect"
import { get, post, type Routes } from "../../../page/handle.ts"
import * as Http from "../../../page/http.ts"
import { sendEither } from "../../../page/send.ts"
import { together } from "../../../page/together.ts"
import { operatorOf, type Visit } from "../../../page/visit.ts"
import { incidents } from "../frame.ts"
import { incidentsPage } from "./view.ts"

const showIncidents = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const now = yield* Http.now
  const [all, signs] = yield* Effect.all([context.incidents.list(me), context.incidents.signs(me)], together)
  return yield* sendEither(visit, incidentsPage({ all, done: c.req.query("done"), now, signs }))
})

const closeIncident = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const id = yield* Http.idParam(c, Id.IncidentId)
  yield* context.incidents.close(me, id)
  return c.redirect(`${incidents}?done=closed`, 303)
})

/** `/operator/incidents`; others are refused with a page that says who may. */
export const routes: Routes = [get(incidents, showIncidents), post(`${incidents}/:id/close`, closeIncident)]
