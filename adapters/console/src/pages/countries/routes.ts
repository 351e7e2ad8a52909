/**
 * Further countries of an account (rules P-R6, C5; flow F2, step 6): whether a country joins the account or needs one of its
 * own, with the explanation; and living under a consent that is there already, without another authorization (rule S-R4).
 */
import { type Account, Id, Marketplace, Profile } from "@portolan/domain"
import { Effect, Option, Schema } from "effect"
import { BadRequest, type Status } from "../../page/errors.ts"
import { asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { chooseConsentPage, newCountryPage } from "./view.ts"

const isGrant = Schema.is(Id.GrantId)

/** Consents that are offered for a connection. */
const consentsShown = 50

const sendCountry = Effect.fnUntraced(function* (
  visit: MemberVisit,
  account: Account.Present,
  wanted: string,
  status: Status = 200
) {
  const { context, me } = visit
  const marketplace = Option.getOrUndefined(Marketplace.find(wanted))
  const decided =
    marketplace === undefined
      ? undefined
      : yield* context.accounts.expansion(me, account.id, {
          marketplaceId: marketplace.id,
          accountType: account.accountType
        })
  return sendMember(visit, newCountryPage({ account, context, decided, marketplace, status, wanted }))
})

const sendConsents = Effect.fnUntraced(function* (
  visit: MemberVisit,
  id: Id.ConnectionId,
  wrong?: string,
  status: Status = 200
) {
  const { c, context, me } = visit
  const { account, connection } = yield* context.connections.view(me, id)
  const { items } = yield* context.grants.list(
    me,
    { channel: connection.channel, region: account.region, states: ["Active"] },
    { limit: consentsShown }
  )
  const wanted = c.req.query("consent") ?? (items.length === 1 ? items[0]?.grant.id : undefined)
  const chosen = items.find(({ grant }) => grant.id === wanted)
  const choices = chosen === undefined ? [] : yield* context.grants.choices(me, chosen.grant.id, id)
  return sendMember(
    visit,
    chooseConsentPage({ account, choices, chosen, connection, id, items, status, wanted, wrong })
  )
})

const showCountry = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const account = yield* context.accounts.view(me, yield* Http.idParam(c, Id.AccountId))
  return yield* sendCountry(visit, account, (c.req.query("marketplace") ?? "").slice(0, 40))
})

const addMarketplace = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.AccountId)
  const wanted = Option.getOrUndefined(Marketplace.find(Http.one(yield* Http.readForm(c), "marketplace")))
  if (wanted === undefined) return yield* new BadRequest({ detail: "Choose a marketplace from the list." })
  return yield* context.accounts.addMarketplace(me, id, wanted.id).pipe(
    Effect.map(() => c.redirect(`/accounts/${id}?done=country-added#${wanted.id}`, 303)),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "contradiction"
        ? Effect.flatMap(context.accounts.view(me, id), (account) => sendCountry(visit, account, wanted.id, 422))
        : Effect.fail(refused)
    )
  )
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
  if (!isGrant(consent)) return yield* new BadRequest({ detail: "Choose a consent from the list." })
  const choices = yield* context.grants.choices(me, consent, id)
  const found = choices.find(({ candidate }) => Profile.keyText(candidate.key) === Http.one(form, "profile"))
  if (found === undefined) return yield* new BadRequest({ detail: "The chosen profile is no longer in the list." })
  const chosenProfile = { connectionId: id, key: found.candidate.key, confirmed: Http.one(form, "confirmed") === "yes" }
  return yield* context.grants.link(me, consent, chosenProfile).pipe(
    Effect.map(() => c.redirect(`/connections/${id}?done=connected`, 303)),
    Effect.catchTag("ProfileHeld", (held) => sendConsents(visit, id, held.message, 409)),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "not-permitted" ? Effect.fail(refused) : sendConsents(visit, id, refused.message, 422)
    )
  )
})

/** `/accounts/{id}/countries` and `/connections/{id}/consents`. */
export const routes: Routes = [
  get("/accounts/:id/countries/new", asMember(showCountry)),
  post("/accounts/:id/countries", asMember(addMarketplace)),
  get("/connections/:id/consents", asMember(showConsents)),
  post("/connections/:id/consents", asMember(linkConsent))
]
