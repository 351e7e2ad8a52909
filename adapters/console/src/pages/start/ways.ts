/** Where the countries of an account stand on their way (`Onboarding`), and which of them a page shows. */
import { type Access, type Account, type Marketplace, Onboarding } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import { html, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import { wayPath } from "./cookie.ts"

const { start } = words

/** The ways of an account: one a country, and the one that is shown. */
export interface Ways {
  readonly account: Account.Present
  readonly views: ReadonlyArray<Connections.ConnectionView>
  readonly all: ReadonlyArray<Onboarding.Onboarding>
  readonly way: Onboarding.Onboarding
}

/**
 * Reads the ways of an account. Shown is the country that was `countryId`, when the account has it; else the first that
 * is not connected, then the first that is not loaded, so that a person who comes back finds what is left to do.
 */
export const waysOf = Effect.fnUntraced(function* (
  context: PageContext,
  me: Access.Caller,
  account: Account.Present,
  countryId?: string
) {
  const { items: views } = yield* context.connections.list(me, { accountId: account.id }, { limit: 100 })
  const connections = views.map(({ connection }) => connection)
  const loads = views.flatMap(({ backfill }) => backfill ?? [])
  const [first, ...others] = account.marketplaces
  const now = yield* DateTime.now
  const wayOf = (marketplaceId: Marketplace.MarketplaceId) =>
    Onboarding.of(account, connections, loads, { marketplaceId, now })
  const all = [wayOf(first), ...others.map(wayOf)] as const
  const way =
    all.find(({ marketplaceId }) => marketplaceId === countryId) ??
    all.find(({ connected }) => !connected) ??
    all.find(({ complete }) => !complete) ??
    all[0]
  return { account, views, all, way } satisfies Ways
})

/** The address of the shown way, or of something below it. */
export const pathOf = ({ account, all, way }: Ways, below = ""): string =>
  wayPath(account.id, all.length > 1 ? way.marketplaceId : undefined, below)

/** The step a way waits at; absent when nothing is left. */
export const currentOf = (way: Onboarding.Onboarding): Onboarding.Step | undefined =>
  way.steps.find(({ id }) => id === way.current)

/** How a country stands, in a word. */
const statusBadge = (way: Onboarding.Onboarding): Markup => {
  if (way.complete) return Components.badge("good", start.done)
  if (way.sync?.state === "overdue") return Components.badge("act", words.operator.overdue)
  if (way.connected) return Components.badge("info", start.loading)
  return currentOf(way)?.state === "waiting"
    ? Components.badge("info", start.underWay)
    : Components.badge("wait", start.yourTurn)
}

/** The countries of an account, each with how it stands and a link to its way; nothing for an account with one. */
export const countries = ({ account, all, way }: Ways): Markup => {
  if (all.length < 2) return nothing
  const done = all.filter(({ complete }) => complete).length
  return html`<nav class="countries" aria-label="${start.countries}">
    <p class="muted">${start.countriesDone({ done, total: all.length })}</p>
    <ul>${all.map(
      (one) =>
        html`<li><a href="${wayPath(account.id, one.marketplaceId)}"${
          one === way && html` aria-current="page"`
        }><span>${Labels.marketplaceName(one.marketplaceId)}</span>${statusBadge(one)}</a></li>`
    )}</ul></nav>`
}
