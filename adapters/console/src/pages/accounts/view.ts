/** Pages of an account: all its connections, and creating one. */
import {
  type Account,
  AccountType,
  type Authorization,
  Channel,
  type Company,
  Connection,
  Evidence,
  type Id,
  type Marketplace
} from "@portolan/domain"
import type { AuthLinks, Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { linkLives, linkPanel } from "../connections/linkPanel.ts"
import { addCountry, useConsent } from "../countries/view.ts"
import { accountControls, accountNotices, commandNotice } from "../lifecycle/view.ts"
import { marketplaceSelect, typeChoice } from "./accountFields.ts"
import { hasChoice } from "./tiles.ts"

const brandChoice = (company: Company.Open, chosen: ReadonlyArray<string>, state: Fields.FormState): Markup =>
  html`<fieldset class="choices compact"><legend>Brands on this account</legend>
  ${company.brands.map(
    (brand, index) => html`<label class="choice">
    <input type="checkbox" name="brands" value="${brand.id}"${
      (chosen.length === 0 ? index === 0 : chosen.includes(brand.id)) && html` checked`
    }><span>${isolateText(brand.name)}</span></label>`
  )}
  ${Fields.fieldError(state, "brands")}</fieldset>
  <div class="field"><label for="field-default">Default brand</label>
    <select id="field-default" name="default" aria-describedby="field-default-hint">${company.brands.map(
      (brand) =>
        html`<option value="${brand.id}"${state.values["default"] === brand.id && html` selected`}>${
          brand.name
        }</option>`
    )}</select>
    <small id="field-default-hint" class="hint">Every product of the account, now and later,
      belongs to this brand unless said otherwise.</small>
    ${Fields.fieldError(state, "default")}</div>`

/** What the page shows. */
export interface NewAccountPageModel {
  readonly chosen: ReadonlyArray<string>
  readonly company: Company.Open
  readonly context: PageContext
  readonly key: string
  readonly state: Fields.FormState
  readonly status: Status
}

export const newAccountPage = ({ chosen, company, context, key, state, status }: NewAccountPageModel): MemberPage => ({
  title: "New account",
  section: "companies",
  status,
  body: html`
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
      ${Fields.textField(state, "name", "Account name", { hint: "Usually brand and country, e.g. “Nordwind US”." })}
      ${marketplaceSelect(context, state)}
      ${typeChoice(context, state)}
      ${brandChoice(company, chosen, state)}
      <div class="buttons"><button>Create account</button><a class="button secondary outline"
        href="/companies/${company.id}">Cancel</a></div>
    </form>`
})

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

export const tile = (
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
      <span class="muted">First load ${Format.percent(backfill.overall)} %</span></p>`
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
export const country = (marketplaceId: Marketplace.MarketplaceId, tiles: ReadonlyArray<Markup>): Markup =>
  html`<section class="block" id="${marketplaceId}" aria-labelledby="country-${marketplaceId}">
    <h2 id="country-${marketplaceId}">${Labels.marketplaceName(marketplaceId)}</h2>
      <div class="big-tiles">${tiles}</div></section>`

/** What the page shows. */
export interface AccountPageModel {
  readonly account: Account.Present
  readonly company: Company.Open
  readonly done: string | undefined
  readonly groups: ReadonlyArray<Markup>
  readonly items: ReadonlyArray<Connections.ConnectionView>
  readonly me: Layout.Me
  readonly now: DateTime.Utc
}

export const accountPage = ({ account, company, done, groups, items, me, now }: AccountPageModel): MemberPage => {
  const brandName = (id: Id.BrandId) => company.brands.find((brand) => brand.id === id)?.name ?? "unknown brand"
  return {
    title: account.name,
    section: "companies",
    body: html`
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
    ${commandNotice(done)}
    ${accountNotices(me, account, now)}
    ${!may(me, "connect", account) && Components.onlyLooking("An owner, admin or member of your organization")}
    ${
      done === "country-added" &&
      Components.notice("good", "Country added", "Its tiles are below. Use a consent that is there, or authorize anew.")
    }
    ${groups}
    ${accountControls(me, account)}`
  }
}
