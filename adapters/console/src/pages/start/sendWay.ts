/**
 * The way of one country of an account: all its steps, the one that is next with what it needs, and the load that
 * follows (flow F2).
 */
import { Effect } from "effect"
import type { Status } from "../../page/errors.ts"
import * as Http from "../../page/http.ts"
import { providerRedirectPolicy } from "../../page/policies.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { wayPage } from "./wayView.ts"
import type { Ways } from "./ways.ts"

/** Sends the way of an account: the country that is shown, and how the others stand. */
export const sendWay = Effect.fnUntraced(function* (
  visit: MemberVisit,
  ways: Ways,
  wrong?: string,
  status: Status = 200
) {
  const { c, context, me } = visit
  const now = yield* Http.now
  c.header("Content-Security-Policy", providerRedirectPolicy)
  return yield* sendMember(visit, wayPage({ context, me, now, status, ways, wrong }))
})
