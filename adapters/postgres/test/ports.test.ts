import { describe, expect, it } from "@effect/vitest"
import { MemoryAdapters } from "@portolan/memory"
import {
  Repository,
  DataSink,
  EventLog,
  Scheduler,
  Secrets,
  type StoreUnavailable,
  TokenVault,
  UnitOfWork,
  Workers
} from "@portolan/ports"
import { DateTime, Deferred, Duration, Effect, Fiber, Layer, Redacted, Ref, Stream } from "effect"
import { Day } from "@portolan/domain"
import { change, company, connection, hold, job, key, rename, authorization } from "./support/change.ts"
import { freshDatabase } from "./support/databases.ts"
import { pglite, secrets, server } from "./support/subjects.ts"

type Ports =
  | Repository.Repository
  | DataSink.DataSink
  | EventLog.EventLog
  | Scheduler.Scheduler
  | Secrets.Secrets
  | TokenVault.TokenVault
  | UnitOfWork.UnitOfWork
  | Workers.Workers

const subjects: ReadonlyArray<{ readonly name: string; readonly layer: Layer.Layer<Ports, unknown> }> = [
  { name: "memory", layer: MemoryAdapters.layer({ secrets }) },
  { name: "pglite", layer: pglite() },
  { name: "postgres", layer: Layer.unwrap(Effect.map(freshDatabase, ({ url }) => server(url))) }
]

const value = Effect.map((stored: TokenVault.Stored) => Redacted.value(stored.secret))

for (const subject of subjects) {
  describe(subject.name, () => {
    it.layer(subject.layer, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
      it.effect("keeps what was committed, refuses what is stale, and tells the version that is there", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const store = yield* Repository.Repository
          const organizationId = yield* (yield* Secrets.Secrets).id("organization")
          const { state, write } = yield* company(organizationId, "Ünïcode \u{1F980} \\ \" 'x")
          const committed = yield* unit.commit(change(organizationId, { writes: [write] }))
          expect([committed.versions.get(state.id), committed.position]).toEqual([1, 1])
          expect(yield* store.find("company", organizationId, state.id)).toEqual({ state, version: 1 })
          const stale = yield* Effect.flip(unit.commit(change(organizationId, { writes: [write] })))
          expect(stale).toMatchObject({ _tag: "VersionConflict", expected: 0, found: 1 })
          yield* unit.commit(change(organizationId, { writes: [yield* rename(state, 1, "New")] }))
          expect(yield* store.find("company", organizationId, state.id)).toMatchObject({
            state: { name: "New" },
            version: 2
          })
          const absent = yield* Effect.flip(
            unit.commit(
              change(organizationId, {
                writes: [{ ...(yield* rename((yield* company(organizationId, "Ghost")).state, 4, "G")) }]
              })
            )
          )
          expect(absent).toMatchObject({ _tag: "VersionConflict", expected: 4, found: 0 })
          const other = yield* (yield* Secrets.Secrets).id("organization")
          expect((yield* Effect.flip(store.find("company", other, state.id)))._tag).toBe("NotFound")
        })
      )

      it.effect("rolls everything back when one part is refused", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const store = yield* Repository.Repository
          const log = yield* EventLog.EventLog
          const organizationId = yield* (yield* Secrets.Secrets).id("organization")
          yield* unit.commit(change(organizationId, { claims: [yield* hold("99000000000000000001")] }))
          const { state, write } = yield* company(organizationId, "One")
          const idempotency = { key: "k1", fingerprint: "f", resource: state.id }
          const refused = yield* Effect.flip(
            unit.commit(
              change(organizationId, {
                writes: [write],
                idempotency,
                claims: [yield* hold("99000000000000000002"), yield* hold("99000000000000000001")]
              })
            )
          )
          expect(refused._tag).toBe("ProfileTaken")
          expect((yield* Effect.flip(store.find("company", organizationId, state.id)))._tag).toBe("NotFound")
          expect(yield* log.after(organizationId, 0, 10)).toEqual([])
          expect(yield* unit.idempotentResource(organizationId, "k1", "f")).toBeUndefined()
          expect(yield* store.holders(organizationId, [key("99000000000000000002")])).toEqual([])
        })
      )

      it.effect("names a profile's holder at home and nobody abroad; case and leading zeros count", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const store = yield* Repository.Repository
          const { id } = yield* Secrets.Secrets
          const [home, away] = [yield* id("organization"), yield* id("organization")]
          const first = yield* hold("00123aB")
          yield* unit.commit(change(home, { claims: [first] }))
          yield* unit.commit(change(away, { claims: [yield* hold("00123ab"), yield* hold("123aB")] }))
          const atHome = yield* Effect.flip(unit.commit(change(home, { claims: [yield* hold("00123aB")] })))
          expect(atHome).toMatchObject({ holder: { accountId: first.accountId, connectionId: first.connectionId } })
          const abroad = yield* Effect.flip(unit.commit(change(away, { claims: [yield* hold("00123aB")] })))
          expect(abroad._tag).toBe("ProfileTaken")
          expect(abroad).not.toHaveProperty("holder")
          expect(yield* store.holders(away, [first.key])).toEqual([])
          expect(yield* store.holders(home, [first.key])).toMatchObject([{ accountId: first.accountId }])
          yield* unit.commit(change(home, { claims: [first] }))
          const released = { _tag: "Release" as const, key: first.key, connectionId: first.connectionId }
          yield* unit.commit(change(home, { claims: [yield* hold("00123aB"), released] }))
        })
      )

      it.effect("remembers a request, and refuses its key for another", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const organizationId = yield* (yield* Secrets.Secrets).id("organization")
          const { state, write } = yield* company(organizationId, "One")
          const idempotency = { key: "k1", fingerprint: "f1", resource: state.id }
          yield* unit.commit(change(organizationId, { writes: [write], idempotency }))
          const again = yield* Effect.flip(unit.commit(change(organizationId, { writes: [write], idempotency })))
          expect(again).toMatchObject({ _tag: "AlreadyDone", resource: state.id })
          const reused = yield* Effect.flip(
            unit.commit(change(organizationId, { idempotency: { ...idempotency, fingerprint: "f2" } }))
          )
          expect(reused._tag).toBe("KeyReused")
          expect(yield* unit.idempotentResource(organizationId, "k1", "f1")).toBe(state.id)
          expect((yield* Effect.flip(unit.idempotentResource(organizationId, "k1", "f2")))._tag).toBe("KeyReused")
        })
      )

      it.effect("pages tile a list with equal sort values, in both directions", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const store = yield* Repository.Repository
          const organizationId = yield* (yield* Secrets.Secrets).id("organization")
          const at = DateTime.makeUnsafe("2026-05-01T10:00:00Z")
          const made: Array<string> = []
          for (let index = 0; index < 9; index++) {
            const { state, write } = yield* connection(
              organizationId,
              DateTime.add(at, { seconds: Math.floor(index / 4) })
            )
            const { write: started } = yield* authorization(organizationId, `d${index}`)
            made.push(state.id)
            yield* unit.commit(change(organizationId, { writes: [write, started] }))
          }
          const walk = Effect.fnUntraced(function* (
            list: (
              page: Repository.PageRequest
            ) => Effect.Effect<
              Repository.Page<{ readonly id: string }>,
              Repository.InvalidCursor | StoreUnavailable.StoreError
            >,
            limit: number
          ) {
            const seen: Array<string> = []
            let cursor: string | undefined
            do {
              const page: Repository.Page<{ readonly id: string }> = yield* list(
                cursor === undefined ? { limit } : { limit, cursor }
              )
              expect(page.items.length).toBeLessThanOrEqual(limit)
              seen.push(...page.items.map(({ id }) => id))
              cursor = page.next
            } while (cursor !== undefined)
            return seen
          })
          for (const limit of [1, 3, 9, 10]) {
            expect((yield* walk((page) => store.connections(organizationId, {}, page), limit)).toSorted()).toEqual(
              made.toSorted()
            )
            const authorizations = yield* walk((page) => store.authorizations(organizationId, {}, page), limit)
            expect([...new Set(authorizations)]).toHaveLength(9)
            expect(authorizations).toEqual(authorizations.toSorted().toReversed())
          }
          const { next = "" } = yield* store.connections(organizationId, {}, { limit: 2 })
          const foreign = yield* Effect.flip(
            store.connections(organizationId, { channel: "amazon-sp" }, { limit: 2, cursor: next })
          )
          expect(foreign._tag).toBe("InvalidCursor")
          expect((yield* store.connections(organizationId, { states: ["Connected"] }, { limit: 5 })).items).toEqual([])
        })
      )

      it.effect("searches names literally and folded", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const store = yield* Repository.Repository
          const organizationId = yield* (yield* Secrets.Secrets).id("organization")
          for (const name of ["100% Wool_Co", "1000 Things", "ÄPFEL\\Birnen", "\u{1F980} & \u{FF21}"]) {
            yield* unit.commit(change(organizationId, { writes: [(yield* company(organizationId, name)).write] }))
          }
          const found = (text: string) =>
            Effect.map(store.companies(organizationId, { search: text }, { limit: 10 }), ({ items }) => items.length)
          expect([
            yield* found("100%"),
            yield* found("wool_c"),
            yield* found("äpfel\\b"),
            yield* found("_"),
            yield* found("BRAND")
          ]).toEqual([1, 1, 1, 1, 4])
        })
      )

      it.effect("finds a trip by its digest without knowing the organization", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const store = yield* Repository.Repository
          const { id } = yield* Secrets.Secrets
          const organizationId = yield* id("organization")
          const digest = `digest of ${organizationId}`
          const { state, write } = yield* authorization(organizationId, digest)
          yield* unit.commit(change(organizationId, { writes: [write] }))
          expect((yield* store.authorizationByState(digest)).state.id).toBe(state.id)
          expect((yield* Effect.flip(store.authorizationByState("another")))._tag).toBe("NotFound")
        })
      )

      it.effect("tells the history and follows it", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const log = yield* EventLog.EventLog
          const organizationId = yield* (yield* Secrets.Secrets).id("organization")
          const follower = yield* Effect.forkChild(
            log.follow(organizationId, 0).pipe(Stream.take(3), Stream.runCollect)
          )
          const first = yield* company(organizationId, "One")
          yield* unit.commit(change(organizationId, { writes: [first.write] }))
          yield* unit.commit(change(organizationId, { writes: [yield* rename(first.state, 1, "Two")] }))
          yield* unit.commit(change(organizationId, { writes: [(yield* company(organizationId, "Other")).write] }))
          expect((yield* Fiber.join(follower)).map(({ position, version }) => [position, version])).toEqual([
            [1, 1],
            [2, 2],
            [3, 1]
          ])
          const page = yield* log.of(organizationId, [first.state.id], { limit: 1 })
          expect(page.items).toMatchObject([
            { position: 2, event: { _tag: "CompanyRenamed" }, actor: { _tag: "System" } }
          ])
          const rest = yield* log.of(organizationId, [first.state.id], { limit: 5, cursor: page.next ?? "" })
          expect(rest.items.map(({ position }) => position)).toEqual([1])
          expect(yield* log.of(organizationId, [], { limit: 5 })).toEqual({ items: [] })
        })
      )

      it.effect("lands rows once however often they come", () =>
        Effect.gen(function* () {
          const sink = yield* DataSink.DataSink
          const { id } = yield* Secrets.Secrets
          const [organizationId, connectionId] = [yield* id("organization"), yield* id("connection")]
          const rows = Array.from({ length: 1201 }, (_, index) => ({
            key: `k${index % 1200}`,
            day: Day.Day.make("2026-05-01"),
            data: { text: "\u0000\ud800", n: "1" }
          }))
          const landing: DataSink.Landing = {
            organizationId,
            connectionId,
            accountId: yield* id("account"),
            profile: key("1"),
            dataClass: "sales",
            windowId: "sales/2026-05-01/2026-05-02" as DataSink.Landing["windowId"],
            rows
          }
          yield* sink.land(landing)
          yield* sink.land(landing)
          expect([...(yield* sink.count(organizationId, connectionId))]).toEqual([["sales", 1200]])
          expect([...(yield* sink.count(yield* id("organization"), connectionId))]).toEqual([])
        })
      )

      it.effect("keeps the rows of two profiles apart that one connection was bound to", () =>
        Effect.gen(function* () {
          const sink = yield* DataSink.DataSink
          const { id } = yield* Secrets.Secrets
          const [organizationId, connectionId] = [yield* id("organization"), yield* id("connection")]
          const landing: DataSink.Landing = {
            organizationId,
            connectionId,
            accountId: yield* id("account"),
            profile: key("1"),
            dataClass: "sales",
            windowId: "sales/2026-05-01/2026-05-02" as DataSink.Landing["windowId"],
            rows: [{ key: "k", day: Day.Day.make("2026-05-01"), data: { n: "1" } }]
          }
          yield* sink.land(landing)
          yield* sink.land({ ...landing, profile: key("2") })
          expect([...(yield* sink.count(organizationId, connectionId))]).toEqual([["sales", 2]])
        })
      )

      it.effect("versions a secret, keeps tenants apart and lets nothing slip", () =>
        Effect.gen(function* () {
          const vault = yield* TokenVault.TokenVault
          const { id } = yield* Secrets.Secrets
          const [own, other] = [yield* id("organization"), yield* id("organization")]
          const put = (text: string) => vault.put(own, "a", Redacted.make(text))
          expect(yield* vault.create(own, "a", Redacted.make("Atza|\u0000\u{1F980}"))).toBe(1)
          expect(yield* value(vault.get(own, "a"))).toBe("Atza|\u0000\u{1F980}")
          expect(yield* Effect.flip(vault.create(own, "a", Redacted.make("x")))).toMatchObject({
            _tag: "SecretExists",
            version: 1
          })
          expect((yield* Effect.flip(vault.get(other, "a")))._tag).toBe("SecretNotFound")
          expect(yield* Effect.flip(vault.compareAndSwap(own, "a", 7, Redacted.make("x")))).toMatchObject({ found: 1 })
          expect(yield* vault.compareAndSwap(own, "a", 1, Redacted.make("two"))).toBe(2)
          expect([
            yield* vault.remove(other, "a"),
            yield* vault.remove(own, "a"),
            yield* vault.remove(own, "a")
          ]).toEqual([false, true, false])
          expect((yield* Effect.flip(vault.compareAndSwap(own, "a", 2, Redacted.make("x"))))._tag).toBe(
            "SecretNotFound"
          )
          expect(yield* put("again")).toBe(3)
          expect(yield* Effect.flip(put(""))).toMatchObject({ because: "empty" })
          expect(yield* Effect.flip(put("\ud800"))).toMatchObject({ because: "not-encodable" })
          expect(yield* Effect.flip(put("é".repeat(8193)))).toMatchObject({ because: "too-large" })
          for (const reference of ["b\u0000", "b", "B", " b", "b\\u0000", "b\ud800"]) {
            yield* vault.create(own, reference, Redacted.make(`of ${JSON.stringify(reference)}`))
          }
          expect(yield* value(vault.get(own, "b\\u0000"))).toBe('of "b\\\\u0000"')
          expect(yield* value(vault.get(own, "b\u0000"))).toBe('of "b\\u0000"')
        })
      )

      it.effect("gives a lease to one, ends it on time and fences the old holder", () =>
        Effect.gen(function* () {
          const vault = yield* TokenVault.TokenVault
          const own = yield* (yield* Secrets.Secrets).id("organization")
          expect((yield* Effect.flip(vault.acquireLease(own, "a", Duration.seconds(1))))._tag).toBe("SecretNotFound")
          yield* vault.put(own, "a", Redacted.make("one"))
          const first = yield* vault.acquireLease(own, "a", Duration.seconds(30))
          const held = yield* Effect.flip(vault.acquireLease(own, "a", Duration.seconds(30)))
          expect(held).toMatchObject({ _tag: "LeaseHeld" })
          if (held._tag === "LeaseHeld")
            expect(DateTime.toEpochMillis(held.until)).toBe(DateTime.toEpochMillis(first.expiresAt))
          expect(yield* vault.releaseLease(own, { ...first, fence: first.fence + 1 })).toBe(false)
          const shorter = yield* vault.renewLease(own, first, Duration.millis(50))
          yield* Effect.sleep("80 millis")
          const second = yield* vault.acquireLease(own, "a", Duration.seconds(30))
          expect(second.fence).toBeGreaterThan(shorter.fence)
          expect((yield* Effect.flip(vault.renewLease(own, first, Duration.seconds(1))))._tag).toBe("LeaseLost")
          expect((yield* Effect.flip(vault.compareAndSwap(own, "a", 1, Redacted.make("late"), first.fence)))._tag).toBe(
            "Fenced"
          )
          expect(yield* vault.compareAndSwap(own, "a", 1, Redacted.make("two"), second.fence)).toBe(2)
          expect([yield* vault.releaseLease(own, second), yield* vault.releaseLease(own, second)]).toEqual([
            true,
            false
          ])
        })
      )

      it.effect("hands work out when it is due, again when it failed or was put off, and parks what is hopeless", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const scheduler = yield* Scheduler.Scheduler
          const { id } = yield* Secrets.Secrets
          const organizationId = yield* id("organization")
          const now = yield* DateTime.now
          const [plain, later, failing, hopeless, dying, future] = yield* Effect.all(
            Array.from({ length: 6 }, (_, index) =>
              job(organizationId, index === 5 ? DateTime.add(now, { hours: 1 }) : now)
            )
          )
          if (!plain || !later || !failing || !hopeless || !dying || !future) return
          const seen = yield* Ref.make<ReadonlyArray<readonly [string, number]>>([])
          const enough = yield* Deferred.make<void>()
          const handle = Effect.fnUntraced(function* ({ failures, job }: Scheduler.Due) {
            const all = yield* Ref.updateAndGet(seen, (before) => [...before, [job.id, failures] as const])
            if (all.length >= 7) yield* Deferred.succeed(enough, undefined)
            const soon = DateTime.add(yield* DateTime.now, { milliseconds: 20 })
            const first = all.filter(([name]) => name === job.id).length === 1
            if (job.id === later.id && first) return { _tag: "RetryAt" as const, at: soon }
            if (job.id === failing.id && first) return { _tag: "Failed" as const, at: soon, reason: "not now" }
            if (job.id === hopeless.id) return { _tag: "DeadLettered" as const, reason: "never" }
            if (job.id === dying.id) return yield* Effect.die("a mistake")
            return { _tag: "Done" as const }
          })
          yield* Effect.scoped(
            Effect.gen(function* () {
              yield* scheduler.consume(handle, { concurrency: 3 })
              yield* unit.commit(change(organizationId, { jobs: [plain, later, failing, hopeless, dying, future] }))
              yield* Deferred.await(enough).pipe(Effect.timeout("10 seconds"))
              yield* Effect.sleep("600 millis")
            })
          )
          const times = (name: string) =>
            Effect.map(Ref.get(seen), (all) => all.filter(([one]) => one === name).map(([, failures]) => failures))
          expect(yield* times(plain.id)).toEqual([0])
          expect(yield* times(later.id)).toEqual([0, 0])
          expect(yield* times(failing.id)).toEqual([0, 1])
          expect(yield* times(hopeless.id)).toEqual([0])
          expect(yield* times(dying.id)).toEqual([0])
          expect(yield* times(future.id)).toEqual([])
          expect(yield* scheduler.deadLetters(organizationId)).toMatchObject([
            { jobId: hopeless.id, reason: "never", task: "ExpireInvitation" }
          ])
          expect(yield* scheduler.redeliver(yield* id("organization"), hopeless.id)).toBe(false)
          expect(yield* scheduler.redeliver(organizationId, hopeless.id)).toBe(true)
          const gone = yield* Effect.flip(unit.commit(change(organizationId, { completes: plain.id })))
          expect(gone._tag).toBe("JobGone")
          yield* unit.commit(change(organizationId, { completes: future.id }))
        })
      )

      it.effect("counts what is due, overdue and later, over all organizations", () =>
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const { backlog } = yield* Workers.Workers
          const before = yield* backlog
          const now = yield* DateTime.now
          for (const seconds of [[-2, 600], [-90]]) {
            const organizationId = yield* (yield* Secrets.Secrets).id("organization")
            const jobs = yield* Effect.forEach(seconds, (due) =>
              job(organizationId, DateTime.addDuration(now, Duration.seconds(due)))
            )
            yield* unit.commit(change(organizationId, { jobs }))
          }
          const after = yield* backlog
          expect(after).toMatchObject({ due: before.due + 2, overdue: before.overdue + 1, later: before.later + 1 })
          expect(after.oldestDueSeconds).toBeGreaterThanOrEqual(89)
          expect(after.deadLetters).toBe(before.deadLetters)
        })
      )
    })
  })
}
