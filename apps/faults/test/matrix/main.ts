/**
 * `npm run faults`: produces the faults of the matrix on a real PostgreSQL that is started for this run, and prints one
 * row each. `--json` prints objects; `--only` selects rows by id, `crash` for the run of crash points, `identity` for
 * the run of honest and forging tenants, of `--interleavings N` worlds, or `marketplace` for the run of `--starts N`
 * consents that begin at the marketplace. Ends with 1 when a row failed.
 */
import { parseArgs } from "node:util"
import { run as identityRun } from "../../src/identity/run.ts"
import { run as marketplaceRun } from "../../src/marketplace/run.ts"
import { crashPoints } from "./crashPoints.ts"
import { consentFaults } from "./consents.ts"
import { driven } from "./Installation.ts"
import { leaseFaults } from "./leases.ts"
import { loadFaults } from "./loads.ts"
import { otherFaults } from "./others.ts"
import { judge, type Row } from "./Row.ts"
import { callbackFaults } from "./callbacks.ts"
import { refusalFaults } from "./refusals.ts"
import { stormFaults } from "./storms.ts"
import { startFaults } from "./starts.ts"
import { refreshFaults } from "./tokens.ts"
import * as Embedded from "../../../../adapters/postgres/test/support/embedded.ts"
import { freshDatabaseOn } from "../../../../adapters/postgres/test/support/databases.ts"
import { Effect, Layer, Logger } from "effect"

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    interleavings: { type: "string", default: "1000" },
    starts: { type: "string", default: "1000" }
  }
})

const byNumber = ({ id: one }: { readonly id: string }, { id: other }: { readonly id: string }) =>
  Number(one.slice(1)) - Number(other.slice(1))
const faults = [
  ...refreshFaults,
  ...refusalFaults,
  ...leaseFaults,
  ...consentFaults,
  ...callbackFaults,
  ...loadFaults,
  ...stormFaults,
  ...startFaults,
  ...otherFaults
].toSorted(byNumber)

const print = (value: object, words: string) => console.log(values.json ? JSON.stringify(value) : words)

const words = (row: Row) =>
  `${row.verdict.padEnd(8)} ${row.id.padEnd(4)} ${row.fault}\n${" ".repeat(14)}${row.observed}`

/** Runs on an installation of its own, so that no fault meets what another one left behind. */
const alone = <A, E>(server: string, effect: Effect.Effect<A, E, Layer.Success<ReturnType<typeof driven>>>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { url } = yield* freshDatabaseOn(server)
      const services = yield* Layer.build(Layer.fresh(driven(url)))
      return yield* Effect.provide(effect, services)
    })
  )

const interleavings = Number(values.interleavings)
const starts = Number(values.starts)
const identityWrong = (seed: number, wrong: ReadonlyArray<string>) =>
  console.error(`seed ${seed}: ${wrong.join("\n  ")}`)

/** Runs of their own, by the name that `--only` takes. */
const runs: { readonly [name: string]: (server: string) => Effect.Effect<boolean, unknown> } = {
  crash: (server) =>
    Effect.map(alone(server, crashPoints), (report) => {
      print(report, `${report.crashes} crashes, ${report.broken.length} broken\n${report.broken.join("\n")}`)
      return report.broken.length === 0
    }),
  identity: () =>
    Effect.map(identityRun({ interleavings, report: identityWrong }), (found) => {
      const { blocked, bound, leaked } = found
      print(found, `${interleavings} interleavings: bound ${bound}, blocked ${blocked}, leaked ${leaked}`)
      return bound + blocked + leaked === 0
    }),
  marketplace: () =>
    Effect.map(
      marketplaceRun({ starts, report: (seed, wrong) => console.error(`seed ${seed}: ${wrong}`) }),
      (found) => {
        const { duplicates, landed, refused } = found
        print(found, `${starts} starts: landed ${landed}, refused ${refused}, duplicates ${duplicates}`)
        return landed + refused === starts && duplicates === 0
      }
    )
}

/** The runs that need no database. */
const withoutServer: ReadonlySet<string> = new Set(["identity", "marketplace"])

const matrix = (server: string, ids: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    let failed = 0
    for (const fault of faults) {
      if (ids.length > 0 && !ids.includes(fault.id)) continue
      const row = yield* alone(server, judge(fault))
      if (row.verdict === "failed") failed += 1
      print(row, words(row))
    }
    return failed === 0
  })

const unknown = values.only.filter((name) => !(name in runs) && !faults.some(({ id }) => id === name))
if (unknown.length > 0) {
  console.error(
    `--only takes ${[...Object.keys(runs), ...faults.map(({ id }) => id)].join(", ")}; not ${unknown.join(", ")}`
  )
  process.exit(2)
}

for (const [name, count] of Object.entries({ interleavings, starts })) {
  if (Number.isSafeInteger(count) && count > 0) continue
  console.error(`--${name} takes a whole number from 1`)
  process.exit(2)
}

const needsServer = values.only.length === 0 || values.only.some((name) => !withoutServer.has(name))
const { stop, url } = needsServer ? await Embedded.start() : { stop: () => Promise.resolve(), url: "" }
const ids = values.only.filter((name) => !(name in runs))
const names = values.only.length === 0 ? Object.keys(runs) : values.only.filter((name) => name in runs)
const isWell = await Effect.runPromise(
  Effect.gen(function* () {
    const rows = values.only.length > 0 && ids.length === 0 ? true : yield* matrix(url, ids)
    const others = yield* Effect.forEach(names, (name) => runs[name]?.(url) ?? Effect.succeed(false))
    return rows && others.every((one) => one)
  }).pipe(Effect.provide(Logger.layer([])))
).finally(stop)
process.exit(isWell ? 0 : 1)
