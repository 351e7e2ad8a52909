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
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, nothing, theirs } from "../Html.ts"
import * as Input from "../Input.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import { BadRequest, type Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
import { marketplaceSelect, typeChoice } from "./accountForm.ts"
import { addCountry, useConsent } from "./Countries.ts"
import { accountControls, accountNotices, doneNotice } from "./Lifecycle.ts"
import { linkLives, linkPanel } from "./linkPanel.ts"
import { may } from "./may.ts"
import { hasChoice, inOrder } from "./tiles.ts"

const linksShown = 4

const brandChoice = (company: Company.Open, chosen: ReadonlyArray<string>, state: Parts.FormState): Markup =>
  html`<fieldset class="choices compact"><legend>Brands on this account</legend>
  ${company.brands.map(
    (brand, index) => html`<label class="choice">
    <input type="checkbox" name="brands" value="${brand.id}"${
      (chosen.length === 0 ? index === 0 : chosen.includes(brand.id)) && html` checked`
    }><span>${theirs(brand.name)}</span></label>`
  )}
  ${Parts.fieldError(state, "brands")}</fieldset>
  <div class="field"><label for="field-default">Default brand</label>
    <select id="field-default" name="default" aria-describedby="field-default-hint">${company.brands.map(
      (brand) =>
        html`<option value="${brand.id}"${state.values["default"] === brand.id && html` selected`}>${
          brand.name
        }</option>`
    )}</select>
    <small id="field-default-hint" class="hint">Every product of the account, now and later,
      belongs to this brand unless said otherwise.</small>
    ${Parts.fieldError(state, "default")}</div>`

const newPage = (
  desk: Desk,
  c: Context,
  me: Layout.Me,
  company: Company.Open,
  state: Parts.FormState,
  chosen: ReadonlyArray<string>,
  key: string,
  status: Status = 200
) =>
  Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "New account",
      "companies",
      html`
    ${Parts.pageHead("New account", {
      crumbs: [
        { href: "/companies", label: "Companies" },
        { href: `/companies/${company.id}`, label: theirs(company.name) }
      ],
      lead: "One seller or vendor account in one marketplace. You connect it on the next page."
    })}
    ${
      state.errors["form"] !== undefined &&
      Parts.notice("act", "The account could not be created", state.errors["form"])
    }
    <form method="post" action="/companies/${company.id}/accounts" class="card form">
      <input type="hidden" name="key" value="${key}">
      ${Parts.textField(state, "name", "Account name", { hint: "Usually brand and country, e.g. “Nordwind US”." })}
      ${marketplaceSelect(desk, state)}
      ${typeChoice(desk, state)}
      ${brandChoice(company, chosen, state)}
      <div class="buttons"><button>Create account</button><a class="button secondary outline"
        href="/companies/${company.id}">Cancel</a></div>
    </form>`
    ),
    status
  )

const readNew = (form: Web.Form, company: Company.Open) => {
  const brands = company.brands.filter((brand) => Web.many(form, "brands").includes(brand.id)).map((brand) => brand.id)
  const fallback = Web.one(form, "default")
  const fields = {
    name: Input.name(Web.one(form, "name"), "the account"),
    marketplace: Option.match(Marketplace.find(Web.one(form, "marketplace")), {
      onNone: () => Result.fail("Choose a marketplace from the list."),
      onSome: (found) => Result.succeed(found.id)
    }),
    type: Result.fromOption(
      Option.fromUndefinedOr(AccountType.all().find((type) => type === Web.one(form, "type"))),
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

const actions = (desk: Desk, connection: Connection.Present, isAgain: boolean): Markup => {
  if (!desk.offers(connection.channel)) {
    return Parts.notice(
      "info",
      `${Channel.label(connection.channel)} is not set up in this installation`,
      "Your operator can add the provider's credentials; then it can be connected here."
    )
  }
  if (Channel.accessBy(connection.channel) === "partner") return partnerAction(connection)
  const provider = Words.providerName(connection.channel)
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
  return html`<p class="last-attempt"><strong>Last attempt:</strong> ${Parts.badge(Words.authorizationTone(authorization), outcome.label)}
    <span class="muted">${Parts.when(Words.cameAt(authorization), now)}</span> ${outcome.reason}${
      outcome.mustAct !== "nobody" && html` ${outcome.nextStep}`
    }</p>`
}

/** The latest authorization of a connection that does not work now; one that works needs no word about how it came to be. */
const lastAuthorizationOf = Effect.fnUntraced(function* (desk: Desk, me: Layout.Me, connection: Connection.Present) {
  if (connection._tag === "Connected" || connection._tag === "Limited") return undefined
  const { items } = yield* desk.pending.ofConnection(me, connection.id, { limit: 1 })
  return items[0]
})

const tile = (
  desk: Desk,
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
  const tone = Words.toneOf(evidence.status)
  const isFirst = connection.marketplaceId === account.marketplaces[0]
  const anchor = isFirst ? connection.channel : `${connection.channel}-${connection.marketplaceId}`
  return html`<section class="card big-tile ${tone}" id="${anchor}"
    aria-labelledby="title-${anchor}">
    <header><div><h3 id="title-${anchor}">${Channel.label(connection.channel)}</h3>
      <p class="muted">${Words.channelPurpose(connection.channel)}${
        connection.optional && " Optional for this kind of account."
      }</p></div>
      ${Parts.badge(tone, evidence.label)}</header>
    ${account._tag === "Open" && Parts.reasons(evidence, Words.mustAct[evidence.mustAct])}
    ${
      paused !== undefined &&
      html`<p>${evidence.status !== "paused" && html`${Parts.badge("idle", "Paused")} `}Nothing is fetched since
      ${Parts.when(paused.at, now)}.${
        may(me, "administer", account) && html` <a href="/connections/${connection.id}/resume">Resume …</a>`
      }</p>`
    }
    ${lastAuthorization !== undefined && lastAttempt(connection, lastAuthorization, now)}
    ${
      backfill?.state._tag === "Running" &&
      html`<p class="tile-load">${Parts.bar(`First load of ${Channel.label(connection.channel)}`, backfill.overall, "info")}
      <span class="muted">First load ${Words.percent(backfill.overall)} %</span></p>`
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
        ? actions(desk, connection, Connection.isLinked(connection))
        : html`<details class="more"><summary>Start again instead</summary>${actions(desk, connection, true)}</details>`)
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
export const linksOf = Effect.fnUntraced(function* (desk: Desk, me: Layout.Me, connectionId: Id.ConnectionId) {
  const { items } = yield* desk.authLinks.list(me, connectionId, { limit: linksShown })
  const worth = items.filter((link, index) => link._tag === "Open" || index === 0)
  return yield* Effect.forEach(worth, (link) =>
    // Who may not connect this account sees that there is a link, and not its address.
    Effect.catchTag(desk.authLinks.view(me, link.id), "Refused", () =>
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
    <h2 id="country-${marketplaceId}">${Words.marketplaceName(marketplaceId)}</h2>
      <div class="big-tiles">${tiles}</div></section>`

const accountPage = Effect.fnUntraced(function* (desk: Desk, c: Context, me: Layout.Me, account: Account.Present) {
  const now = yield* Web.now
  const company = yield* desk.companies.view(me, account.companyId)
  const { items } = yield* desk.connections.list(me, { accountId: account.id }, { limit: 100 })
  const consents =
    me.accessScope._tag !== "Everything"
      ? []
      : (yield* desk.grants.list(me, { region: account.region, states: ["Active"] }, { limit: 100 })).items
  const isFurther = (channel: Channel.Channel) => consents.some(({ grant }) => grant.channel === channel)
  const groups = yield* Effect.forEach(account.marketplaces, (marketplaceId) =>
    Effect.map(
      Effect.forEach(inOrder(items.filter(({ connection }) => connection.marketplaceId === marketplaceId)), (view) =>
        Effect.gen(function* () {
          const links = yield* linksOf(desk, me, view.connection.id)
          return tile(
            desk,
            me,
            account,
            view,
            {
              links,
              lastAuthorization: yield* lastAuthorizationOf(desk, me, view.connection),
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
  c.header("Content-Security-Policy", Web.departingPolicy)
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      account.name,
      "companies",
      html`
    ${Parts.pageHead(theirs(account.name), {
      crumbs: [
        { href: "/companies", label: "Companies" },
        { href: `/companies/${company.id}`, label: theirs(company.name) }
      ],
      lead: html`${account.marketplaces.map(Words.marketplaceName).join(", ")} · ${AccountType.label(account.accountType)} ·
        ${account.brandIds.map(
          (id) =>
            html`<span class="chip">${theirs(brandName(id))}${
              id === account.defaultBrandId && account.brandIds.length > 1 && " (default)"
            }</span> `
        )}`,
      actions: html`${stepByStep(me, account, items)}${addCountry(me, account)}`
    })}
    ${
      done === "account-created" &&
      Parts.notice("good", "Account created", `Now connect ${items.length > 1 ? "each of its APIs" : "its API"}.`)
    }
    ${
      done === "link-created" &&
      Parts.notice("good", "Link created", "Copy it below and send it to the person who may consent.")
    }
    ${done === "link-revoked" && Parts.notice("good", "Link withdrawn", "Whoever opens it now is told so.")}
    ${doneNotice(done)}
    ${accountNotices(me, account, now)}
    ${!may(me, "connect", account) && Parts.onlyLooking("An owner, admin or member of your organization")}
    ${
      done === "country-added" &&
      Parts.notice("good", "Country added", "Its tiles are below. Use a consent that is there, or authorize anew.")
    }
    ${groups}
    ${accountControls(me, account)}`
    )
  )
})

/** `/companies/{id}/accounts`, `/accounts/{id}`, and what starts on it. */
export const routes: Routes = (app, desk) => {
  app.get(
    "/companies/:id/accounts/new",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const company = yield* desk.companies.view(me, yield* Web.idParam(c, Id.CompanyId))
        return newPage(desk, c, me, company, Parts.blank, [], Redacted.value(yield* desk.secrets.token))
      })
    )
  )

  app.post(
    "/companies/:id/accounts",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const company = yield* desk.companies.view(me, yield* Web.idParam(c, Id.CompanyId))
        const form = yield* Web.readForm(c)
        const key = Web.one(form, "key").slice(0, 100)
        const again = (errors: Parts.FormState["errors"], status: Status) =>
          newPage(desk, c, me, company, { values: Web.typed(form), errors }, Web.many(form, "brands"), key, status)
        const { errors, input } = readNew(form, company)
        if (Result.isFailure(input)) return again(errors, 422)
        const { brands, default: defaultBrandId, marketplace, name, type } = input.success
        const fingerprint = yield* desk.secrets.digest(
          Redacted.make(JSON.stringify(["account", company.id, input.success]))
        )
        return yield* desk.accounts
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
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        return yield* accountPage(desk, c, me, yield* desk.accounts.view(me, yield* Web.idParam(c, Id.AccountId)))
      })
    )
  )

  app.post(
    "/connections/:id/authenticate",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.caller(desk, c)
        const authorizationRedirect = yield* desk.connecting.authenticateNow(
          me,
          yield* Web.idParam(c, Id.ConnectionId),
          Web.browserOf(c)
        )
        return Web.startAuthorization(desk, c, authorizationRedirect)
      })
    )
  )

  app.post(
    "/connections/:id/links",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.caller(desk, c)
        const id = yield* Web.idParam(c, Id.ConnectionId)
        const form = yield* Web.readForm(c)
        const life = linkLives.find(({ hours }) => String(hours) === Web.one(form, "life"))
        if (life === undefined)
          return yield* new BadRequest({ detail: "Choose one of the offered times for which the link is valid." })
        const { link } = yield* desk.authLinks.create(me, id, { life: Duration.hours(life.hours) })
        return c.redirect(`/accounts/${link.accountId}?done=link-created#${link.channel}`, 303)
      })
    )
  )

  app.post(
    "/links/:id/revoke",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.caller(desk, c)
        const link = yield* desk.authLinks.revoke(me, yield* Web.idParam(c, Id.InvitationId))
        return c.redirect(`/accounts/${link.accountId}?done=link-revoked#${link.channel}`, 303)
      })
    )
  )
}
