/**
 * What a provider sent along with a consent that began there, kept while a person signs in, signs up, changes the
 * organization or adds an account. It is a wish of somebody who may not be this person: nothing follows from it until
 * the person confirms, and it is judged again then.
 */
import { Channel } from "@portolan/domain"
import type { Context } from "hono"
import { deleteCookie, getCookie, setCookie } from "hono/cookie"
import type { Visit } from "../../page/visit.ts"

/** Name of the cookie. */
const startCookie = "portolan_marketplace"

/** The longest query that is kept, in characters; a cookie holds 4096 bytes with its name and attributes. */
export const queryLimit = 3000

/** How long it is kept, in seconds. Providers give up earlier; what is too old is refused by them. */
const lifeSeconds = 3600

const separator = "~"

/** Keeps the query of a log-in address. */
export const keepStart = ({ c, context }: Visit, channel: Channel.Channel, query: URLSearchParams): void =>
  setCookie(c, startCookie, `${channel}${separator}${query.toString()}`, {
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    maxAge: lifeSeconds,
    secure: context.secureCookies
  })

/** Forgets it. */
export const forgetStart = ({ c, context }: Visit): void => {
  deleteCookie(c, startCookie, { path: "/", secure: context.secureCookies })
}

const keptIn = (c: Context): { readonly channel: Channel.Channel; readonly query: URLSearchParams } | undefined => {
  const [name = "", ...rest] = (getCookie(c, startCookie) ?? "").split(separator)
  const text = rest.join(separator)
  const channel = Channel.all().find((one) => one === name)
  return channel === undefined || text.length > queryLimit ? undefined : { channel, query: new URLSearchParams(text) }
}

/** What is kept for a channel. */
export const keptStart = (c: Context, channel: Channel.Channel): URLSearchParams | undefined => {
  const kept = keptIn(c)
  return kept?.channel === channel ? kept.query : undefined
}

/** Where a person goes on with a consent that began at the marketplace; `otherwise` where none waits. */
export const backToStart = (c: Context, otherwise: string): string => {
  const kept = keptIn(c)
  return kept === undefined ? otherwise : `/marketplace/${kept.channel}`
}
