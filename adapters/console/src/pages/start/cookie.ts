/**
 * Which account, and which of its countries, this browser is setting up, so that a person who comes back from the
 * provider is led on.
 */
import { getCookie, setCookie } from "hono/cookie"
import { Id, Marketplace } from "@portolan/domain"
import { Option, Schema } from "effect"
import type { Context } from "hono"
import type { Visit } from "../../page/visit.ts"

/** Name of the cookie. It says nothing but an id and a country, and gives no right to anything. */
const startCookie = "portolan_start"

const isAccountId = Schema.is(Id.AccountId)

/**
 * The address of an account's way, or of something below it. `marketplaceId`: the country it is about; left out where
 * there is one only.
 */
export const wayPath = (accountId: Id.AccountId, marketplaceId: string | undefined, below = ""): string =>
  `/start/${accountId}${below}${marketplaceId === undefined ? "" : `?country=${encodeURIComponent(marketplaceId)}`}`

/** Keeps in a cookie what this browser sets up. */
export const setStartCookie = (
  visit: Visit,
  accountId: Id.AccountId,
  marketplaceId?: Marketplace.MarketplaceId
): void => {
  const { c, context } = visit
  return setCookie(c, startCookie, marketplaceId === undefined ? accountId : `${accountId}.${marketplaceId}`, {
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    maxAge: 86_400,
    secure: context.secureCookies
  })
}

/** Where to go on after something was done for an account: to its way, when this browser is on it. */
export const nextFor = (c: Context, accountId: Id.AccountId, otherwise: string): string => {
  const [keptId, country] = (getCookie(c, startCookie) ?? "").split(".")
  if (!isAccountId(keptId) || keptId !== accountId) return otherwise
  return wayPath(accountId, country === undefined ? undefined : Option.getOrUndefined(Marketplace.find(country))?.id)
}
