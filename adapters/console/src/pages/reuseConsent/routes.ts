/** Using a consent that is there for another connection, without another authorization (rule S-R4). */
import { Id, Profile, Messages } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { words } from "../../messages/words.ts"
import { BadRequest, type Status } from "../../page/errors.ts"
import { asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { reuseConsentPage } from "./view.ts"

const isGrant = Schema.is(Id.GrantId)

/** Consents that are offered for a connection. */
const consentsShown = 50

const sendConsents = Effect.fnUntraced(function* (
  visit: MemberVisit,
  id: Id.ConnectionId,
  wrong?: string,
  status: Status = 200
) {
  const { c, context, me } = visit
  const { account, connection } = yield* context.connections.view(me, id)
  const { items: consents } = yield* context.grants.list(
    me,
    { channel: connection.channel, region: account.region, states: ["Active"] },
    { limit: consentsShown }
  )
  const consentId = c.req.query("consent") ?? (consents.length === 1 ? consents[0]?.grant.id : undefined)
  const grantId = consents.find(({ grant }) => grant.id === consentId)?.grant.id
  const shown = grantId === undefined ? undefined : { grantId, choices: yield* context.grants.choices(me, grantId, id) }
  return yield* sendMember(visit, reuseConsentPage({ account, connection, consentId, consents, shown, status, wrong }))
})

const showConsents = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c } = visit
  return yield* sendConsents(visit, yield* Http.idParam(c, Id.ConnectionId))
})

const linkConsent = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.ConnectionId)
  const form = yield* Http.readForm(c)
  const consent = Http.one(form, "consent")
  if (!isGrant(consent)) return yield* new BadRequest({ detail: words.reuseConsent.chooseConsent })
  const choices = yield* context.grants.choices(me, consent, id)
  const found = choices.find(({ candidate }) => Profile.keyText(candidate.key) === Http.one(form, "profile"))
  if (found === undefined) return yield* new BadRequest({ detail: Messages.text("page.profile-gone") })
  const choice = { connectionId: id, key: found.candidate.key, confirmed: Http.one(form, "confirmed") === "yes" }
  return yield* context.grants.link(me, consent, choice).pipe(
    Effect.map(() => c.redirect(`/connections/${id}?done=connected`, 303)),
    Effect.catchTag("ProfileHeld", (held) => sendConsents(visit, id, held.message, 409)),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "not-permitted" ? Effect.fail(refused) : sendConsents(visit, id, refused.message, 422)
    )
  )
})

/** `/connections/{id}/consents`. */
export const routes: Routes = [
  get("/connections/:id/consents", asMember(showConsents)),
  post("/connections/:id/consents", asMember(linkConsent))
]
