/**
 * Gauges that are read when somebody asks: what waits, what is in trouble, which keys are behind, how the pool is used.
 * Reads of the database count for seconds, so that many scrapes cost no more than one; a gauge whose read failed is
 * absent rather than old. No label names an organization, a person or an account.
 */
import { BackgroundWork, Incidents, MasterKeys } from "@portolan/ports"
import type { Database } from "@portolan/postgres"
import { Duration, Effect, Metric } from "effect"

/** One value of a gauge. */
interface Value {
  readonly gauge: keyof typeof descriptions
  readonly value: number
  readonly labels?: { readonly [name: string]: string }
}

/** Every gauge by name, and what it says. */
export const descriptions = {
  portolan_database_up: "1 when the database answered the last look, else 0.",
  portolan_jobs_due: "Jobs that are due and not under way.",
  portolan_jobs_overdue: "Jobs that have been due for more than a minute and are not under way.",
  portolan_jobs_under_way: "Jobs that are under way.",
  portolan_jobs_later: "Jobs that wait for their time.",
  portolan_jobs_dead_letters: "Jobs that stopped and wait for an operator.",
  portolan_jobs_oldest_due_seconds: "For how long the oldest due job has been due.",
  portolan_workers_living: "Workers that gave a sign of life in the last 30 seconds.",
  portolan_incidents_open: "Trouble at providers that is going on, by kind and channel.",
  portolan_secrets_behind: "Secrets that are sealed under another master key than the active one.",
  portolan_data_keys_behind: "Data keys that are sealed under another master key than the active one.",
  portolan_secrets_key_missing: "Secrets whose master key is not at hand: they cannot be opened.",
  portolan_database_pool_limit: "Connections that this process may hold.",
  portolan_database_pool_connections: "Open connections of this process, by state.",
  portolan_database_pool_waiting: "Callers in this process that wait for a connection.",
  process_start_time_seconds: "When this process started, in seconds since 1970.",
  process_resident_memory_bytes: "Memory that this process has.",
  nodejs_heap_used_bytes: "Heap that is used."
} as const

const gaugeOf = ({ gauge, labels }: Value) =>
  Metric.gauge(gauge, { description: descriptions[gauge], ...(labels === undefined ? {} : { attributes: labels }) })

/** How long the looks at work and incidents count. */
const life = Duration.seconds(5)

/** How long the look at the keys counts: it reads as many rows as there are organizations and more. */
const keysLife = Duration.minutes(1)

/** How long one look may take; the answer does without it then. */
const patience = Duration.seconds(3)

const work = Effect.gen(function* () {
  const { backlog } = yield* BackgroundWork.BackgroundWork
  const now = yield* backlog()
  return [
    { gauge: "portolan_jobs_due", value: now.due },
    { gauge: "portolan_jobs_overdue", value: now.overdue },
    { gauge: "portolan_jobs_under_way", value: now.underWay },
    { gauge: "portolan_jobs_later", value: now.later },
    { gauge: "portolan_jobs_dead_letters", value: now.deadLetters },
    { gauge: "portolan_jobs_oldest_due_seconds", value: now.oldestDueSeconds },
    { gauge: "portolan_workers_living", value: now.living }
  ] satisfies ReadonlyArray<Value>
})

const incidents = Effect.gen(function* () {
  const { open } = yield* Incidents.Incidents
  const counts = new Map<string, { readonly labels: { readonly kind: string; readonly channel: string }; n: number }>()
  for (const { channel, kind } of yield* open()) {
    const one = counts.get(`${kind} ${channel}`) ?? { labels: { kind, channel }, n: 0 }
    counts.set(`${kind} ${channel}`, { ...one, n: one.n + 1 })
  }
  return [...counts.values()].map(({ labels, n }): Value => ({ gauge: "portolan_incidents_open", value: n, labels }))
})

const keys = Effect.gen(function* () {
  const { status } = yield* MasterKeys.MasterKeys
  const now = yield* status()
  const others = now.keys.filter(({ state }) => state !== "active")
  return [
    { gauge: "portolan_secrets_behind", value: now.behind },
    { gauge: "portolan_data_keys_behind", value: others.reduce((sum, { dataKeys }) => sum + dataKeys, 0) },
    { gauge: "portolan_secrets_key_missing", value: now.missing.reduce((sum, { secrets }) => sum + secrets, 0) }
  ] satisfies ReadonlyArray<Value>
})

/** How the pool of this process is used; undefined where there is none. */
export type Pool = (() => Database.PoolUse) | undefined

const valuesOf = (pool: Pool): ReadonlyArray<Value> => {
  const use = pool?.()
  if (use === undefined) return []
  return [
    { gauge: "portolan_database_pool_limit", value: use.limit },
    { gauge: "portolan_database_pool_connections", value: use.busy, labels: { state: "busy" } },
    { gauge: "portolan_database_pool_connections", value: use.idle, labels: { state: "idle" } },
    { gauge: "portolan_database_pool_waiting", value: use.waiting }
  ]
}

const ownProcess = (): ReadonlyArray<Value> => {
  const { heapUsed, rss } = process.memoryUsage()
  return [
    { gauge: "process_start_time_seconds", value: Math.round(Date.now() / 1000 - process.uptime()) },
    { gauge: "process_resident_memory_bytes", value: rss },
    { gauge: "nodejs_heap_used_bytes", value: heapUsed }
  ]
}

/** A look that counts for a while, also when it failed. */
const remembered = <R>(look: Effect.Effect<ReadonlyArray<Value>, unknown, R>, timeToLive: Duration.Duration) =>
  Effect.cachedWithTTL(
    look.pipe(
      Effect.timeout(patience),
      Effect.catchCause(() => Effect.succeed(undefined))
    ),
    timeToLive
  )

/**
 * Gives what brings every gauge up to date. It never fails and takes a few seconds at most, whether or not the database
 * answers.
 */
export const make = Effect.fnUntraced(function* (pool: Pool) {
  const looks = [yield* remembered(work, life), yield* remembered(incidents, life), yield* remembered(keys, keysLife)]
  let shown: ReadonlyArray<Value> = []
  return Effect.gen(function* () {
    const [found, ...others] = yield* Effect.all(looks, { concurrency: "unbounded" })
    const up: Value = { gauge: "portolan_database_up", value: found === undefined ? 0 : 1 }
    const values = [up, ...(found ?? []), ...others.flatMap((one) => one ?? []), ...valuesOf(pool), ...ownProcess()]
    const before = shown
    shown = values
    yield* Effect.forEach(before, (value) => Metric.remove(gaugeOf(value)), { discard: true })
    yield* Effect.forEach(values, (value) => Metric.update(gaugeOf(value), value.value), { discard: true })
  })
})
