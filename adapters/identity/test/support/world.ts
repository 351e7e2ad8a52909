/** Two organizations with people, signed in by cookie. */
import { Identity } from "@portolan/ports"
import { Effect, ManagedRuntime, Redacted } from "effect"
import type { Kysely } from "kysely"
import { IdentityBetterAuth, IdentitySeed } from "../../src/index.ts"

export const secret = Redacted.make("nQ7vT2kX9pLr4Wz8mYc3Hd6Jb5Gf1SaE")
export const origin = "http://127.0.0.1:3000"
export const password = Redacted.make("correct horse battery staple")
export const noHeaders = new Headers()

export const fjord: IdentitySeed.Seed = {
  organization: { name: "Fjord Trading" },
  people: [
    { name: "Ada Fjord", email: "Ada@fjord.example.com", password, role: "owner" },
    { name: "Bo Fjord", email: "bo@fjord.example.com", password, role: "admin" },
    { name: "Cy Fjord", email: "cy@fjord.example.com", password, role: "member" },
    { name: "Di Fjord", email: "di@fjord.example.com", password, role: "viewer" }
  ]
}

export const delta: IdentitySeed.Seed = {
  organization: { name: "Delta Goods" },
  people: [{ name: "Eve Delta", email: "eve@delta.example.com", password, role: "owner" }]
}

/** A running adapter on a database. */
export const start = (kysely: Kysely<unknown>, options: Partial<IdentityBetterAuth.Options<unknown>> = {}) => {
  const runtime = ManagedRuntime.make(IdentityBetterAuth.layer({ kysely, secret, origin, ...options }))
  const use = <A, E>(work: (identity: Identity.Identity["Service"]) => Effect.Effect<A, E>) =>
    Effect.flatMap(Identity.Identity, work)
  return {
    runtime,
    /** The result of a call, or its error as a value. */
    call: <A, E>(work: (identity: Identity.Identity["Service"]) => Effect.Effect<A, E>): Promise<A | E> =>
      runtime.runPromise(Effect.catch(use(work), (error) => Effect.succeed(error))),
    /** The result of a call that must succeed. */
    get: <A, E>(work: (identity: Identity.Identity["Service"]) => Effect.Effect<A, E>): Promise<A> =>
      runtime.runPromise(use(work)),
    seed: (seed: IdentitySeed.Seed) => runtime.runPromise(IdentitySeed.ensure(seed))
  }
}

/** The adapter as a test uses it. */
export type World = ReturnType<typeof start>

/** Request headers a browser sends after it got these `Set-Cookie` values. */
export const withCookies = (setCookies: ReadonlyArray<string>): Headers =>
  new Headers({ cookie: setCookies.map((line) => line.split(";")[0] ?? "").join("; ") })

/** Signs in and gives the headers of the next request. */
export const signIn = async (world: World, email: string): Promise<Headers> =>
  withCookies(await world.get((identity) => identity.signIn(email, password, noHeaders)))

/** Headers with an API key. */
export const withKey = (key: Redacted.Redacted<string>): Headers =>
  new Headers({ authorization: `Bearer ${Redacted.value(key)}` })
