/** Faults of loads, of advertisers and of deadlines: F23 and F25 to F27. */
import { Advertiser, Failure, Id, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Directory, JobHandlers, Scheduler } from "@portolan/ports"
import { Database } from "@portolan/postgres"
import { Effect, Exit, Scope } from "effect"
import { sql } from "kysely"
import { lifeWith } from "./Crash.ts"
import { type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import { connected, countEvents, freshDigits, mailsOf, makeDue, organization, until, viewOf, working } from "./walk.ts"

const operator = {
  actor: { _tag: "Person", personId: "per_00000000000000000000000001" as Id.PersonId, name: "Op" }
} as const

const f23 = Effect.gen(function* () {
  const whole = yield* process()
  const script = yield* ProviderScript.ProviderScript
  const digits = yield* whole(freshDigits)
  const key: Profile.Key = {
    channel: "walmart-connect",
    region: "WALMART-US",
    marketplaceId: "WALMART_US" as Profile.Key["marketplaceId"],
    externalId: digits as Profile.ExternalId
  }
  const other = ProviderScript.advertiser({ ...key, externalId: `${digits}9` as Profile.ExternalId })
  const listed = (present: boolean) =>
    script.partners(key.region, present ? [ProviderScript.advertiser(key), other] : [other])
  let looks = 0
  // Looks count when they lie a quarter of an hour apart.
  const look = Effect.suspend(() => {
    looks += 1
    return Effect.flatMap(process({ ahead: `${20 * looks} minutes` }), (later) =>
      later(Effect.flatMap(Directory.Directory, (directory) => directory.look(operator, key.region)))
    )
  })
  const state = Effect.map(
    whole(Effect.flatMap(Directory.Directory, (directory) => directory.advertisers(operator, {}, { limit: 50 }))),
    ({ items }) => items.find(({ advertiser }) => advertiser.key.externalId === key.externalId)?._tag
  )
  yield* listed(true)
  yield* look
  const seen = [yield* state]
  yield* listed(false)
  for (let miss = 1; miss <= Advertiser.missesUntilLost; miss++) {
    yield* look
    seen.push(yield* state)
  }
  yield* listed(true)
  yield* look
  seen.push(yield* state)
  return all([
    seen.join() === "Listed,Listed,Listed,Lost,Listed",
    `missing from 0, 1, 2, ${Advertiser.missesUntilLost} looks, then back: ${seen.join(", ")}`
  ])
})

const windowsOf = Effect.fnUntraced(function* (organizationId: string) {
  const { kysely } = yield* Database.Database
  const { rows } = yield* Effect.promise(() =>
    sql<{ readonly window: string; readonly times: number }>`select event->>'windowId' as window, count(*)::int as times
      from portolan.events where organization_id = ${organizationId}
      and event->>'_tag' = 'WindowLoaded' group by 1`.execute(kysely)
  )
  return rows
})

/** Works until some windows are loaded, and dies in the middle of the next one. */
const dieAfter = Effect.fnUntraced(function* (windows: number) {
  const life = lifeWith(0, "after")
  let loaded = 0
  const dying = yield* process({
    life,
    provider: (provider) => ({
      ...provider,
      load: (access, request) =>
        Effect.suspend(() => {
          loaded += 1
          life.dead = loaded > windows
          return life.dead ? Effect.never : provider.load(access, request)
        })
    })
  })
  const scope = yield* Scope.make()
  const { handle } = yield* dying(JobHandlers.JobHandlers)
  const scheduler = yield* Scheduler.Scheduler
  yield* Scope.provide(scheduler.consume(handle, { concurrency: 1 }), scope)
  yield* until(
    Effect.sync(() => life.dead),
    (dead) => dead,
    60
  )
  // The process is gone; its claims end by themselves.
  yield* Effect.forkDetach(Scope.close(scope, Exit.void))
})

const f25 = Effect.gen(function* () {
  const whole = yield* process()
  const by = yield* whole(organization())
  const it = yield* whole(connected(by))
  yield* dieAfter(2)
  const early = (yield* windowsOf(by.organizationId)).length
  yield* whole(working)
  const view = yield* until(whole(viewOf(by, it.ads)), ({ backfill }) => backfill?.overall === 1, 100)
  const windows = yield* windowsOf(by.organizationId)
  const twice = windows.filter(({ times }) => times !== 1).length
  return all(
    [early === 2 && windows.length > 2, `the process died when ${early} of ${windows.length} windows were loaded`],
    [view.backfill?.overall === 1, "the load is complete after the restart"],
    [twice === 0, `${twice} windows twice`]
  )
})

const f26 = Effect.gen(function* () {
  const plain = yield* process()
  const by = yield* plain(organization())
  const script = yield* ProviderScript.ProviderScript
  yield* script.fail("load", new Failure.Temporary({ detail: "503", throttled: false }), 1_000_000)
  const it = yield* plain(connected(by))
  const late = yield* process({ ahead: "5 days" })
  const isPlanned = until(plain(viewOf(by, it.ads)), (view) => view.backfill !== undefined)
  yield* Effect.scoped(Effect.andThen(plain(working), isPlanned))
  yield* late(working)
  // Time goes on: what is due later is due now, again and again.
  const passing = Effect.andThen(plain(makeDue), Effect.sleep("6 seconds"))
  const overdue = yield* until(Effect.andThen(passing, late(countEvents(by, "LoadOverdue"))), (count) => count > 0, 40)
  const mails = yield* until(Effect.andThen(passing, plain(mailsOf(Id.installation))), (all) => all.length > 0, 40)
  const { backfill } = yield* late(viewOf(by, it.ads))
  const isShown = backfill?.classes.some(({ status }) => status === "overdue") === true
  return all(
    [overdue === 1, `${overdue} overdue load on record`],
    [mails.length > 0, `support gets “${mails[0] ?? "nothing"}”`],
    [isShown, "the connection shows the load as overdue"]
  )
})

const f27 = Effect.gen(function* () {
  const plain = yield* process()
  const by = yield* plain(organization())
  const [slow, fast] = [yield* plain(connected(by)), yield* plain(connected(by))]
  const wait = new Failure.Temporary({ detail: "429", throttled: true, retryAfterSeconds: 3_600 })
  const throttled = yield* process({
    provider: (provider) => ({
      ...provider,
      load: (access, request) => (access.grantor === slow.grantor ? Effect.fail(wait) : provider.load(access, request))
    })
  })
  yield* throttled(working)
  const done = yield* until(throttled(viewOf(by, fast.ads)), ({ backfill }) => backfill?.overall === 1, 100)
  const waiting = yield* throttled(viewOf(by, slow.ads))
  return all(
    [done.backfill?.overall === 1, `the other seller's load is at ${done.backfill?.overall ?? 0}`],
    [waiting.connection._tag === "Connected" && waiting.backfill?.overall !== 1, "the throttled one waits, connected"]
  )
})

/** The faults of loads, of advertisers and of deadlines. */
export const loadFaults: ReadonlyArray<Fault<Driven>> = [
  {
    id: "F23",
    fault: "A Walmart advertiser vanishes from the list for 1, 2, 3 looks",
    expected: "Nothing, nothing, lost; back by itself",
    run: f23
  },
  {
    id: "F25",
    fault: "The process dies in the middle of a load",
    expected: "It goes on from the ledger; no window twice",
    run: f25
  },
  {
    id: "F26",
    fault: "The deadline of a first load passes",
    expected: "A missed deadline on record, and a notice",
    run: f26
  },
  { id: "F27", fault: "One seller is throttled for an hour", expected: "Only that seller's queue waits", run: f27 }
]
