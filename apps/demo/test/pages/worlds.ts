/** The worlds whose pages are visited: the demo world, and one of a large customer. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Server, Settings } from "@portolan/server"
import { Effect, Logger, type Scope } from "effect"
import { addCompany, enter, type Member, openAccount } from "../../src/Member.ts"
import type { Place } from "../../src/Place.ts"

/** Who owns the demo organization and runs the installation. */
export const owner = { email: "vera@demo.example.com", password: "portolan-demo" }

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-pages-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

/** A server with the demo world on free ports, until the scope closes. */
export const demo: Effect.Effect<Place, unknown, Scope.Scope> = Effect.gen(function* () {
  const DATA_DIR = yield* folder
  const settings = yield* Effect.fromResult(
    Settings.decode({
      PORT: "0",
      SIMULATOR_PORT: "0",
      SIMULATOR_REPORT_SECONDS: "1",
      // The large world is made with one key.
      API_CALLS_PER_MINUTE: "1000000",
      DATA_DIR
    })
  )
  const running = yield* Server.start(settings)
  return { ...running, simulator: running.simulator ?? "" }
}).pipe(Effect.provide(Logger.layer([])))

const marketplace = "ATVPDKIKX0DER"
const names = ["Trading", "Outdoor Equipment GmbH & Co. KG", "Garden", "Home", "Pet Supply International Ltd", "Toys"]

const grow = async (member: Member, index: number): Promise<void> => {
  const name = `${names[index % names.length]} ${String(index + 1).padStart(3, "0")}`
  const companyId = await addCompany(member, name, `Brand ${index + 1}`)
  await openAccount(member, companyId, `${name} US`, marketplace)
}

/** Fills the demo organization up to a number of companies, each with one account, which has two connections. */
export const fill = async (place: Place, companies: number, atOnce = 4): Promise<void> => {
  const member = await enter(place, owner, "pages")
  let next = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < companies) await grow(member, next++)
    })
  )
}
