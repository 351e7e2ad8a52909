/** A running adapter with a few people, signed in by cookie. */
import { randomBytes, scryptSync } from "node:crypto"
import { Identity } from "@portolan/ports"
import { Effect, ManagedRuntime, Redacted } from "effect"
import type { Kysely } from "kysely"
import { IdentityBetterAuth, type IdentityImport, type IdentityRetention, IdentitySeed } from "../../src/index.ts"

export const secret = Redacted.make("nQ7vT2kX9pLr4Wz8mYc3Hd6Jb5Gf1SaE")
export const origin = "http://127.0.0.1:3000"
export const password = Redacted.make("correct horse battery staple")
export const noHeaders = new Headers()

/** People with proven addresses. */
export const people = {
  ada: { name: "Ada Fjord", email: "Ada@fjord.example.com", password },
  bo: { name: "Bo Fjord", email: "bo@fjord.example.com", password },
  cy: { name: "Cy Fjord", email: "cy@fjord.example.com", password },
  eve: { name: "Eve Delta", email: "eve@delta.example.com", password }
} as const satisfies { readonly [name: string]: IdentitySeed.Seed }

/** As much of scrypt as tests need that hash often: what is kept is salted, and costs a thousandth of the time. */
export const quick: IdentityBetterAuth.Hashing = {
  hash: (password) => Promise.resolve(quickly(password, randomBytes(8).toString("hex"))),
  verify: ({ hash, password }) => Promise.resolve(quickly(password, hash.split(":")[0] ?? "") === hash)
}

const quickly = (password: string, salt: string) =>
  `${salt}:${scryptSync(password, salt, 32, { N: 16 }).toString("hex")}`

/** The same, with a list of what it was asked to do. */
export const counting = () => {
  const work: Array<"hash" | "verify"> = []
  const hashing: IdentityBetterAuth.Hashing = {
    hash: (password) => (work.push("hash"), quick.hash(password)),
    verify: (attempt) => (work.push("verify"), quick.verify(attempt))
  }
  return { work, hashing }
}

/** A running adapter on a database. */
export const start = (kysely: Kysely<unknown>, options: Partial<IdentityBetterAuth.Options<unknown>> = {}) => {
  const runtime = ManagedRuntime.make(IdentityBetterAuth.layer({ kysely, secret, origin, hashing: quick, ...options }))
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
    seed: (seed: IdentitySeed.Seed) => runtime.runPromise(IdentitySeed.ensure(seed)),
    /** Runs anything that needs what the layer provides. */
    run: <A, E>(
      work: Effect.Effect<
        A,
        E,
        | Identity.Identity
        | IdentitySeed.IdentitySeed
        | IdentityImport.IdentityImport
        | IdentityRetention.IdentityRetention
      >
    ) => runtime.runPromise(work)
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

/** Signs up and gives the token that is to be mailed; fails the test when the address is known. */
export const signUp = async (world: World, email: string, chosen = password): Promise<Redacted.Redacted<string>> => {
  const made = await world.get((identity) => identity.signUp({ name: "Somebody", email, password: chosen }, noHeaders))
  if (made._tag === "Known") throw new Error(`${email} is known already`)
  return made.token
}
