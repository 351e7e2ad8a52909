/**
 * Further countries of an account (rules P-R6, C5; flow F2, step 6): whether a country joins the account or needs one of its
 * own, with the explanation; and living under a consent that is there already, without another authorization (rule S-R4).
 */
import { type Account, Channel, type Connection, Expansion, Id, Marketplace, Profile } from "@portolan/domain"
import type { Grants } from "@portolan/ports"
import { Effect, Option, Schema } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, nothing, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import { BadRequest, type Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import { marketplaceSelect } from "./accountForm.ts"
import { named } from "./Consents.ts"
import { may } from "./may.ts"

/** Consents that are offered for a connection. */
const consentsShown = 50

const titles: { readonly [D in Expansion.Decision]: (country: string) => string } = {
  "already-there": (country) => `${country} belongs to this account already`,
  "add-marketplace": (country) => `${country} joins this account`,
  "add-account": (country) => `${country} needs an account of its own`
}

const decision = (
  account: Account.Present,
  marketplace: Marketplace.Marketplace,
  decided: Expansion.Expansion
): Markup => html`
  <section class="card" aria-labelledby="decision"><h2 id="decision">${titles[decided.decision](marketplace.country)}</h2>
    <p>${decided.explanation}</p>
    ${
      decided.decision === "add-marketplace"
        ? html`<form method="post" action="/accounts/${account.id}/countries">
        <input type="hidden" name="marketplace" value="${marketplace.id}"><button>Add ${marketplace.country}</button></form>
        <p class="muted">${
          decided.needsConsent
            ? "After that it has to be authorized once."
            : "After that you choose its profile; nobody has to go to the provider again when the consent lists it."
        }</p>`
        : decided.decision === "add-account"
          ? html`<a class="button" href="/companies/${account.companyId}/accounts/new">New account in the same company</a>`
          : html`<a class="button" href="/accounts/${account.id}">Go to the account</a>`
    }
  </section>`

const countryPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  account: Account.Present,
  wanted: string,
  status: Status = 200
) {
  const marketplace = Option.getOrUndefined(Marketplace.find(wanted))
  const decided =
    marketplace === undefined
      ? undefined
      : yield* context.accounts.expansion(me, account.id, {
          marketplaceId: marketplace.id,
          accountType: account.accountType
        })
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Add a country",
      "companies",
      html`
    ${Components.pageHead("Add a country", {
      crumbs: [{ href: `/accounts/${account.id}`, label: isolateText(account.name) }],
      lead: "A country of the same region and kind joins the account, where the provider treats it as the same seller. We look, and say why."
    })}
    <form method="get" action="/accounts/${account.id}/countries/new" class="card form">
      ${marketplaceSelect(
        context,
        { values: { marketplace: wanted }, errors: {} },
        { provider: account.provider, without: account.marketplaces }
      )}
      <div class="buttons"><button class="${decided === undefined ? "" : "secondary"}">See what it needs</button>
        <a class="button secondary outline" href="/accounts/${account.id}">Cancel</a></div></form>
    ${marketplace !== undefined && decided !== undefined && decision(account, marketplace, decided)}`
    ),
    status
  )
})

const choiceItem = (
  connection: Connection.Present,
  view: Grants.GrantView,
  choice: Effect.Success<ReturnType<Grants.Grants["Service"]["choices"]>>[number]
): Markup => {
  const { candidate, heldBy, obstacles } = choice
  const blocking = obstacles.filter(({ weight }) => weight === "blocks")
  const warnings = obstacles.filter(({ weight }) => weight === "warns")
  const isBlocked = blocking.length > 0 || heldBy !== undefined
  return html`<li class="card profile${isBlocked && " blocked"}"><header><h3>${isolateText(candidate.name)}</h3>${
    isBlocked
      ? Components.badge("idle", heldBy !== undefined ? "Already connected" : "Not for this country")
      : warnings.length > 0
        ? Components.badge("wait", "Check first")
        : Components.badge("good", "Fits")
  }</header>
    <dl class="facts"><div><dt>Id</dt><dd><code>${candidate.key.externalId}</code></dd></div>
      <div><dt>Country</dt><dd>${candidate.countryCode}</dd></div>
      <div><dt>Currency</dt><dd>${candidate.currency}</dd></div></dl>
    ${
      heldBy !== undefined &&
      html`<p class="obstacle">Already connected to <a href="/connections/${
        heldBy.connectionId
      }">${isolateText(heldBy.accountName)}</a>.</p>`
    }
    ${[...blocking, ...(isBlocked ? [] : warnings)].map(
      ({ detail, weight }) => html`<p class="obstacle${weight === "warns" && " warns"}">${detail}</p>`
    )}
    ${
      !isBlocked &&
      html`<form method="post" action="/connections/${
        connection.id
      }/consents"><input type="hidden" name="consent" value="${view.grant.id}">
      <input type="hidden" name="profile" value="${Profile.keyText(candidate.key)}">
      ${
        warnings.length > 0 &&
        html`<label class="tick"><input type="checkbox" name="confirmed" value="yes" required> I
        have checked this; it is the right one.</label>`
      }
      <button>Use this one<span class="sr-only">: ${candidate.name}, ${candidate.countryCode}</span></button></form>`
    }</li>`
}

const consentPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  id: Id.ConnectionId,
  wrong?: string,
  status: Status = 200
) {
  const { account, connection } = yield* context.connections.view(me, id)
  const { items } = yield* context.grants.list(
    me,
    { channel: connection.channel, region: account.region, states: ["Active"] },
    { limit: consentsShown }
  )
  const wanted = c.req.query("consent") ?? (items.length === 1 ? items[0]?.grant.id : undefined)
  const chosen = items.find(({ grant }) => grant.id === wanted)
  const choices = chosen === undefined ? [] : yield* context.grants.choices(me, chosen.grant.id, id)
  const fits = (one: (typeof choices)[number]) =>
    one.heldBy !== undefined || one.obstacles.some(({ weight }) => weight === "blocks") ? 1 : 0
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Use a consent that is there",
      "companies",
      html`
    ${Components.pageHead("Use a consent that is there", {
      crumbs: [
        { href: `/accounts/${account.id}`, label: isolateText(account.name) },
        { href: `/connections/${id}`, label: Labels.shortChannel(connection.channel) }
      ],
      lead: html`${Labels.marketplaceName(connection.marketplaceId)} · ${Channel.label(
        connection.channel
      )}. One login may see several accounts; nobody has to go to the provider again.`
    })}
    ${wrong !== undefined && Components.notice("act", "Nothing was connected", wrong)}
    ${
      items.length === 0
        ? Components.empty(
            "No consent for this region",
            "Nobody has consented to this channel in the account's region yet.",
            html`<a class="button" href="/accounts/${account.id}">Authenticate</a>`
          )
        : html`<form method="get" action="/connections/${id}/consents" class="card form">
        <div class="field"><label for="consent">Consent</label>
          <select id="consent" name="consent">${items.map(
            (view) =>
              html`<option value="${view.grant.id}"${view.grant.id === wanted && html` selected`}>${named(view)}${
                view.connections[0] !== undefined && ` · ${view.connections[0].link.profile.name}`
              }</option>`
          )}</select></div>
          <div class="buttons"><button class="secondary">See what it offers</button></div></form>`
    }
    ${
      chosen !== undefined &&
      (choices.length === 0
        ? Components.notice(
            "wait",
            "This consent sees nothing here",
            "The seller may not take part in the country yet. Authorize anew once it does."
          )
        : html`<ul class="profiles">${choices
            .toSorted((one, other) => fits(one) - fits(other))
            .map((one) => choiceItem(connection, chosen, one))}</ul>`)
    }
    <p><a href="/accounts/${account.id}">Authorize anew instead</a></p>`
    ),
    status
  )
})

/** Leads from a connection that is not bound to the consents that could serve it. */
export const useConsent = (connection: Connection.Present): Markup =>
  Channel.accessBy(connection.channel) === "partner"
    ? nothing
    : html`<p><a href="/connections/${connection.id}/consents">Use a consent that is there<span class="sr-only"> for ${Channel.label(
        connection.channel
      )}</span></a></p>`

/** Leads to adding a country, for those who may. */
export const addCountry = (me: Layout.Me, account: Account.Present): Markup =>
  may(me, "administer", account) && account._tag === "Open"
    ? html`<a class="button secondary outline" href="/accounts/${account.id}/countries/new">Add a country</a>`
    : nothing

const isGrant = Schema.is(Id.GrantId)

/** `/accounts/{id}/countries` and `/connections/{id}/consents`. */
export const routes: Routes = (app, context) => {
  app.get(
    "/accounts/:id/countries/new",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        const account = yield* context.accounts.view(me, yield* Http.idParam(c, Id.AccountId))
        return yield* countryPage(context, c, me, account, (c.req.query("marketplace") ?? "").slice(0, 40))
      })
    )
  )

  app.post(
    "/accounts/:id/countries",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        const id = yield* Http.idParam(c, Id.AccountId)
        const wanted = Option.getOrUndefined(Marketplace.find(Http.one(yield* Http.readForm(c), "marketplace")))
        if (wanted === undefined) return yield* new BadRequest({ detail: "Choose a marketplace from the list." })
        return yield* context.accounts.addMarketplace(me, id, wanted.id).pipe(
          Effect.map(() => c.redirect(`/accounts/${id}?done=country-added#${wanted.id}`, 303)),
          Effect.catchTag("Refused", (refused) =>
            refused.reason === "contradiction"
              ? Effect.flatMap(context.accounts.view(me, id), (account) =>
                  countryPage(context, c, me, account, wanted.id, 422)
                )
              : Effect.fail(refused)
          )
        )
      })
    )
  )

  app.get(
    "/connections/:id/consents",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        return yield* consentPage(context, c, me, yield* Http.idParam(c, Id.ConnectionId))
      })
    )
  )

  app.post(
    "/connections/:id/consents",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        const id = yield* Http.idParam(c, Id.ConnectionId)
        const form = yield* Http.readForm(c)
        const consent = Http.one(form, "consent")
        if (!isGrant(consent)) return yield* new BadRequest({ detail: "Choose a consent from the list." })
        const choices = yield* context.grants.choices(me, consent, id)
        const found = choices.find(({ candidate }) => Profile.keyText(candidate.key) === Http.one(form, "profile"))
        if (found === undefined)
          return yield* new BadRequest({ detail: "The chosen profile is no longer in the list." })
        return yield* context.grants
          .link(me, consent, {
            connectionId: id,
            key: found.candidate.key,
            confirmed: Http.one(form, "confirmed") === "yes"
          })
          .pipe(
            Effect.map(() => c.redirect(`/connections/${id}?done=connected`, 303)),
            Effect.catchTag("ProfileHeld", (held) => consentPage(context, c, me, id, held.message, 409)),
            Effect.catchTag("Refused", (refused) =>
              refused.reason === "not-permitted"
                ? Effect.fail(refused)
                : consentPage(context, c, me, id, refused.message, 422)
            )
          )
      })
    )
  )
}
