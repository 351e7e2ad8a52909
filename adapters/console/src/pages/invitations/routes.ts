/**
 * The page behind an invitation to join (rules P-R15, X-R6): it says who invites whom to what, and what this visitor
 * has to do: sign in, sign up, join, or come back as the person the mail was sent to. Looking changes nothing.
 */
import { Effect, Redacted } from "effect"
import type { Context } from "hono"
import type { PageError } from "../../page/errors.ts"
import { type Answer, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendGuest } from "../../page/send.ts"
import { personOf, type Visit } from "../../page/visit.ts"
import { deadInvitationPage, declinedPage, invitationPage } from "./view.ts"

const tokenOf = (c: Context) => Redacted.make((c.req.param("token") ?? "").slice(0, 200))

/** Explains an invitation that cannot be answered any more, instead of failing. */
const orDead =
  (answer: (visit: Visit) => Effect.Effect<Response, PageError>): Answer =>
  (visit) =>
    Effect.catch(answer(visit), (error): Effect.Effect<Response, PageError> =>
      error._tag === "NotFound" || (error._tag === "Refused" && error.reason === "expired")
        ? Effect.sync(() => sendGuest(visit, deadInvitationPage(error._tag === "Refused")))
        : Effect.fail(error)
    )

const showInvitation = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const view = yield* context.members.look(tokenOf(c))
  const email = yield* personOf(visit).pipe(
    Effect.map((person) => person.email),
    Effect.catchTag("NotSignedIn", () => Effect.succeed(undefined))
  )
  return sendGuest(visit, invitationPage({ path: c.req.path, view, email, now: yield* Http.now }))
})

const acceptInvitation = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const member = yield* context.members.accept(yield* personOf(visit), tokenOf(c))
  yield* context.organizations.choose(c.req.raw.headers, member.organizationId)
  return c.redirect("/companies", 303)
})

const declineInvitation = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  yield* context.members.decline(yield* personOf(visit), tokenOf(c))
  return sendGuest(visit, declinedPage)
})

/** `/join/{token}`. */
export const routes: Routes = [
  get("/join/:token", orDead(showInvitation)),
  post("/join/:token/accept", orDead(acceptInvitation)),
  post("/join/:token/decline", orDead(declineInvitation))
]
