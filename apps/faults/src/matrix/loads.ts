/** Faults of loads, of advertisers and of deadlines: F23 and F25 to F27. */
import { Advertiser, Failure, Id, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Directory } from "@portolan/ports"
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
  const look = whole(Effect.flatMap(Directory.Directory, (directory) => directory.look(operator, key.region)))
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
      from portolan.events where organization_id = ${organizationId} and event->>'_tag' = 'WindowLoaded' group by 1`.execute(
      kysely
    )
  )
  return rows
})

const planned = Effect.fnUntraced(function* (organizationId: string) {
  const { kysely } = yield* Database.Database
  const { rows } = yield* Effect.promise(() =>
    sql<{ readonly state: { readonly windows?: ReadonlyArray<object> }; readonly tag: string }>`select state, tag
      from portolan.backfills where organization_id = ${organizationId}`.execute(kysely)
  )
  return rows
})

/** Works until a share of the windows is loaded, and then dies with what is under way. */
const dieAt = Effect.fnUntraced(function* (organizationId: string, windows: number) {
  const life = lifeWith(0, "after")
  const dying = yield* process({ life })
  const scope = yield* Scope.make()
  yield* dying(Scope.provide(working, scope))
  yield* until(windowsOf(organizationId), (loaded) => loaded.length >= windows, 60)
  life.dead = true
  // The process is gone; its claims end by themselves.
  yield* Effect.forkDetach(Scope.close(scope, Exit.void))
})

const f25 = Effect.gen(function* () {
  const whole = yield* process()
  const by = yield* whole(organization())
  const it = yield* whole(connected(by))
  yield* dieAt(by.organizationId, 8)
  const early = (yield* windowsOf(by.organizationId)).length
  yield* whole(working)
  const isComplete = Effect.map(whole(viewOf(by, it.ads)), (view) => view.backfill)
  const backfill = yield* until(isComplete, (one) => one?.overall === 1, 100)
  const windows = yield* windowsOf(by.organizationId)
  const twice = windows.filter(({ times }) => times !== 1).length
  const states = (yield* planned(by.organizationId)).map(({ tag }) => tag)
  return all(
    [early >= 8, `the process died when ${early} windows were loaded`],
    [backfill?.overall === 1, `the load is ${states.join(", ")} after the restart`],
    [twice === 0, `${windows.length} windows, ${twice} of them twice`]
  )
})

const f26 = Effect.gen(function* () {
  const plain = yield* process()
  const by = yield* plain(organization())
  const script = yield* ProviderScript.ProviderScript
  yield* script.fail("load", new Failure.Temporary({ detail: "503", throttled: false }), 1_000_000)
  const it = yield* plain(connected(by))
  const late = yield* process({ ahead: "5 days" })
  yield* Effect.scoped(Effect.andThen(plain(working), Effect.sleep("2 seconds")))
  yield* plain(makeDue)
  yield* late(working)
  const overdue = yield* until(late(countEvents(by, "DeadlineMissed")), (count) => count > 0, 40)
  yield* plain(makeDue)
  const mails = yield* until(plain(mailsOf(Id.installation)), (all) => all.length > 0, 40)
  const { evidence } = yield* late(viewOf(by, it.ads))
  return all(
    [overdue > 0, `${overdue} missed deadline on record`],
    [mails.length > 0, `support gets “${mails[0] ?? "nothing"}”`],
    [evidence.status !== "connected" || overdue > 0, `the connection's page says ${evidence.status}`]
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
