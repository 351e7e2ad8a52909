/** The page before a country is taken out of an account. */
import type { Account, Company, Effects, Marketplace } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { html, isolateText } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { MemberPage } from "../../page/send.ts"
import { confirmation, inTheWay } from "../lifecycle/view.ts"

const { lifecycle, shared } = words
const texts = lifecycle.commands["remove-marketplace"]

/** What the page before a country is taken out shows. */
export interface CountryRemovalPageModel {
  readonly account: Account.Present
  readonly company: Company.Present
  readonly effects: ReadonlyArray<Effects.Effect>
  /** The connections there that are bound to a profile. */
  readonly live: ReadonlyArray<Connections.ConnectionView>
  readonly marketplaceId: Marketplace.MarketplaceId
}

/** The page before a country is taken out of an account. */
export const countryRemovalPage = ({
  account,
  company,
  effects,
  live,
  marketplaceId
}: CountryRemovalPageModel): MemberPage => {
  const at = `/accounts/${account.id}`
  const country = Labels.countryOf(marketplaceId)
  const text = { button: texts.button({ country }), keep: texts.keep({ country }), isDanger: true }
  return {
    title: texts.title({ account: account.name, country }),
    section: "companies",
    body: html`
    ${Components.pageHead(texts.question({ account: isolateText(account.name), country }), {
      crumbs: [
        { href: "/companies", label: shared.companies },
        { href: `/companies/${company.id}`, label: isolateText(company.name) },
        { href: at, label: isolateText(account.name) }
      ]
    })}
    ${
      live.length > 0
        ? html`${Components.notice("wait", lifecycle.stillConnected, lifecycle.stillLive({ quantity: live.length }))}
        ${inTheWay(live)}`
        : confirmation({ at, command: `countries/${marketplaceId}/remove`, effects, text })
    }`
  }
}
