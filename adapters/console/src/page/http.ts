/** What a request carries: forms, ids in addresses, cookies, addresses to go back to. */
import { randomBytes } from "node:crypto"
import { Deployment, Repository } from "@portolan/ports"
import { DateTime, Effect, Redacted, Result, Schema } from "effect"
import type { Context } from "hono"
import { getCookie, setCookie } from "hono/cookie"
import { words } from "../messages/words.ts"
import { BadRequest } from "./errors.ts"
import type { Visit } from "./visit.ts"

/** The most that a form may weigh, in bytes. */
export const bodyLimitBytes = 64 * 1024

/** What a form said. Repeated fields keep all their values; files are ignored. */
export type Form = ReadonlyMap<string, ReadonlyArray<string>>

/** Reads a form. */
export const readForm = (c: Context): Effect.Effect<Form, BadRequest> =>
  Effect.tryPromise({
    try: () => c.req.formData(),
    catch: () => new BadRequest({ detail: words.page.formUnreadable })
  }).pipe(
    Effect.map((data) => {
      const form = new Map<string, ReadonlyArray<string>>()
      for (const [name, value] of data)
        if (typeof value === "string") form.set(name, [...(form.get(name) ?? []), value])
      return form
    })
  )

/** The first value of a field, or an empty text. */
export const one = (form: Form, name: string): string => form.get(name)?.[0] ?? ""

/** All values of a field. */
export const many = (form: Form, name: string): ReadonlyArray<string> => form.get(name) ?? []

/** What was typed, to be shown again. */
export const typed = (form: Form): { readonly [field: string]: string } =>
  Object.fromEntries([...form].map(([name, values]) => [name, values[0] ?? ""]))

/** Decodes an id of an address; one of another kind is as unknown as one that never existed. */
export const idParam = <A extends string>(c: Context, schema: Schema.Codec<A, string>) => idNamed(c, "id", schema)

/** The same for an id that has another name in the address. */
export const idNamed = <A extends string>(c: Context, name: string, schema: Schema.Codec<A, string>) =>
  Effect.suspend(() => {
    const text = c.req.param(name) ?? ""
    const decoded = Schema.decodeUnknownResult(schema)(text)
    return Result.isSuccess(decoded)
      ? Effect.succeed(decoded.success)
      : Effect.fail(new Repository.NotFound({ kind: "page", id: "" }))
  })

/** The browser's own cookie that ties an authorization to it. Anything but a token of ours counts as absent. */
export const browserOf = (c: Context): Redacted.Redacted<string> | undefined => {
  const value = getCookie(c, Deployment.browserCookie)
  return value !== undefined && /^[A-Za-z0-9_-]{20,100}$/.test(value) ? Redacted.make(value) : undefined
}

const setBrowser = ({ c, context }: Visit, browser: string): void =>
  setCookie(c, Deployment.browserCookie, browser, {
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    maxAge: 86_400,
    secure: context.secureCookies
  })

/**
 * Gives a browser its cookie before it starts anything, so that two tabs that start at the same moment have one and the
 * same.
 */
export const rememberBrowser = (visit: Visit): void => {
  if (browserOf(visit.c) === undefined) setBrowser(visit, randomBytes(32).toString("base64url"))
}

/** Sends the browser to the provider, with the cookie that its return must bring back. */
export const startAuthorization = (
  visit: Visit,
  { browser, url }: { readonly url: URL; readonly browser: Redacted.Redacted<string> }
): Response => {
  setBrowser(visit, Redacted.value(browser))
  return visit.c.redirect(url.href, 303)
}

/**
 * Where a list goes on, as the address says it; empty at the beginning. It names the pages before, too, so that there
 * is a way back: a store gives a cursor to the next page only.
 */
export const cursorOf = (c: Context): string => (c.req.query("cursor") ?? "").slice(0, cursorLimit)

/** The most that an address holds of where a list goes on. */
export const cursorLimit = 4000

/** A page of a list after the first: how many items come before it, where that is known, and its cursor. */
export interface Step {
  readonly before: number | undefined
  readonly cursor: string
}

/** The pages until the present one, the oldest first. */
export const trailOf = (cursor: string): ReadonlyArray<Step> =>
  cursor
    .split("~")
    .filter((one) => one !== "")
    .map((one) => {
      const [, before, rest] = /^(\d{1,9})\.(.+)$/s.exec(one) ?? []
      return before === undefined || rest === undefined
        ? { before: undefined, cursor: one }
        : { before: Number(before), cursor: rest }
    })

/** The address of the page after these; the oldest are left out where they would not fit. */
export const trailText = (trail: ReadonlyArray<Step>): string => {
  const text = trail.map(({ before, cursor }) => (before === undefined ? cursor : `${before}.${cursor}`)).join("~")
  return text.length <= cursorLimit || trail.length < 2 ? text : trailText(trail.slice(1))
}

/** One page of a list, with the total of the list. */
export const pageOf = (limit: number, cursor: string): Repository.PageRequest => {
  const last = trailOf(cursor).at(-1)
  const first = { limit, countUpTo: Repository.totalLimit }
  return last === undefined ? first : { ...first, cursor: last.cursor }
}

/**
 * A path of this console to go back to, or `/companies`. Only local paths count: `//host`, `/\host` and full addresses
 * would lead people away after they signed in.
 */
export const localPath = (target: string | undefined): string => {
  if (target === undefined || target.length > 2000 || !/^\/(?![/\\])/.test(target)) return "/companies"
  const here = "http://console.invalid"
  if (!URL.canParse(target, here)) return "/companies"
  const { origin, pathname, search: query } = new URL(target, here)
  return origin !== here || pathname.startsWith("//") || pathname.startsWith("/sign-") ? "/companies" : pathname + query
}

/** Now, for relative instants on a page. */
export const now: Effect.Effect<DateTime.Utc> = DateTime.now
