/** What tells one advertiser from another (rule W-R8), the same for the people who link and for those who assign. */
import { AccountType, Permission, type Profile } from "@portolan/domain"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { type Content, html, isolateText, type Markup } from "../../page/html.ts"

/** An advertiser's type, as a person reads it. */
export const typeLabel = (type: AccountType.AccountType): string => AccountType.label(type)

/** What we may do with it. */
export const accessLabel = (advertiser: Profile.Advertiser): string =>
  Permission.missing(advertiser.permission, advertiser.key.channel) === undefined
    ? words.advertisers.readAndWrite
    : words.advertisers.readOnly

const known = (text: string | undefined): Content =>
  text === undefined || text === "" ? html`<span class="muted">${words.advertisers.notTold}</span>` : isolateText(text)

/** Everything that identifies an advertiser, as a list of facts. */
export const advertiserFacts = (advertiser: Profile.Advertiser, now: DateTime.Utc): Markup => {
  const facts: ReadonlyArray<readonly [string, Content]> = [
    [words.advertisers.advertiserId, html`<code>${advertiser.key.externalId}</code>`],
    [words.shared.country, isolateText(advertiser.countryCode)],
    [words.shared.currency, isolateText(advertiser.currency)],
    [words.shared.type, typeLabel(advertiser.type)],
    ...(AccountType.sells(advertiser.type)
      ? [
          [
            words.advertisers.seller,
            html`${known(advertiser.sellerName)}${
              advertiser.sellerId !== undefined && html` <code>${advertiser.sellerId}</code>`
            }`
          ] as const
        ]
      : []),
    [words.shared.access, accessLabel(advertiser)],
    [
      words.advertisers.accessGiven,
      advertiser.grantedAt === undefined ? known(undefined) : Components.when(advertiser.grantedAt, now)
    ]
  ]
  return html`<dl class="facts">${facts.map(
    ([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`
  )}</dl>`
}

/** Says which others it may be mistaken for; nothing when there are none. */
export const lookAlikes = (others: ReadonlyArray<Profile.Advertiser>): Markup =>
  html`${
    others.length > 0 &&
    html`<p class="obstacle warns">${words.advertisers.lookAlikes({
      quantity: others.length,
      names: html`${others
        .slice(0, shown)
        .map(
          (other, index) => html`${index > 0 && ", "}${isolateText(other.name)} <code>${other.key.externalId}</code>`
        )}`,
      more: Math.max(0, others.length - shown)
    })}</p>`
  }`

const shown = 3
