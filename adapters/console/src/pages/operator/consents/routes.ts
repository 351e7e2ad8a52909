/**
 * The consents of an organization, for operators: who each is of, and confirming it where the provider cannot say.
 * A confirmation refuses another organization that proves to be the same seller, so its page says what it does, and
 * asks for the evidence; it can be taken back.
 */
import { Id } from "@portolan/domain"
import { Effect } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import type { Status } from "../../../page/errors.ts"
import { blank, type FormState } from "../../../page/fields.ts"
import { get, post, type Routes } from "../../../page/handle.ts"
import type { Content } from "../../../page/html.ts"
import * as Http from "../../../page/http.ts"
import { sendEither } from "../../../page/send.ts"
import { operatorOf, type Visit } from "../../../page/visit.ts"
import { together } from "../../../page/together.ts"
import { organizations } from "../frame.ts"
import { consentPage, consentsPage } from "./view.ts"

const pageSize = 25

const at = `${organizations}/:id/consents`

const showConsents = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const id = yield* Http.idParam(c, Id.OrganizationId)
  const cursor = Http.cursorOf(c)
  const [{ organization }, page] = yield* Effect.all(
    [
      context.organizations.viewFor(me, id),
      context.grants.listFor(me, { organizationId: id, filter: { states: ["Active"] } }, Http.pageOf(pageSize, cursor))
    ],
    together
  )
  const now = yield* Http.now
  return yield* sendEither(visit, consentsPage({ cursor, now, organization, page }))
})

const sendConsent = Effect.fnUntraced(function* (
  visit: Visit,
  form: FormState = blank,
  notice: Content = "",
  status: Status = 200
) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const id = yield* Http.idParam(c, Id.OrganizationId)
  const grantId = yield* Http.idNamed(c, "grant", Id.GrantId)
  const [{ organization }, view, firstSeen] = yield* Effect.all(
    [
      context.organizations.viewFor(me, id),
      context.grants.viewFor(me, id, grantId),
      context.grants.firstSeenFor(me, id, grantId)
    ],
    together
  )
  const now = yield* Http.now
  const done = c.req.query("done")
  return yield* sendEither(visit, consentPage({ done, firstSeen, form, notice, now, organization, status, view }))
})

const confirmIdentity = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const organizationId = yield* Http.idParam(c, Id.OrganizationId)
  const grantId = yield* Http.idNamed(c, "grant", Id.GrantId)
  const because = Http.one(yield* Http.readForm(c), "because")
  const confirmed = context.grants.confirmIdentity(me, { organizationId, grantId, because })
  return yield* confirmed.pipe(
    Effect.map(() => c.redirect(`${organizations}/${organizationId}/consents/${grantId}?done=confirmed`, 303)),
    Effect.catchTag("Refused", ({ detail, nextStep }) =>
      sendConsent(visit, { values: { because }, errors: { because: `${detail} ${nextStep}` } }, "", 409)
    )
  )
})

const takeBack = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const organizationId = yield* Http.idParam(c, Id.OrganizationId)
  const grantId = yield* Http.idNamed(c, "grant", Id.GrantId)
  return yield* context.grants.takeBackIdentity(me, { organizationId, grantId }).pipe(
    Effect.map(() => c.redirect(`${organizations}/${organizationId}/consents/${grantId}?done=unconfirmed`, 303)),
    Effect.catchTag("Refused", ({ message }) =>
      sendConsent(visit, blank, Components.notice("act", words.operator.wasNotTakenBack, message), 409)
    )
  )
})

/** `/operator/organizations/{id}/consents` and below; others are refused with a page that says who may. */
export const routes: Routes = [
  get(at, showConsents),
  get(`${at}/:grant`, (visit) => sendConsent(visit)),
  post(`${at}/:grant/identity`, confirmIdentity),
  post(`${at}/:grant/identity/take-back`, takeBack)
]
