/**
 * `npm run bench`: what the hot paths cost, as ratios to a yardstick measured in the same run. `--json` for programs.
 * Runs on the embedded database; `DATABASE_URL` names a PostgreSQL server.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { installation, Settings, teardown, explainFailure } from "@portolan/server"
import { Access, Backfill, Connection, Day, Id, type Profile } from "@portolan/domain"
import { Companies, EventFeed, Secrets, TokenVault } from "@portolan/ports"
import { Database } from "@portolan/postgres"
import { DateTime, Effect, Logger, Redacted } from "effect"
import { sql } from "kysely"
import { type Case, compare, type Figure } from "./measure.ts"

const json = process.argv.includes("--json")
const millis = 400

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-bench-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

const now = DateTime.makeUnsafe("2026-06-01T12:00:00Z")
const today = Day.fromNumber(20_600)
const id = <K extends Id.Kind>(kind: K) => Id.make(kind, 1, new Uint8Array(Id.entropyBytes))
const profile: Profile.Candidate = {
  _tag: "SellingPartner",
  name: "Bench",
  countryCode: "US",
  currency: "USD",
  type: "seller",
  isParticipating: true,
  hasSuspendedListings: false,
  key: {
    channel: "amazon-sp",
    region: "NA",
    marketplaceId: "ATVPDKIKX0DER" as Profile.Key["marketplaceId"],
    externalId: "A1" as Profile.ExternalId
  }
}
const proposed: Connection.State = {
  _tag: "Proposed",
  id: id("connection"),
  organizationId: id("organization"),
  companyId: id("company"),
  accountId: id("account"),
  channel: "amazon-sp",
  marketplaceId: profile.key.marketplaceId,
  optional: false,
  proposedAt: now
}
const link: Connection.Command = {
  _tag: "Link",
  link: {
    grantId: id("grant"),
    profile,
    permission: "edit",
    linkedAt: now,
    linkedBy: { _tag: "System", part: "bench" }
  }
}

/** What a use case costs by being one: a span, and the ids of its arguments for logs and spans. */
const useCase = Effect.sync(() => 0).pipe(
  Effect.withSpan("Bench.useCase"),
  Effect.annotateLogs({ organizationId: "org" }),
  Effect.annotateSpans({ organizationId: "org" })
)

/** Pure work, against an effect that does nothing. */
const inProcess = compare(
  { name: "an effect that does nothing", operation: Effect.sync(() => 0) },
  [
    {
      name: "Connection.decide and replay",
      operation: Effect.sync(() => {
        const decision = Connection.decide(proposed, link)
        return decision._tag === "Success" ? Connection.replay(proposed, decision.success) : decision
      })
    },
    { name: "a use case that does nothing, telemetry off", operation: Effect.withTracerEnabled(useCase, false) },
    { name: "the same, with its span", operation: useCase },
    { name: "Id.make", operation: Effect.sync(() => id("event")) },
    {
      name: "windows of two years of days",
      operation: Effect.sync(() => Backfill.windows({ dataClass: "sales", depthDays: 730, windowDays: 30 }, today))
    }
  ],
  { millis, lanes: 1 }
)

/** Paths through the database, against the smallest query there is. */
const throughDatabase = Effect.gen(function* () {
  const { kysely } = yield* Database.Database
  const vault = yield* TokenVault.TokenVault
  const companies = yield* Companies.Companies
  const feed = yield* EventFeed.EventFeed
  const secrets = yield* Secrets.Secrets
  const organizationId = yield* secrets.id("organization")
  const by: Access.Caller = {
    organizationId,
    role: "owner",
    accessScope: Access.everything,
    actor: { _tag: "System", part: "bench" }
  }
  yield* vault.create(organizationId, "bench", Redacted.make("Atzr|".padEnd(400, "x")))
  const { company } = yield* companies.add(by, { name: "Bench", brand: "Bench" })
  const cases: ReadonlyArray<Case> = [
    { name: "read and open a secret (vault.get)", operation: vault.get(organizationId, "bench") },
    { name: "read a company", operation: Effect.withTracerEnabled(companies.view(by, company.id), false) },
    { name: "the same, with its spans", operation: companies.view(by, company.id) },
    { name: "a page of companies", operation: companies.list(by, {}, { limit: 25 }) },
    { name: "commit a new company with its event", operation: companies.add(by, { name: "Bench", brand: "Bench" }) },
    { name: "100 events of the history", operation: feed.after(by, 0, 100) }
  ]
  return yield* compare(
    {
      name: "select 1",
      operation: Effect.tryPromise({
        try: () => sql`select 1`.execute(kysely),
        catch: (cause) => new Error(String(cause))
      })
    },
    cases,
    { millis, lanes: 4 }
  )
})

const print = (title: string, figures: ReadonlyArray<Figure>) => {
  process.stdout.write(`\n${title}\n`)
  for (const { name, perSecond, ratio } of figures) {
    process.stdout.write(
      `  ${perSecond.toLocaleString("en-US").padStart(12)} / s  ${ratio.toFixed(3).padStart(7)}  ${name}\n`
    )
  }
}

const bench = Effect.gen(function* () {
  const DATA_DIR = yield* folder
  const settings = yield* Effect.fromResult(
    Settings.decode({ DATABASE_URL: process.env.DATABASE_URL, DATA_DIR, SIMULATOR_PORT: "0" })
  )
  const context = yield* installation(settings, true)
  const { kind, version } = yield* Effect.provide(Database.Database, context)
  const pure = yield* inProcess
  const stored = yield* Effect.provide(throughDatabase, context)
  if (json) return process.stdout.write(`${JSON.stringify({ database: `${kind} ${version}`, pure, stored })}\n`)
  print("In process, one lane; ratio to an effect that does nothing", pure)
  return print(`Through ${kind} ${version}, four lanes; ratio to select 1`, stored)
}).pipe(Effect.scoped, Effect.provide(Logger.layer([])))

NodeRuntime.runMain(explainFailure(bench), { disableErrorReporting: true, teardown })
