/**
 * How often one API key may call. Counted by a digest of the key before anything is looked up, so that a caller beyond
 * its limit costs no query, and told in the headers of draft-ietf-httpapi-ratelimit-headers-07
 * (https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-07).
 *
 * Windows are counted in this process alone: behind `n` servers a key may reach `n` times the limit, and each answer
 * tells the count of the server that gave it. A count in the database would cost a write a call, and protects nothing
 * more: the limit is there so that one caller does not use a process up.
 */
import type { Secrets } from "@portolan/ports"
import { Clock, Effect, Redacted } from "effect"

/** A limit. */
export interface Limit {
  /** Calls of one key in a window. */
  readonly calls: number
  /** The length of a window, from the first call in it. */
  readonly windowSeconds: number
}

/** Six hundred calls a minute: ten a second, and more for a while. */
export const standard: Limit = { calls: 600, windowSeconds: 60 }

/** How a key stands after a call. */
export interface Quota {
  readonly allowed: boolean
  readonly limit: number
  /** Calls that are left in this window. */
  readonly remaining: number
  /** Whole seconds until the window ends, at least one. */
  readonly resetSeconds: number
}

/** Most keys that are counted at once; beyond it those whose window is over are forgotten, then the oldest. */
const capacity = 10_000

/** Counts calls. */
export interface RateLimit {
  /** Counts a call; nothing for a request without a key. */
  readonly count: (headers: Headers) => Effect.Effect<Quota | undefined>
}

/** Makes an empty count. Keys are remembered by their digest. */
export const make = (
  { calls, windowSeconds }: Limit,
  { digest }: Pick<Secrets.Secrets["Service"], "digest">
): RateLimit => {
  const windows = new Map<string, { count: number; readonly endsAt: number }>()

  const forget = (now: number) => {
    for (const [key, { endsAt }] of windows) if (endsAt <= now) windows.delete(key)
    for (const key of windows.keys()) {
      if (windows.size < capacity) return
      windows.delete(key)
    }
  }

  const windowOf = (key: string, now: number) => {
    const found = windows.get(key)
    if (found !== undefined && found.endsAt > now) return found
    if (windows.size >= capacity) forget(now)
    const fresh = { count: 0, endsAt: now + windowSeconds * 1000 }
    windows.set(key, fresh)
    return fresh
  }

  return {
    count: Effect.fnUntraced(function* (headers) {
      const authorization = headers.get("authorization")
      if (authorization === null) return undefined
      const key = yield* digest(Redacted.make(authorization))
      const now = yield* Clock.currentTimeMillis
      const window = windowOf(key, now)
      window.count += 1
      return {
        allowed: window.count <= calls,
        limit: calls,
        remaining: Math.max(0, calls - window.count),
        resetSeconds: Math.max(1, Math.ceil((window.endsAt - now) / 1000))
      }
    })
  }
}

/** What tells a caller how its key stands; nothing for a request without a key. */
export const headersOf = (quota: Quota | undefined): { readonly [name: string]: string } =>
  quota === undefined
    ? {}
    : {
        "ratelimit-limit": String(quota.limit),
        "ratelimit-remaining": String(quota.remaining),
        "ratelimit-reset": String(quota.resetSeconds)
      }

/** Tells a caller how its key stands. */
export const withHeaders = (response: Response, quota: Quota | undefined): Response => {
  for (const [name, value] of Object.entries(headersOf(quota))) response.headers.set(name, value)
  return response
}
