/** A reference server of one's own for a test: free ports, a folder that goes away, and ways to drive it over HTTP. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Server, Settings } from "@portolan/server"
import { at, type Software } from "@portolan/app-demo/Http"
import {
  addCompany,
  authenticate,
  choose,
  enter,
  marketplaceOf,
  type Member,
  openAccount
} from "@portolan/app-demo/Member"
import type { Place } from "@portolan/app-demo/Place"
import { Effect, Exit, Logger, Scope } from "effect"

export { startAuthorization, type Member } from "@portolan/app-demo/Member"
export { type Place, simulate, until, walk as consent, world } from "@portolan/app-demo/Place"

/** A folder that goes away with the scope. */
export const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-test-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

/** Starts a server in this process. */
export const server = (environment: { readonly [name: string]: string | undefined } = {}) =>
  Effect.gen(function* () {
    const DATA_DIR = environment.DATA_DIR ?? (yield* folder)
    const settings = yield* Effect.fromResult(
      Settings.decode({ PORT: "0", SIMULATOR_PORT: "0", SIMULATOR_REPORT_SECONDS: "1", ...environment, DATA_DIR })
    )
    const running = yield* Server.start(settings)
    return { ...running, simulator: running.simulator ?? "", settings }
  }).pipe(Effect.provide(Logger.layer([])))

/** A member at a browser, with an API key for the JSON side. */
export const member = (place: Place, email = "vera@demo.example.com", password = "portolan-demo"): Promise<Member> =>
  enter(place, { email, password }, "test")

/** A server for the tests of one file, and the owner of its demo organization, who runs the installation, too. */
export const entered = async () => {
  const scope = Effect.runSync(Scope.make())
  const place = await Effect.runPromise(Scope.provide(server(), scope))
  return { place, who: await member(place), close: () => Effect.runPromise(Scope.close(scope, Exit.void)) }
}

/** A company with one account; gives the ids of account and tiles. */
export const account = async (api: Software, name: string, marketplace = "ATVPDKIKX0DER", accountType = "seller") => {
  const companyId = await addCompany({ api }, `${name} Ltd`, name)
  const { accountId, tile } = await openAccount({ api }, companyId, name, marketplace, accountType)
  return { companyId, accountId, ads: tile("amazon-ads"), sp: tile("amazon-sp"), marketplace }
}

/** Consents directly, comes back, and chooses the profile of the account's marketplace. */
export const connect = async (who: Member, connectionId: string, marketplace: string, as = "ada") => {
  const authorizationId = await authenticate(who, connectionId, as)
  await choose(
    who,
    authorizationId,
    (one) => marketplaceOf(one) === marketplace && at(one, "profile").type === "seller"
  )
  return authorizationId
}
