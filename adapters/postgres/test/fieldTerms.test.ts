/**
 * Version 0005 renames keys and a tag of stored JSON. The fixture has a state of every kind and tag, an event and a task of every
 * tag, and a mail, all encoded by the program of version 0004, with most of the optional keys.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import { Aggregate, Id, Job, Stored, Window } from "@portolan/domain"
import { EventLog, Mailer, Repository } from "@portolan/ports"
import { Effect, Layer, Redacted, Result, Schema } from "effect"
import { type Kysely, sql } from "kysely"
import { Database, PostgresAdapters } from "../src/index.ts"
import { tableOf, type Tables } from "../src/Tables.ts"
import { freshDatabase, plainOwner } from "./support/databases.ts"
import { asTenant, install, installOn, type Older } from "./support/older.ts"
import { client, options } from "./support/subjects.ts"

interface Fixture {
  readonly rows: ReadonlyArray<{
    readonly kind: Aggregate.Kind
    readonly table: string
    readonly columns: { readonly [column: string]: string | number | boolean | null }
    readonly state: { readonly _tag: string; readonly id: string; readonly organizationId: Id.OrganizationId }
  }>
  readonly events: ReadonlyArray<{ readonly kind: Aggregate.Kind; readonly event: unknown }>
  readonly tasks: ReadonlyArray<unknown>
  readonly mails: ReadonlyArray<unknown>
}

const fixture: Fixture = JSON.parse(
  await readFile(fileURLToPath(new URL("fixtures/version0004.json", import.meta.url)), "utf8")
)

const names: { readonly [old: string]: string } = {
  reach: "accessScope",
  spell: "assignmentEpoch",
  unread: "listFailed",
  keeper: "responsibleMember",
  untold: "notReported",
  letter: "emailMessage"
}

const tags: { readonly [old: string]: string } = { Chosen: "Limited" }

/** What the migration should have made of a document, found by walking it. */
const renamed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(renamed)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      names[key] ?? key,
      key === "_tag" ? (tags[field as string] ?? field) : renamed(field)
    ])
  )
}
const renamedText = (value: unknown) => JSON.stringify(renamed(value))

const id = <K extends Id.Kind>(kind: K, n: number): Id.ByKind[K] =>
  Id.make(kind, 1_700_000_000_000 + n, new Uint8Array(Id.entropyBytes).fill(n % 256))

const tenant = id("organization", 1)
const crowd = id("organization", 2)
/** More rows than three batches of the migration have. */
const crowded = 15_001

const json = (value: unknown) => sql`${JSON.stringify(value)}::text::json`
const system = { _tag: "System", part: "test" }

const insertStates = async (db: Older) => {
  for (const { columns, state, table } of fixture.rows) {
    const all = Object.entries({ ...columns, organization_id: state.organizationId, id: state.id, tag: state._tag })
    await asTenant(db, state.organizationId, async (trx) => {
      await sql`insert into ${sql.table(table)} (version, state, ${sql.join(all.map(([name]) => sql.ref(name)))})
        values (1, ${json(state)}, ${sql.join(all.map(([, value]) => sql`${value}`))})`.execute(trx)
    })
  }
}

const insertOthers = async (db: Older) => {
  for (const [index, { event, kind }] of fixture.events.entries()) {
    await sql`insert into portolan.events
      (organization_id, position, id, kind, aggregate_id, version, at, actor_tag, actor, event) values
      (${tenant}, ${index + 1}, ${id("event", index)}, ${kind}, ${id("company", 1)}, 1, 0, 'System', ${json(system)},
      ${json(event)})`.execute(db)
  }
  for (const [index, task] of fixture.tasks.entries()) {
    await sql`insert into portolan.intents (organization_id, id, due_at, work) values
      (${tenant}, ${id("job", index)}, now() + interval '1 day', ${json(task)})`.execute(db)
  }
  for (const [index, mail] of fixture.mails.entries()) {
    await sql`insert into portolan.kept_mails (organization_id, id, at, mail) values
      (${tenant}, ${`mail ${index}`}, 0, ${json(mail)})`.execute(db)
  }
}

/** A long history, which takes several batches. */
const insertCrowd = async (db: Older) => {
  await sql`insert into portolan.events
    (organization_id, position, id, kind, aggregate_id, version, at, actor_tag, actor, event)
    select ${crowd}, n, 'event ' || n, 'member', 'member', 1, 0, 'System', ${json(system)},
      ('{"n":' || n || ',"reach":{"_tag":"Chosen"},"said":"\\"reach\\":\\"_tag\\":\\"Chosen\\""}')::json
    from generate_series(1, ${crowded}::integer) n`.execute(db)
}

const fill = async (db: Older) => {
  await insertStates(db)
  await asTenant(db, tenant, insertOthers)
}

/** The stored texts are the old ones under new keys, and nothing else in them changed. */
const storedRight = async (db: Kysely<Tables>) => {
  for (const { kind, state } of fixture.rows) {
    const { rows } = await sql<{ readonly state: string }>`select state::text as state from ${sql.table(tableOf[kind])}
      where organization_id = ${state.organizationId} and id = ${state.id}`.execute(db)
    expect(rows.map((row) => row.state)).toEqual([renamedText(state)])
  }
  const texts = async (table: string, column: string) =>
    (
      await sql<{ readonly text: string }>`select ${sql.ref(column)}::text as text from ${sql.table(table)}
      where organization_id = ${tenant}`.execute(db)
    ).rows
      .map(({ text }) => text)
      .toSorted()
  const expected = (values: ReadonlyArray<unknown>) => values.map(renamedText).toSorted()
  expect(await texts("portolan.events", "event")).toEqual(expected(fixture.events.map(({ event }) => event)))
  expect(await texts("portolan.jobs", "task")).toEqual(expected(fixture.tasks))
  expect(await texts("portolan.kept_mails", "mail")).toEqual(expected(fixture.mails))
}

/** Every batch was rewritten. */
const crowdRight = async (db: Kysely<Tables>) => {
  const { rows } = await sql<{ readonly event: string }>`select event::text as event from portolan.events
    where organization_id = ${crowd} order by position`.execute(db)
  expect(rows.map(({ event }) => event)).toEqual(
    Array.from(
      { length: crowded },
      (_, n) => `{"n":${n + 1},"accessScope":{"_tag":"Limited"},"said":"\\"reach\\":\\"_tag\\":\\"Chosen\\""}`
    )
  )
}

interface PartOfLoad {
  readonly id: string
  readonly [key: string]: unknown
}

const windowsIn = (state: object): ReadonlyArray<PartOfLoad> =>
  "windows" in state ? (state.windows as ReadonlyArray<PartOfLoad>) : []

/** Windows were part of a load. */
const withoutWindows = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || !("windows" in value)) return value
  const { windows: _windows, ...rest } = value
  return rest
}

/** A plan said of each window that it waits. */
const withoutProgress = (event: unknown): unknown =>
  typeof event !== "object" || event === null || !("windows" in event)
    ? event
    : {
        ...event,
        windows: windowsIn(event).map((window) => ({ ...window, progress: undefined, startedAt: undefined }))
      }

const byId = (one: PartOfLoad, other: PartOfLoad) => (one.id < other.id ? -1 : 1)

/** A window as it was written in a load. */
const partOfLoad = (window: Window.Present): PartOfLoad => {
  const { payload } = Stored.writeState("window", window)
  const { _tag, dataClass, from, until, windowId, ...rest } = payload as { readonly [key: string]: unknown }
  const ofWindows = new Set(["id", "organizationId", "backfillId", "connectionId", "startedAt"])
  const progress = Object.entries(rest).filter(([key]) => !ofWindows.has(key))
  return { id: String(windowId), dataClass, from, until, progress: { _tag, ...Object.fromEntries(progress) } }
}

/** Everything is read, and written again it is the same: no key is unknown to this version. */
const readsRight = Effect.gen(function* () {
  const store = yield* Repository.Repository
  for (const { kind, state } of fixture.rows) {
    const found = yield* store.find(kind, state.organizationId, state.id)
    expect(Stored.writeState(kind, found.state).payload).toEqual(withoutWindows(renamed(state)))
    if (kind !== "backfill") continue
    const windows = yield* store.windows(state.organizationId, found.state.id as Id.BackfillId)
    expect(windows.map((window) => partOfLoad(window.state)).toSorted(byId)).toEqual(windowsIn(state).toSorted(byId))
    const connectionId = (found.state as Aggregate.Present<"backfill">).connectionId
    const sums = yield* store.tallies(state.organizationId, connectionId)
    expect(Window.talliesOf(found.state.id as Id.BackfillId, sums)).toEqual(
      Window.tallies(windows.map((window) => window.state))
    )
  }
  const log = yield* EventLog.EventLog
  const recorded = [...(yield* log.after(tenant, 0, 100)), ...(yield* log.after(tenant, 100, 100))]
  const kindOf = ({ aggregate: { kind }, event }: Aggregate.Recorded) => Stored.movedEvents[kind]?.[event._tag] ?? kind
  expect(recorded.map((one) => Stored.writeEvent(kindOf(one), one.event).payload)).toEqual(
    fixture.events.map(({ event }) => withoutProgress(renamed(event)))
  )
  for (const task of fixture.tasks) {
    const read = Stored.readTask({ payload: renamed(task) })
    expect(Result.isSuccess(read) ? Stored.writeTask(read.success).payload : read).toEqual(renamed(task))
  }
})

const mailsRight = Effect.gen(function* () {
  const { kept } = yield* Mailer.Mailer
  const { items } = yield* kept(tenant, { limit: 100 })
  expect(items).toHaveLength(fixture.mails.length)
  expect(items).toMatchObject(fixture.mails.map(renamed) as ReadonlyArray<object>)
})

/** The tags of a union of tagged structs. */
const tagsOf = (schema: Schema.Constraint): ReadonlyArray<string> =>
  [
    ...JSON.stringify(Schema.toJsonSchemaDocument(schema)).matchAll(/"_tag":\{"type":"string","enum":\["(\w+)"\]\}/g)
  ].map(([, tag = ""]) => tag)

describe("an installation of version 0004", () => {
  it("is known in full: every kind, event, task and renamed key is in the fixture", () => {
    const since: ReadonlySet<string> = new Set(["incident", "window"])
    const known = Object.keys(Aggregate.machines).filter((kind) => !since.has(kind))
    expect(new Set(fixture.rows.map(({ kind }) => kind))).toEqual(new Set(known))
    const tagged = (values: ReadonlyArray<unknown>) => new Set(values.map((value) => (value as { _tag: string })._tag))
    const tasks = tagged(fixture.tasks)
    for (const tag of tasks) expect(tagsOf(Job.Task)).toContain(tag)
    expect(tasks.size).toBeGreaterThan(20)
    expect(tagged(fixture.events.map(({ event }) => event)).size).toBeGreaterThan(90)
    for (const old of Object.keys(names)) expect(JSON.stringify(fixture)).toContain(`"${old}":`)
  })

  it.live("is read by this one, on a server", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      yield* install(Redacted.value(url), "0004_five_flows", fill)
      const here = yield* client(url)
      yield* here(readsRight)
      const database = yield* Layer.build(Database.layerPostgres({ url }))
      const { kysely } = yield* Effect.provide(Database.Database, database)
      yield* Effect.promise(() => storedRight(kysely))
      yield* mailsRight.pipe(Effect.provide(PostgresAdapters.mailArchive(options)), Effect.provide(database))
    })
  )

  it.live("is carried over by an owner whom row level security binds", () =>
    Effect.gen(function* () {
      const database = yield* freshDatabase
      const plain = yield* plainOwner(database)
      yield* install(Redacted.value(plain), "0004_five_flows", async (db) => {
        await fill(db)
        await asTenant(db, crowd, insertCrowd)
      })
      yield* Effect.scoped(Effect.flatMap(client(plain), (here) => here(readsRight)))
      const admin = yield* Layer.build(Database.layerPostgres({ url: database.url }))
      const { kysely } = yield* Effect.provide(Database.Database, admin)
      yield* Effect.promise(() => storedRight(kysely))
      yield* Effect.promise(() => crowdRight(kysely))
    })
  )

  it.live(
    "is read by this one, embedded",
    () =>
      Effect.gen(function* () {
        const dataDir = yield* Effect.acquireRelease(
          Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-0004-"))),
          (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
        )
        const open = Database.layerPGlite({ dataDir })
        yield* Effect.provide(
          Effect.flatMap(Database.Database, ({ kysely }) =>
            // The older tables are not those of this version's types.
            Effect.promise(() => installOn(kysely as unknown as Older, "0004_five_flows", fill))
          ),
          open
        )
        yield* Effect.gen(function* () {
          yield* readsRight
          const { kysely } = yield* Database.Database
          yield* Effect.promise(() => storedRight(kysely))
        }).pipe(Effect.provide(Layer.provideMerge(PostgresAdapters.layer(options), open)))
      }),
    // The embedded database is opened twice, which takes long on a busy machine.
    180_000
  )
})
