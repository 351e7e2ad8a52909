/**
 * Consents that wait for a person's choice, and what became of an authorization (flow F1, step 6; rules K-R11 to K-R14,
 * C3).
 */
import { Access, Id, Profile, Messages } from "@portolan/domain"
import type { PendingAuthorizations } from "@portolan/ports"
import { Effect } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { BadRequest, type Status } from "../../page/errors.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import { html } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { CallerVisit, MemberVisit } from "../../page/visit.ts"
import { nextFor } from "../start/cookie.ts"
import { authorizationPage, becauseLimit, pendingPage, type Wrong } from "./view.ts"

const pageSize = 25

const sendAuthorization = Effect.fnUntraced(function* (
  visit: MemberVisit,
  view: PendingAuthorizations.AuthorizationView,
  wrong?: Wrong,
  status: Status = 200
) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const looked = c.req.query("done") === "looked"
  const { connection } = yield* context.connections.view(me, view.authorization.connectionId)
  const isLive = connection._tag === "Connected" || connection._tag === "Limited"
  return yield* sendMember(visit, authorizationPage({ isLive, looked, me, now, status, view, wrong }))
})

const showPending = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const cursor = Http.cursorOf(c)
  const page = yield* context.pendingAuthorizations.list(me, Http.pageOf(pageSize, cursor))
  return yield* sendMember(visit, pendingPage({ cursor, done: c.req.query("done"), now, page }))
})

const showAuthorization = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  return yield* sendAuthorization(
    visit,
    yield* context.pendingAuthorizations.view(me, yield* Http.idParam(c, Id.AuthorizationId))
  )
})

const selectProfile = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.AuthorizationId)
  yield* Effect.fromResult(Access.check(me, "connect"))
  const form = yield* Http.readForm(c)
  const profile = Http.one(form, "profile")
  const view = yield* context.pendingAuthorizations.view(me, id)
  if (view.authorization._tag !== "AwaitingSelection") return c.redirect(`/pending/${id}`, 303)
  const found = view.choices.find((one) => Profile.keyText(one.candidate.key) === profile)
  if (found === undefined) return yield* new BadRequest({ detail: Messages.text("page.profile-gone") })
  const again = (wrong: Wrong, status: Status) =>
    Effect.flatMap(context.pendingAuthorizations.view(me, id), (fresh) =>
      sendAuthorization(visit, fresh, wrong, status)
    )
  return yield* context.pendingAuthorizations
    .select(me, id, {
      key: found.candidate.key,
      confirmed: Http.one(form, "confirmed") === "yes",
      keepsReplaced: Http.one(form, "earlier") === "keep"
    })
    .pipe(
      Effect.map((authorization) =>
        c.redirect(
          nextFor(c, authorization.accountId, `/connections/${authorization.connectionId}?done=connected`),
          303
        )
      ),
      Effect.catchTag("ProfileHeld", (held) =>
        again(
          {
            text: held.message,
            notice: Components.notice(
              "act",
              words.authorizations.connectedElsewhere,
              html`${held.message}${
                held.holder !== undefined &&
                html` <a href="/connections/${held.holder.connectionId}">${words.authorizations.seeThatConnection}</a>`
              }`
            )
          },
          409
        )
      ),
      Effect.catchTag("Refused", (refused) => {
        if (refused.reason === "needs-confirmation" || refused.reason === "unfit-profile")
          return again({ key: profile, text: refused.message }, 422)
        if (refused.reason !== "different-identity") return Effect.fail(refused)
        const notice = Components.notice("act", refused.detail, refused.nextStep)
        return again({ text: refused.message, notice }, 409)
      })
    )
})

const lookForProfiles = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.AuthorizationId)
  yield* context.pendingAuthorizations.lookAgain(me, id)
  return c.redirect(`/pending/${id}?done=looked`, 303)
})

const dismissConsent = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.AuthorizationId)
  const form = yield* Http.readForm(c)
  const because = Http.one(form, "because").trim().slice(0, becauseLimit)
  yield* context.pendingAuthorizations.dismiss(me, id, because === "" ? words.authorizations.noReason : because)
  return c.redirect("/pending?done=dismissed", 303)
})

/** `/pending` and `/pending/{id}`. */
export const routes: Routes = [
  get("/pending", asMember(showPending)),
  get("/pending/:id", asMember(showAuthorization)),
  post("/pending/:id/select", asMember(selectProfile)),
  post("/pending/:id/look-again", asCaller(lookForProfiles)),
  post("/pending/:id/dismiss", asCaller(dismissConsent))
]
