/** The page of an account: all its connections by country. */
import {
  Access,
  type Account,
  AccountType,
  type Company,
  Connection,
  type Id,
  type Marketplace,
  Messages
} from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { addCountry } from "../countries/view.ts"
import { accountControls, accountNotices, commandNotice } from "../lifecycle/controls.ts"
import { leading, tile, type Tile, type TileContext } from "./tile.ts"

/** Leads to the steps, as long as something that the account cannot do without is not connected. */
const stepByStep = (
  me: Layout.Me,
  account: Account.Present,
  views: ReadonlyArray<Connections.ConnectionView>
): Markup =>
  may(me, "connect", account) &&
  account._tag === "Open" &&
  views.some(({ connection }) => !connection.optional && !Connection.isLinked(connection))
    ? html`<a class="button secondary outline" href="/start/${account.id}">${words.accounts.stepByStep}</a>`
    : nothing

/** Leads to an invitation for whoever is to connect it themselves, with a role that can (rule X-R6). */
const inviteOwner = (
  me: Layout.Me,
  account: Account.Present,
  views: ReadonlyArray<Connections.ConnectionView>
): Markup =>
  Access.can(me, "manage-people") &&
  account._tag === "Open" &&
  views.some(({ connection }) => !connection.optional && !Connection.isLinked(connection))
    ? html`<p><a href="/members/invite?connect=${account.id}">${words.accounts.inviteOwner}</a><br><small
        class="muted">${words.accounts.inviteOwnerHint}</small></p>`
    : nothing

/** What the page of an account shows. */
export interface AccountPageModel extends Omit<TileContext, "lead"> {
  readonly company: Company.Present
  /** What was done just now. */
  readonly done: string | undefined
  readonly tiles: ReadonlyArray<Tile>
}

/** One country of an account with its tiles. */
const country = (model: AccountPageModel, marketplaceId: Marketplace.MarketplaceId): Markup =>
  html`<section class="block" id="${marketplaceId}" aria-labelledby="country-${marketplaceId}">
    <h2 id="country-${marketplaceId}">${Labels.marketplaceName(marketplaceId)}</h2>
      <div class="big-tiles">${model.tiles
        .filter(({ view }) => view.connection.marketplaceId === marketplaceId)
        .map((one) => tile({ ...model, lead: leading(model.tiles) }, one))}</div></section>`

/** The page of an account. */
export const accountPage = (model: AccountPageModel): MemberPage => {
  const { account, company, done, me, now, tiles } = model
  const views = tiles.map(({ view }) => view)
  const brandName = (id: Id.BrandId) =>
    company.brands.find((brand) => brand.id === id)?.name ?? words.accounts.unknownBrand
  return {
    title: account.name,
    section: "companies",
    body: html`
    ${Components.pageHead(isolateText(account.name), {
      crumbs: [
        { href: "/companies", label: words.shared.companies },
        { href: `/companies/${company.id}`, label: isolateText(company.name) }
      ],
      lead: html`${account.marketplaces.map(Labels.marketplaceName).join(", ")} ·
        ${AccountType.label(account.accountType)} ·
        ${account.brandIds.map(
          (id) =>
            html`<span class="chip">${isolateText(brandName(id))}${
              id === account.defaultBrandId && account.brandIds.length > 1 && html` ${words.accounts.default}`
            }</span> `
        )}`,
      actions: html`${stepByStep(me, account, views)}${addCountry(me, account)}`
    })}
    ${
      done === "account-created" &&
      Components.notice(
        "good",
        words.accounts.created,
        views.length > 1 ? words.accounts.connectApis : words.accounts.connectApi
      )
    }
    ${done === "link-created" && Components.notice("good", words.accounts.linkCreated, words.accounts.linkCreatedHint)}
    ${
      done === "link-revoked" &&
      Components.notice("good", words.accounts.linkWithdrawn, words.accounts.linkWithdrawnHint)
    }
    ${commandNotice(done)}
    ${accountNotices(me, account, now)}
    ${!may(me, "connect", account) && Components.onlyLooking(Messages.text("page.who-connects"))}
    ${
      done === "country-added" &&
      Components.notice("good", words.accounts.countryAdded, words.accounts.countryAddedHint)
    }
    ${account.marketplaces.map((id) => country(model, id))}
    ${inviteOwner(me, account, views)}
    ${accountControls(me, account)}`
  }
}
