/**
 * better-auth, loaded when somebody first presents a session or signs in. It and its parts are 300 modules, which a
 * process that starts, or that answers API keys alone, does without.
 */
import type { Auth, Settings } from "./createAuth.ts"

/** Gives better-auth; every call gives the same. */
export type LazyAuth = () => Promise<Auth>

/** Loads better-auth's modules ahead of the first call. */
export const load = () => import("./createAuth.ts")

/** Builds better-auth at the first call; where its modules could not be read, the next call tries again. */
export const lazyAuth = (settings: Settings): LazyAuth => {
  let made: Auth | undefined
  return async () => {
    const { createAuth } = await load()
    return (made ??= createAuth(settings))
  }
}
