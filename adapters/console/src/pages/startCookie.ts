/** Which account this browser is setting up, so that whoever comes back from the provider is led on to the next step. */
import { Schema } from "effect"
import type { Context } from "hono"
import { getCookie } from "hono/cookie"
import { Id } from "@portolan/domain"

/** Name of the cookie. It says nothing but an id, and gives no right to anything. */
export const startCookie = "portolan_start"

const isAccountId = Schema.is(Id.AccountId)

/** Where to go on after something was done for an account: to its way, when this browser is on it. */
export const nextFor = (c: Context, accountId: Id.AccountId, otherwise: string): string => {
  const remembered = getCookie(c, startCookie)
  return remembered !== undefined && isAccountId(remembered) && remembered === accountId ? `/start/${accountId}` : otherwise
}
