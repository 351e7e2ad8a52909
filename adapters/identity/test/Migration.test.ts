import { Id } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { getMigrations } from "better-auth/db/migration"
import { Cause, Effect, Exit, Layer, Redacted, Schema } from "effect"
import { type Kysely, sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { authOptions } from "../src/createAuth.ts"
import { IdentityBetterAuth, IdentityImport } from "../src/index.ts"
import { migrate } from "../src/Migration.ts"
import type { Tables } from "../src/Tables.ts"
import { databases, type Opened } from "./support/databases.ts"
import { origin, password, people, secret, signIn, signUp, start } from "./support/world.ts"

const settings = (kysely: Kysely<unknown>) => ({
  database: kysely.$extendTables<Tables>(),
  secret: Redacted.value(secret),
  origin,
  secureCookies: false,
  sessionSeconds: 60,
  onError: () => undefined
})

const count = async (kysely: Kysely<unknown>, table: keyof Tables | "migration"): Promise<number> => {
  const { rows } = await sql<{
    count: number
  }>`SELECT count(*)::int AS count FROM ${sql.table(`identity.${table}`)}`.execute(kysely)
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
    await Promise.all(processes.map((process) => migrate(process)))
    const kysely = opened.connect()
    expect(await count(kysely, "migration")).toBe(3)
    await migrate(kysely)
    expect(await count(kysely, "migration")).toBe(3)
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

  test("keeps no tables of an earlier version where they are empty", async () => {
    const { rows } = await sql<{ name: string }>`SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'identity' ORDER BY table_name`.execute(opened.connect())
    expect(rows.map(({ name }) => name)).toEqual(["account", "attempt", "migration", "session", "user", "verification"])
    const world = start(opened.connect())
    expect(await world.run(IdentityImport.each(() => Effect.die("nothing to import")))).toBe(0)
  })

  test("is seeded to the same end by two processes at once, and again", async () => {
    const one = start(opened.connect())
    const two = start(opened.connect())
    const seeded = await Promise.all([
      one.seed(people.ada),
      two.seed(people.ada),
      one.seed(people.bo),
      two.seed(people.bo)
    ])
    expect(seeded[0]).toEqual(seeded[1])
    expect(seeded[2]).toEqual(seeded[3])
    expect(await one.seed(people.ada)).toEqual(seeded[0])
    expect(seeded[0]).toMatchObject({ name: "Ada Fjord", email: "ada@fjord.example.com" })
    const kysely = opened.connect()
    expect(await count(kysely, "user")).toBe(2)
    expect(await count(kysely, "account")).toBe(2)
  })

  test("keeps what people changed when it is seeded again", async () => {
    const world = start(opened.connect())
    const before = await world.seed(people.bo)
    expect(await world.seed({ ...people.bo, name: "Another", password: Redacted.make("another password") })).toEqual(
      before
    )
    await signIn(world, "bo@fjord.example.com")
  })

  test("finishes a seed that stopped half-way", async () => {
    const world = start(opened.connect())
    await sql`DELETE FROM identity.account WHERE "userId" =
      (SELECT id FROM identity."user" WHERE email = 'bo@fjord.example.com')`.execute(opened.connect())
    await world.seed({ ...people.bo, name: "Another" })
    const headers = await signIn(world, "bo@fjord.example.com")
    expect(await world.get((identity) => identity.whoIs(headers))).toMatchObject({ name: "Bo Fjord" })
  })

  test("gives a seeded address to the one it is seeded for, not to who signed up with it unproven", async () => {
    const world = start(opened.connect())
    const stranger = Redacted.make("the password of a stranger")
    const token = await signUp(world, "cy@fjord.example.com", stranger)
    expect(await world.seed(people.cy)).toMatchObject({ name: "Cy Fjord" })
    expect(await world.call((identity) => identity.verify(token, new Headers()))).toMatchObject({
      _tag: "TokenInvalid"
    })
    expect(
      await world.call((identity) => identity.signIn("cy@fjord.example.com", stranger, new Headers()))
    ).toMatchObject({ _tag: "WrongCredentials" })
    await signIn(world, "cy@fjord.example.com")
  })

  test("refuses a seed that nobody could sign up with", async () => {
    const world = start(opened.connect())
    await expect(world.seed({ ...people.cy, password: Redacted.make("short") })).rejects.toThrow("10 to 128 characters")
    await expect(world.seed({ ...people.cy, email: "cy@fjord" })).rejects.toThrow("not an address")
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
    await world.seed(people.ada)
    const headers = await signIn(world, "ada@fjord.example.com")
    const token = await signUp(world, "new@fjord.example.com")
    await opened.close()
    const none = new Headers()
    const answers = await Promise.all([
      world.call((identity) => identity.whoIs(headers)),
      world.call((identity) => identity.signIn("ada@fjord.example.com", password, none)),
      world.call((identity) => identity.signOut(headers)),
      world.call((identity) =>
        identity.choose(headers, Schema.decodeUnknownSync(Id.OrganizationId)(`org_${"0".repeat(26)}`))
      ),
      world.call((identity) => identity.signUp({ name: "N", email: "n@example.com", password }, none)),
      world.call((identity) => identity.verification("ada@fjord.example.com", none)),
      world.call((identity) => identity.verify(token, none)),
      world.call((identity) => identity.forgotten("ada@fjord.example.com", none)),
      world.call((identity) => identity.resetPassword(token, password))
    ])
    expect(answers).toMatchObject(answers.map(() => ({ _tag: "IdentityUnavailable" })))
    const told = answers.map((answer) => String(answer)).join("\n")
    expect(told).not.toContain(Redacted.value(password))
    expect(told).not.toContain(Redacted.value(token))
    const error = await Effect.runPromise(
      Effect.flip(Effect.scoped(Layer.build(IdentityBetterAuth.layer({ kysely, secret, origin }))))
    )
    expect(error).toBeInstanceOf(Identity.IdentityUnavailable)
  })
})
