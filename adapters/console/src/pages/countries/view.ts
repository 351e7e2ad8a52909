/** Pages to add a country to an account. */
import {
  type Account,
  Channel,
  type Connection,
  type Expansion,
  type Id,
  type Marketplace,
  Profile
} from "@portolan/domain"
import type { Grants, PendingAuthorizations } from "@portolan/ports"
import type { Effect } from "effect"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { marketplaceSelect } from "../accounts/accountFields.ts"
import { named } from "../consents/view.ts"

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

/** What the page shows. */
export interface NewCountryPageModel {
  readonly account: Account.Present
  readonly context: PageContext
  readonly decided: Expansion.Expansion | undefined
  readonly marketplace: Marketplace.Marketplace | undefined
  readonly status: Status
  readonly wanted: string
}

export const newCountryPage = ({
  account,
  context,
  decided,
  marketplace,
  status,
  wanted
}: NewCountryPageModel): MemberPage => ({
  title: "Add a country",
  section: "companies",
  status,
  body: html`
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

/** What the page shows. */
export interface ChooseConsentPageModel {
  readonly account: Account.Present
  readonly choices: ReadonlyArray<PendingAuthorizations.Choice>
  readonly chosen: Grants.GrantView | undefined
  readonly connection: Connection.Present
  readonly id: Id.ConnectionId
  readonly items: ReadonlyArray<Grants.GrantView>
  readonly status: Status
  readonly wanted: string | undefined
  readonly wrong: string | undefined
}

export const chooseConsentPage = ({
  account,
  choices,
  chosen,
  connection,
  id,
  items,
  status,
  wanted,
  wrong
}: ChooseConsentPageModel): MemberPage => {
  const fits = (one: (typeof choices)[number]) =>
    one.heldBy !== undefined || one.obstacles.some(({ weight }) => weight === "blocks") ? 1 : 0
  return {
    title: "Use a consent that is there",
    section: "companies",
    status,
    body: html`
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
  }
}

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
