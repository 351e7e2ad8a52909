import { Identity } from "@portolan/ports"
import { getMigrations } from "better-auth/db/migration"
import { Cause, Effect, Exit, Layer, Redacted } from "effect"
import { type Kysely, sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { authOptions, createAuth } from "../src/createAuth.ts"
import { IdentityBetterAuth } from "../src/index.ts"
import { migrate } from "../src/Migration.ts"
import type { Tables } from "../src/Tables.ts"
import { databases, type Opened } from "./support/databases.ts"
import { delta, fjord, origin, password, secret, signIn, start } from "./support/world.ts"

const settings = (kysely: Kysely<unknown>) => ({
  database: kysely.$extendTables<Tables>(), secret: Redacted.value(secret), origin, secureCookies: false,
  sessionSeconds: 60, onError: () => undefined
})

const count = async (kysely: Kysely<unknown>, table: keyof Tables | "migration"): Promise<number> => {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${sql.table(`identity.${table}`)}`
    .execute(kysely)
  return rows[0]?.count ?? -1
}

describe.each(databases)("schema identity on %s", (_name, open) => {
  let opened: Opened
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened.close())

  test("is made once by four processes that start at the same moment", async () => {
    const processes = Array.from({ length: 4 }, () => opened.connect())
    await Promise.all(processes.map(migrate))
    const kysely = opened.connect()
    expect(await count(kysely, "migration")).toBe(1)
    await migrate(kysely)
    expect(await count(kysely, "migration")).toBe(1)
  })

  test("has everything that better-auth asks for", async () => {
    const asked = await getMigrations(authOptions(settings(opened.connect())))
    expect(asked.toBeCreated).toEqual([])
    expect(asked.toBeAdded).toEqual([])
    expect(asked.toBeAddedIndexes).toEqual([])
    expect(asked.schemaProblems).toEqual([])
  })

  test("puts nothing into other schemas and leaves the search path alone", async () => {
    const kysely = opened.connect()
    const tables = await sql<{ name: string }>`SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema NOT IN ('identity', 'pg_catalog', 'information_schema')`.execute(kysely)
    expect(tables.rows).toEqual([])
    const path = await sql<{ search_path: string }>`SHOW search_path`.execute(kysely)
    expect(path.rows[0]?.search_path).not.toContain("identity")
  })

  test("is seeded to the same end by two processes at once, and again", async () => {
    const one = start(opened.connect())
    const two = start(opened.connect())
    const ids = await Promise.all([one.seed(fjord), two.seed(fjord), one.seed(delta), two.seed(delta)])
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).toBe(ids[3])
    expect(await one.seed(fjord)).toBe(ids[0])
    const kysely = opened.connect()
    expect(await count(kysely, "organization")).toBe(2)
    expect(await count(kysely, "user")).toBe(5)
    expect(await count(kysely, "account")).toBe(5)
    expect(await count(kysely, "member")).toBe(5)
  })

  test("keeps what people changed when it is seeded again", async () => {
    const world = start(opened.connect())
    const kysely = opened.connect()
    await sql`UPDATE identity.member SET role = 'viewer' WHERE "userId" =
      (SELECT id FROM identity."user" WHERE email = 'bo@fjord.example.com')`.execute(kysely)
    await world.seed({
      ...fjord,
      people: fjord.people.map((person) => ({ ...person, password: Redacted.make("another password") }))
    })
    const headers = await signIn(world, "bo@fjord.example.com")
    expect(await world.get((identity) => identity.whoIs(headers))).toMatchObject({ role: "viewer" })
  })

  test("finishes a seed that stopped half-way", async () => {
    const world = start(opened.connect())
    const kysely = opened.connect()
    await sql`DELETE FROM identity.account WHERE "userId" =
      (SELECT id FROM identity."user" WHERE email = 'cy@fjord.example.com')`.execute(kysely)
    await sql`DELETE FROM identity.member WHERE "userId" =
      (SELECT id FROM identity."user" WHERE email = 'cy@fjord.example.com')`.execute(kysely)
    await world.seed(fjord)
    const headers = await signIn(world, "cy@fjord.example.com")
    expect(await world.get((identity) => identity.whoIs(headers))).toMatchObject({ role: "member" })
  })

  test("keeps a given organization id", async () => {
    const world = start(opened.connect())
    const id = await world.seed({ organization: { name: "Given" }, people: [] })
    expect(await world.seed({ organization: { id, name: "Renamed" }, people: [] })).toBe(id)
  })

  test("refuses two owners", async () => {
    const world = start(opened.connect())
    const owners = ["x@example.com", "y@example.com"].map((email) =>
      ({ name: "Owner", email, password, role: "owner" as const }))
    await expect(world.seed({ organization: { name: "Two" }, people: owners })).rejects.toThrow("one owner")
  })

  test("holds API keys that better-auth itself accepts", async () => {
    const kysely = opened.connect()
    const world = start(kysely)
    await world.seed(delta)
    const headers = await signIn(world, "eve@delta.example.com")
    const caller = await world.get((identity) => identity.whoIs(headers))
    const { key, secret: bearer } = await world.get((identity) => identity.createApiKey(caller, "theirs"))
    const auth = createAuth(settings(kysely))
    const verified = await auth.api.verifyApiKey({ body: { key: Redacted.value(bearer) } })
    expect(verified).toMatchObject({
      valid: true, key: { id: key.id, referenceId: caller.organizationId, name: "theirs" }
    })
    expect(await world.call((identity) => identity.revokeApiKey(caller.organizationId, key.id))).toBe(true)
    expect(await auth.api.verifyApiKey({ body: { key: Redacted.value(bearer) } })).toMatchObject({ valid: false })
  })

  test("dies on a secret that is too short, without telling it", async () => {
    const layer = IdentityBetterAuth.layer({ kysely: opened.connect(), secret: Redacted.make("hunter2"), origin })
    const exit = await Effect.runPromiseExit(Effect.scoped(Layer.build(layer)))
    const told = Exit.isFailure(exit) ? Cause.pretty(exit.cause) : ""
    expect(told).toContain("at least 32 characters")
    expect(told).not.toContain("hunter2")
  })
})

describe.each(databases)("without a database (%s)", (_name, open) => {
  test("every call says that sign-in is not available, and the layer does so too", async () => {
    const opened = await open()
    const kysely = opened.connect()
    const world = start(kysely)
    await world.seed(fjord)
    const headers = await signIn(world, "ada@fjord.example.com")
    const caller = await world.get((identity) => identity.whoIs(headers))
    const { secret: bearer } = await world.get((identity) => identity.createApiKey(caller, "key"))
    await opened.close()
    const { organizationId } = caller
    const answers = await Promise.all([
      world.call((identity) => identity.whoIs(headers)),
      world.call((identity) => identity.whoIs(new Headers({ authorization: `Bearer ${Redacted.value(bearer)}` }))),
      world.call((identity) => identity.signIn("ada@fjord.example.com", password, new Headers())),
      world.call((identity) => identity.signOut(headers)),
      world.call((identity) => identity.createApiKey(caller, "key")),
      world.call((identity) => identity.apiKeys(organizationId)),
      world.call((identity) => identity.revokeApiKey(organizationId, "key"))
    ])
    expect(answers).toMatchObject(answers.map(() => ({ _tag: "IdentityUnavailable" })))
    const told = answers.map((answer) => String(answer)).join("\n")
    expect(told).not.toContain(Redacted.value(password))
    expect(told).not.toContain(Redacted.value(bearer))
    const error = await Effect.runPromise(
      Effect.flip(Effect.scoped(Layer.build(IdentityBetterAuth.layer({ kysely, secret, origin }))))
    )
    expect(error).toBeInstanceOf(Identity.IdentityUnavailable)
  })
})
