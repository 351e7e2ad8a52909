/**
 * The reference server: simulator, database, adapters, use cases, worker, and the two web front ends, in one scope.
 */
import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import { Console } from "@portolan/console"
import { Incident, Standstill } from "@portolan/domain"
import { Api } from "@portolan/hono"
import { IdentityBetterAuth, IdentityImport } from "@portolan/identity"
import {
  ApplicationSecrets,
  Audit,
  BackgroundWork,
  Directory,
  Incidents,
  JobHandlers,
  MasterKeys,
  Scheduler,
  SecretWatch,
  organizationImport
} from "@portolan/ports"
import { Database, Migrations } from "@portolan/postgres"
import { DateTime, Duration, Effect, Layer } from "effect"
import { Hono } from "hono"
import * as DemoWorld from "./demoWorld.ts"
import { signIn as demoSignIn } from "./demoSignIn.ts"
import * as DeploymentSecrets from "./DeploymentSecrets.ts"
import { counted, missingText } from "./keysCommand.ts"
import { redirectToCanonicalOrigin } from "./redirectToCanonicalOrigin.ts"
import { provider } from "./installation.ts"
import { database, portolan } from "./layers.ts"
import { loadHttpClient } from "./lazyHttpClient.ts"
import { type Fetch, listen } from "./listen.ts"
import { isLoopback } from "./loopback.ts"
import * as Metrics from "./metrics/metrics.ts"
import { measureRequests } from "./metrics/requests.ts"
import { retain } from "./retain.ts"
import { isDemo, type Settings } from "./Settings.ts"
import * as Telemetry from "./telemetry/telemetry.ts"

/** What is up. */
export interface Running {
  /** Where this process listens. */
  readonly url: string
  /** Where browsers reach it. */
  readonly origin: string
  readonly database: string
  readonly simulator: string | undefined
  readonly signIn: typeof demoSignIn | undefined
  /** Where `/metrics` has a port of its own. */
  readonly metrics: string | undefined
}

const starting: Fetch = () =>
  new Response("Starting. Try again in a moment.\n", { status: 503, headers: { "retry-after": "1" } })

/** Carries out due work in this process until the scope closes. */
export const work = (settings: Settings) =>
  Effect.gen(function* () {
    const scheduler = yield* Scheduler.Scheduler
    const { handle } = yield* JobHandlers.JobHandlers
    const { live } = yield* BackgroundWork.BackgroundWork
    // Before the jobs: the scope undoes the last thing first, and a worker lives until its last job has ended.
    yield* live(`${hostname()}/${process.pid}/${randomUUID()}`)
    yield* scheduler.consume(handle, { concurrency: settings.WORKER_CONCURRENCY })
    const keys = yield* MasterKeys.MasterKeys
    yield* Effect.forkScoped(keys.watch())
    const secrets = yield* SecretWatch.SecretWatch
    yield* Effect.forkScoped(secrets.watch())
    const audit = yield* Audit.Audit
    yield* Effect.forkScoped(audit.watch())
    yield* Effect.forkScoped(retain)
  })

/** What `/readyz` says of the master keys; a key that is missing makes a server useless for what hangs on it. */
const keysCheck = Effect.gen(function* () {
  const { look } = yield* MasterKeys.MasterKeys
  const { behind, keys, missing } = yield* look()
  return missing.length === 0
    ? { ok: true, detail: `${keys.length} at hand; ${counted(behind)} secrets are to be sealed anew` }
    : { ok: false, detail: missing.map(missingText).join(" ") }
}).pipe(Effect.catch((error) => Effect.succeed({ ok: false, detail: error.message })))

/** How long the look at the keys counts, so that many who ask cost one. */
const keysLife = Duration.seconds(5)

/** What `/readyz` says of the workers: how many live, since when nobody works, and how long the oldest job waits. */
const workersCheck = Effect.gen(function* () {
  const { status } = yield* BackgroundWork.BackgroundWork
  const now = yield* status()
  const { at, living, oldestDueAt } = now
  const seconds = (from: DateTime.Utc) => Math.max(0, Math.floor(Duration.toSeconds(DateTime.distance(from, at))))
  const due = oldestDueAt === undefined ? "no job is due" : `the oldest job has been due for ${seconds(oldestDueAt)} s`
  const since = Standstill.since(now)
  const alive = `${living} ${living === 1 ? "worker lives" : "workers live"}`
  return since === undefined
    ? { ok: true, detail: `${alive}; ${due}` }
    : { ok: false, detail: `nobody has worked for ${seconds(since)} s: ${alive}; ${due}` }
}).pipe(Effect.catch((error) => Effect.succeed({ ok: false, detail: error.message })))

/** What is wrong with secrets of applications, e.g. that one ends soon. */
const secretWarnings = Effect.flatMap(ApplicationSecrets.ApplicationSecrets, ({ status }) => status()).pipe(
  Effect.map((all) =>
    all.flatMap(({ current, name, warnings }) =>
      warnings.map((warning) => ({
        kind: "application-secret",
        detail: `${name}: ${warning}`,
        since: DateTime.formatIso(current.addedAt)
      }))
    )
  ),
  Effect.catch(() => Effect.succeed([]))
)

/** Trouble at providers that is going on; a database that does not answer is told by its own check. */
const incidentWarnings = Effect.flatMap(Incidents.Incidents, ({ open }) => open()).pipe(
  Effect.map((incidents) =>
    incidents.map((incident) => ({
      kind: incident.kind,
      detail: Incident.title(incident),
      since: DateTime.formatIso(incident.openedAt)
    }))
  ),
  Effect.catch(() => Effect.succeed([]))
)

const warnings = Effect.zipWith(incidentWarnings, secretWarnings, (incidents, secrets) => {
  const all = [...incidents, ...secrets]
  return all.length === 0 ? {} : { warnings: all }
})

type Check = Effect.Success<typeof keysCheck>

const readiness = Effect.fnUntraced(function* (keys: Effect.Effect<Check>) {
  const open = yield* Database.Database
  const check = yield* Effect.result(Migrations.status(open))
  const worker = yield* workersCheck
  const checks = {
    database:
      check._tag === "Success"
        ? { ok: true, detail: `${open.kind} ${open.version}` }
        : { ok: false, detail: check.failure.message },
    migrations:
      check._tag === "Success"
        ? {
            ok: check.success.pending.length === 0,
            detail: `${check.success.applied.length} applied, ${check.success.pending.length} pending`
          }
        : { ok: false, detail: "unknown" },
    keys: yield* keys,
    worker
  }
  return { ready: Object.values(checks).every(({ ok }) => ok), checks, ...(yield* warnings) }
})

const seed = (settings: Settings) =>
  Effect.gen(function* () {
    yield* IdentityImport.each(yield* organizationImport)
    if (isDemo(settings)) yield* DemoWorld.seed
    const { ORGANIZATION: organization, OWNER_EMAIL: email, OWNER_PASSWORD: password } = settings
    if (organization !== undefined && email !== undefined && password !== undefined) {
      yield* DemoWorld.seedOwner(organization, email, password)
    }
  })

/** Long enough for the first requests after a start to come before it. */
const restAfter = Duration.seconds(2)

/**
 * Loads what the start left out, so that nobody waits for it, and a new installation of packages under a running
 * process takes nothing away from it. What cannot be loaded now is tried again when it is needed.
 */
const loadRest = Effect.all([IdentityBetterAuth.load, loadHttpClient]).pipe(Effect.ignoreCause, Effect.delay(restAfter))

/** Starts everything; it stops when the scope closes. Every failure carries one sentence that says what to do. */
export const start = Effect.fnUntraced(function* (settings: Settings) {
  const telemetry = yield* Layer.build(Telemetry.layer(settings, "portolan-server"))
  return yield* Effect.provide(startWithin(settings), telemetry)
})

const startWithin = Effect.fnUntraced(function* (settings: Settings) {
  const secrets = yield* DeploymentSecrets.load(settings, true)
  const simulator = yield* provider(settings)
  let answer = starting
  const { close, url } = yield* listen(settings.HOST, settings.PORT, "PORT", () => answer)
  const origin = settings.ORIGIN ?? url
  const context = yield* Layer.build(
    portolan({ settings, secrets, origin, simulated: simulator }).pipe(Layer.provideMerge(database(settings)))
  )
  return yield* Effect.gen(function* () {
    if (simulator !== undefined) yield* simulator.register(origin)
    yield* seed(settings)
    yield* Effect.flatMap(Directory.Directory, ({ begin }) => begin())
    if (settings.WORKER === "in-process") yield* work(settings)
    const { watch } = yield* BackgroundWork.BackgroundWork
    yield* Effect.forkScoped(watch(Duration.seconds(settings.WORKER_ALARM_SECONDS)))
    const signIn = isDemo(settings) ? demoSignIn : undefined
    const secureCookies = origin.startsWith("https://")
    const keys = yield* Effect.cachedWithTTL(keysCheck, keysLife)
    const api = yield* Api.make({
      readiness: Effect.provide(readiness(Effect.provide(keys, context)), context),
      rateLimit: { calls: settings.API_CALLS_PER_MINUTE, windowSeconds: 60 },
      sessionCookie: IdentityBetterAuth.sessionCookieName(secureCookies)
    })
    const console = yield* Console.make({
      secureCookies,
      ...(signIn === undefined ? {} : { demoSignIn: signIn, openMailbox: true })
    })
    const open = yield* Database.Database
    const metrics = yield* Metrics.make(settings, open.pool)
    if (Telemetry.exportsSignal(settings, "METRICS")) yield* Metrics.keepFresh(metrics)
    const isPrivate = isLoopback(settings.HOST) && settings.ORIGIN === undefined
    const app = new Hono()
      .use("*", yield* measureRequests)
      .use("*", redirectToCanonicalOrigin(origin))
      .all("/metrics", (c) => metrics.answer(c.req.raw, isPrivate))
      .route("/", api)
      .route("/", console)
    yield* Effect.forkScoped(loadRest)
    const metricsUrl = yield* Metrics.listenOwn(settings, metrics.answer)
    answer = app.fetch
    // The scope undoes the last thing first: no new requests, then the worker, then the database.
    yield* Effect.addFinalizer(() => close)
    return {
      url,
      origin,
      database: `${open.kind} ${open.version}`,
      simulator: simulator?.url,
      signIn,
      metrics: metricsUrl
    } satisfies Running
  }).pipe(Effect.provide(context))
})
