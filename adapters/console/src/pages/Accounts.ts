/** A new account, and one account with a tile per channel: authenticate now, or create an auth link (steps 3 and 4). */
import {
  Access,
  type Account,
  AccountType,
  type Authorization,
  Channel,
  type Company,
  Connection,
  Evidence,
  Id,
  Marketplace
} from "@portolan/domain"
import type { AuthLinks, Connections } from "@portolan/ports"
import { DateTime, Duration, Effect, Option, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, nothing, isolateText } from "../page/html.ts"
import * as Input from "../page/input.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import { BadRequest, type Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import { marketplaceSelect, typeChoice } from "./accountForm.ts"
import { addCountry, useConsent } from "./Countries.ts"
import { accountControls, accountNotices, doneNotice } from "./Lifecycle.ts"
import { linkLives, linkPanel } from "./linkPanel.ts"
import { may } from "./may.ts"
import { hasChoice, inOrder } from "./tiles.ts"

const linksShown = 4

const brandChoice = (company: Company.Open, chosen: ReadonlyArray<string>, state: Components.FormState): Markup =>
  html`<fieldset class="choices compact"><legend>Brands on this account</legend>
  ${company.brands.map(
    (brand, index) => html`<label class="choice">
    <input type="checkbox" name="brands" value="${brand.id}"${
      (chosen.length === 0 ? index === 0 : chosen.includes(brand.id)) && html` checked`
    }><span>${isolateText(brand.name)}</span></label>`
  )}
  ${Components.fieldError(state, "brands")}</fieldset>
  <div class="field"><label for="field-default">Default brand</label>
    <select id="field-default" name="default" aria-describedby="field-default-hint">${company.brands.map(
      (brand) =>
        html`<option value="${brand.id}"${state.values["default"] === brand.id && html` selected`}>${
          brand.name
        }</option>`
    )}</select>
    <small id="field-default-hint" class="hint">Every product of the account, now and later,
      belongs to this brand unless said otherwise.</small>
    ${Components.fieldError(state, "default")}</div>`

const newPage = (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  company: Company.Open,
  state: Components.FormState,
  chosen: ReadonlyArray<string>,
  key: string,
  status: Status = 200
) =>
  Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "New account",
      "companies",
      html`
    ${Components.pageHead("New account", {
      crumbs: [
        { href: "/companies", label: "Companies" },
        { href: `/companies/${company.id}`, label: isolateText(company.name) }
      ],
      lead: "One seller or vendor account in one marketplace. You connect it on the next page."
    })}
    ${
      state.errors["form"] !== undefined &&
      Components.notice("act", "The account could not be created", state.errors["form"])
    }
    <form method="post" action="/companies/${company.id}/accounts" class="card form">
      <input type="hidden" name="key" value="${key}">
      ${Components.textField(state, "name", "Account name", { hint: "Usually brand and country, e.g. “Nordwind US”." })}
      ${marketplaceSelect(context, state)}
      ${typeChoice(context, state)}
      ${brandChoice(company, chosen, state)}
      <div class="buttons"><button>Create account</button><a class="button secondary outline"
        href="/companies/${company.id}">Cancel</a></div>
    </form>`
    ),
    status
  )

const readNew = (form: Http.Form, company: Company.Open) => {
  const brands = company.brands.filter((brand) => Http.many(form, "brands").includes(brand.id)).map((brand) => brand.id)
  const fallback = Http.one(form, "default")
  const fields = {
    name: Input.name(Http.one(form, "name"), "the account"),
    marketplace: Option.match(Marketplace.find(Http.one(form, "marketplace")), {
      onNone: () => Result.fail("Choose a marketplace from the list."),
      onSome: (found) => Result.succeed(found.id)
    }),
    type: Result.fromOption(
      Option.fromUndefinedOr(AccountType.all().find((type) => type === Http.one(form, "type"))),
      () => "Choose an account type."
    ),
    brands: brands.length > 0 ? Result.succeed(brands) : Result.fail("Choose at least one brand."),
    default: Result.fromOption(
      Option.fromUndefinedOr(brands.find((brand) => brand === fallback)),
      () => "Choose one of the brands ticked above."
    )
  }
  return { input: Result.all(fields), errors: Input.errorsOf(fields) }
}

const actions = (context: PageContext, connection: Connection.Present, isAgain: boolean): Markup => {
  if (!context.offers(connection.channel)) {
    return Components.notice(
      "info",
      `${Channel.label(connection.channel)} is not set up in this installation`,
      "Your operator can add the provider's credentials; then it can be connected here."
    )
  }
  if (Channel.accessBy(connection.channel) === "partner") return partnerAction(connection)
  const provider = Labels.providerName(connection.channel)
  return html`<div class="ways">
    <form method="post" action="/connections/${connection.id}/authenticate" class="way">
      <h4>${isAgain ? "Authenticate again now" : "Authenticate now"}</h4>
      <p>Your own ${provider} login has the rights for this account. You go to ${
        provider
      } and come back. Check first which ${provider} account this browser is logged in to.</p>
      <button>${
        isAgain ? "Authenticate again" : "Authenticate now"
      }<span class="sr-only"> with ${Channel.label(connection.channel)}</span></button>
    </form>
    <form method="post" action="/connections/${connection.id}/links" class="way">
      <h4>Create auth link</h4>
      <p>Somebody else has the rights. Send that person a link; no sign-in here is needed.</p>
      <label for="life-${connection.id}">Link is valid for</label>
      <div class="joined"><select id="life-${connection.id}" name="life">${linkLives.map(
        ({ hours, label }) => html`<option value="${hours}"${hours === 168 && html` selected`}>${label}</option>`
      )}</select>
      <button class="secondary">Create link<span class="sr-only"> for ${Channel.label(connection.channel)}</span>
        </button></div>
    </form>
    <div class="way">
      <h4>Request to connect</h4>
      <p>Only the owner can do it, and that is somebody else. We mail the owner, remind, and tell you when it is done.</p>
      <a class="button secondary" href="/connections/${
        connection.id
      }/request">Ask the owner<span class="sr-only"> for ${Channel.label(connection.channel)}</span></a>
    </div></div>`
}

/**
 * Where access is given by an advertiser's admin there is nothing to send anybody to; a person links what appeared
 * (rule W-R4).
 */
const partnerAction = (connection: Connection.Present): Markup => html`<div class="ways"><div class="way">
  <h4>${Connection.isLinked(connection) ? "Look at the advertisers" : "Link an advertiser"}</h4>
  <p>An admin of the advertiser adds us as partner in Walmart's console. Then the advertiser appears here, and you link it to this
    account.</p>
  <a class="button${Connection.isLinked(connection) && " secondary"}" href="/connections/${connection.id}/advertisers">${
    Connection.isLinked(connection) ? "See advertisers" : "Connect"
  }<span class="sr-only"> ${Channel.label(connection.channel)}</span></a>
</div></div>`

/** The two ways to give consent, for pages other than the account's own. */
export const consentActions = actions

const pendingHint = (view: Connections.ConnectionView): Markup => {
  const pending = Connection.pendingOf(view.connection)
  return pending === undefined
    ? nothing
    : html`<p><a class="button" href="/pending/${pending.authorizationId}">${
        hasChoice(view) ? "Choose the profile" : "See the consent"
      }</a></p>`
}

/** What a tile shows beside the connection's own standing. */
interface Surroundings {
  readonly links: ReadonlyArray<AuthLinks.LinkWithAddress>
  readonly lastAuthorization: Authorization.Present | undefined
  /** Whether another consent of the organization, of the same channel and region, may serve it. */
  readonly isFurther: boolean
}

/**
 * How the latest attempt stands or ended, unless the tile says so already: as its pending consent, or as what
 * connected it.
 */
const lastAttempt = (
  connection: Connection.Present,
  authorization: Authorization.Present,
  now: DateTime.Utc
): Markup => {
  if (authorization._tag === "Finalised" || authorization.id === Connection.pendingOf(connection)?.authorizationId)
    return nothing
  const outcome = Evidence.ofAuthorization(authorization)
  return html`<p class="last-attempt"><strong>Last attempt:</strong> ${Components.badge(Labels.authorizationTone(authorization), outcome.label)}
    <span class="muted">${Components.when(Labels.cameAt(authorization), now)}</span> ${outcome.reason}${
      outcome.mustAct !== "nobody" && html` ${outcome.nextStep}`
    }</p>`
}

/** The latest authorization of a connection that does not work now; one that works needs no word about how it came to be. */
const lastAuthorizationOf = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  connection: Connection.Present
) {
  if (connection._tag === "Connected" || connection._tag === "Limited") return undefined
  const { items } = yield* context.pending.ofConnection(me, connection.id, { limit: 1 })
  return items[0]
})

const tile = (
  context: PageContext,
  me: Layout.Me,
  account: Account.Present,
  view: Connections.ConnectionView,
  { isFurther, lastAuthorization, links }: Surroundings,
  now: DateTime.Utc
): Markup => {
  const { backfill, connection, evidence } = view
  const mayConnect = may(me, "connect", account) && account._tag === "Open"
  const isLive = connection._tag === "Connected"
  const paused = Connection.isLinked(connection) ? connection.paused : undefined
  const tone = Labels.toneOf(evidence.status)
  const isFirst = connection.marketplaceId === account.marketplaces[0]
  const anchor = isFirst ? connection.channel : `${connection.channel}-${connection.marketplaceId}`
  return html`<section class="card big-tile ${tone}" id="${anchor}"
    aria-labelledby="title-${anchor}">
    <header><div><h3 id="title-${anchor}">${Channel.label(connection.channel)}</h3>
      <p class="muted">${Labels.channelPurpose(connection.channel)}${
        connection.optional && " Optional for this kind of account."
      }</p></div>
      ${Components.badge(tone, evidence.label)}</header>
    ${account._tag === "Open" && Components.reasons(evidence, Labels.mustAct[evidence.mustAct])}
    ${
      paused !== undefined &&
      html`<p>${evidence.status !== "paused" && html`${Components.badge("idle", "Paused")} `}Nothing is fetched since
      ${Components.when(paused.at, now)}.${
        may(me, "administer", account) && html` <a href="/connections/${connection.id}/resume">Resume …</a>`
      }</p>`
    }
    ${lastAuthorization !== undefined && lastAttempt(connection, lastAuthorization, now)}
    ${
      backfill?.state._tag === "Running" &&
      html`<p class="tile-load">${Components.bar(`First load of ${Channel.label(connection.channel)}`, backfill.overall, "info")}
      <span class="muted">First load ${Labels.percent(backfill.overall)} %</span></p>`
    }
    ${mayConnect && pendingHint(view)}
    ${
      (connection._tag === "Limited" || (Connection.pendingOf(connection) !== undefined && !hasChoice(view))) &&
      html`<p><a href="/connections/${connection.id}/diagnosis">What is missing?<span class="sr-only"> for ${Channel.label(
        connection.channel
      )}</span></a></p>`
    }
    ${
      mayConnect &&
      !Connection.isLinked(connection) &&
      Connection.pendingOf(connection) === undefined &&
      me.accessScope._tag === "Everything" &&
      isFurther &&
      useConsent(connection)
    }
    ${
      mayConnect &&
      !isLive &&
      (Connection.pendingOf(connection) === undefined
        ? actions(context, connection, Connection.isLinked(connection))
        : html`<details class="more"><summary>Start again instead</summary>${actions(context, connection, true)}</details>`)
    }
    ${links.map((link) => linkPanel(link, now, mayConnect))}
    ${
      connection._tag !== "Proposed" &&
      html`<p class="tile-foot"><a href="/connections/${
        connection.id
      }">Details and history<span class="sr-only"> of ${Channel.label(connection.channel)}</span></a></p>`
    }
  </section>`
}

/** The links of a connection worth showing: all open ones with their address, and the latest of the others. */
export const linksOf = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  connectionId: Id.ConnectionId
) {
  const { items } = yield* context.authLinks.list(me, connectionId, { limit: linksShown })
  const worth = items.filter((link, index) => link._tag === "Open" || index === 0)
  return yield* Effect.forEach(worth, (link) =>
    // Who may not connect this account sees that there is a link, and not its address.
    Effect.catchTag(context.authLinks.view(me, link.id), "Refused", () =>
      Effect.succeed<AuthLinks.LinkWithAddress>({ link })
    )
  )
})

/** Leads to the steps, as long as something that the account cannot do without is not connected. */
const stepByStep = (
  me: Layout.Me,
  account: Account.Present,
  views: ReadonlyArray<Connections.ConnectionView>
): Markup =>
  may(me, "connect", account) &&
  account._tag === "Open" &&
  views.some(({ connection }) => !connection.optional && !Connection.isLinked(connection))
    ? html`<a class="button secondary outline" href="/start/${account.id}">Set it up step by step</a>`
    : nothing

/** One country of an account with its tiles. */
const country = (marketplaceId: Marketplace.MarketplaceId, tiles: ReadonlyArray<Markup>): Markup =>
  html`<section class="block" id="${marketplaceId}" aria-labelledby="country-${marketplaceId}">
    <h2 id="country-${marketplaceId}">${Labels.marketplaceName(marketplaceId)}</h2>
      <div class="big-tiles">${tiles}</div></section>`

const accountPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  account: Account.Present
) {
  const now = yield* Http.now
  const company = yield* context.companies.view(me, account.companyId)
  const { items } = yield* context.connections.list(me, { accountId: account.id }, { limit: 100 })
  const consents =
    me.accessScope._tag !== "Everything"
      ? []
      : (yield* context.grants.list(me, { region: account.region, states: ["Active"] }, { limit: 100 })).items
  const isFurther = (channel: Channel.Channel) => consents.some(({ grant }) => grant.channel === channel)
  const groups = yield* Effect.forEach(account.marketplaces, (marketplaceId) =>
    Effect.map(
      Effect.forEach(inOrder(items.filter(({ connection }) => connection.marketplaceId === marketplaceId)), (view) =>
        Effect.gen(function* () {
          const links = yield* linksOf(context, me, view.connection.id)
          return tile(
            context,
            me,
            account,
            view,
            {
              links,
              lastAuthorization: yield* lastAuthorizationOf(context, me, view.connection),
              isFurther: isFurther(view.connection.channel)
            },
            now
          )
        })
      ),
      (tiles) => country(marketplaceId, tiles)
    )
  )
  const brandName = (id: Id.BrandId) => company.brands.find((brand) => brand.id === id)?.name ?? "unknown brand"
  const done = c.req.query("done")
  c.header("Content-Security-Policy", Http.departingPolicy)
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      account.name,
      "companies",
      html`
    ${Components.pageHead(isolateText(account.name), {
      crumbs: [
        { href: "/companies", label: "Companies" },
        { href: `/companies/${company.id}`, label: isolateText(company.name) }
      ],
      lead: html`${account.marketplaces.map(Labels.marketplaceName).join(", ")} · ${AccountType.label(account.accountType)} ·
        ${account.brandIds.map(
          (id) =>
            html`<span class="chip">${isolateText(brandName(id))}${
              id === account.defaultBrandId && account.brandIds.length > 1 && " (default)"
            }</span> `
        )}`,
      actions: html`${stepByStep(me, account, items)}${addCountry(me, account)}`
    })}
    ${
      done === "account-created" &&
      Components.notice("good", "Account created", `Now connect ${items.length > 1 ? "each of its APIs" : "its API"}.`)
    }
    ${
      done === "link-created" &&
      Components.notice("good", "Link created", "Copy it below and send it to the person who may consent.")
    }
    ${done === "link-revoked" && Components.notice("good", "Link withdrawn", "Whoever opens it now is told so.")}
    ${doneNotice(done)}
    ${accountNotices(me, account, now)}
    ${!may(me, "connect", account) && Components.onlyLooking("An owner, admin or member of your organization")}
    ${
      done === "country-added" &&
      Components.notice("good", "Country added", "Its tiles are below. Use a consent that is there, or authorize anew.")
    }
    ${groups}
    ${accountControls(me, account)}`
    )
  )
})

/** `/companies/{id}/accounts`, `/accounts/{id}`, and what starts on it. */
export const routes: Routes = (app, context) => {
  app.get(
    "/companies/:id/accounts/new",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const company = yield* context.companies.view(me, yield* Http.idParam(c, Id.CompanyId))
        return newPage(context, c, me, company, Components.blank, [], Redacted.value(yield* context.secrets.token))
      })
    )
  )

  app.post(
    "/companies/:id/accounts",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const company = yield* context.companies.view(me, yield* Http.idParam(c, Id.CompanyId))
        const form = yield* Http.readForm(c)
        const key = Http.one(form, "key").slice(0, 100)
        const again = (errors: Components.FormState["errors"], status: Status) =>
          newPage(context, c, me, company, { values: Http.typed(form), errors }, Http.many(form, "brands"), key, status)
        const { errors, input } = readNew(form, company)
        if (Result.isFailure(input)) return again(errors, 422)
        const { brands, default: defaultBrandId, marketplace, name, type } = input.success
        const fingerprint = yield* context.secrets.digest(
          Redacted.make(JSON.stringify(["account", company.id, input.success]))
        )
        return yield* context.accounts
          .create(
            me,
            {
              companyId: company.id,
              name,
              accountType: type,
              marketplaces: [marketplace],
              brandIds: brands,
              defaultBrandId
            },
            key === "" ? undefined : { key: `console/${key}`, fingerprint }
          )
          .pipe(
            Effect.map((account) => c.redirect(`/accounts/${account.id}?done=account-created`, 303)),
            Effect.catchTag("Refused", (refused) =>
              refused.reason === "contradiction"
                ? Effect.succeed(again({ type: refused.message }, 422))
                : Effect.fail(refused)
            )
          )
      })
    )
  )

  app.get(
    "/accounts/:id",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        return yield* accountPage(
          context,
          c,
          me,
          yield* context.accounts.view(me, yield* Http.idParam(c, Id.AccountId))
        )
      })
    )
  )

  app.post(
    "/connections/:id/authenticate",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.caller(context, c)
        const authorizationRedirect = yield* context.connecting.authenticateNow(
          me,
          yield* Http.idParam(c, Id.ConnectionId),
          { browser: Http.browserOf(c) }
        )
        return Http.startAuthorization(context, c, authorizationRedirect)
      })
    )
  )

  app.post(
    "/connections/:id/links",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.caller(context, c)
        const id = yield* Http.idParam(c, Id.ConnectionId)
        const form = yield* Http.readForm(c)
        const life = linkLives.find(({ hours }) => String(hours) === Http.one(form, "life"))
        if (life === undefined)
          return yield* new BadRequest({ detail: "Choose one of the offered times for which the link is valid." })
        const { link } = yield* context.authLinks.create(me, id, { life: Duration.hours(life.hours) })
        return c.redirect(`/accounts/${link.accountId}?done=link-created#${link.channel}`, 303)
      })
    )
  )

  app.post(
    "/links/:id/revoke",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.caller(context, c)
        const link = yield* context.authLinks.revoke(me, yield* Http.idParam(c, Id.InvitationId))
        return c.redirect(`/accounts/${link.accountId}?done=link-revoked#${link.channel}`, 303)
      })
    )
  )
}
