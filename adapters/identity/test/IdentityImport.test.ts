import { createHash } from "node:crypto"
import { Id } from "@portolan/domain"
import { DateTime, Effect, Schema } from "effect"
import { type Kysely, sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { IdentityImport } from "../src/index.ts"
import { migrate } from "../src/Migration.ts"
import { databases, type Opened } from "./support/databases.ts"
import { people, start, type World } from "./support/world.ts"

const organization = (last: string) => Schema.decodeUnknownSync(Id.OrganizationId)(`org_${"0".repeat(25)}${last}`)
const personId = (last: string) => `per_${"0".repeat(25)}${last}`
const bearer = `ptl_${"k".repeat(43)}`
// As better-auth's api-key plugin stored keys: SHA-256, base64url without padding.
const formerly = createHash("sha256").update(bearer).digest("base64url")

/** What the first version of the schema held. */
const fill = async (kysely: Kysely<unknown>): Promise<void> => {
  await sql`INSERT INTO identity."user" (id, name, email, "emailVerified") VALUES
    (${personId("1")}, 'Ada', 'ada@fjord.example.com', true), (${personId("2")}, 'Bo', 'bo@fjord.example.com', true),
    (${personId("3")}, 'Cy', 'cy@fjord.example.com', true), (${personId("4")}, 'Di', 'di@fjord.example.com', true)`.execute(
    kysely
  )
  await sql`INSERT INTO identity.organization (id, name, slug, "createdAt") VALUES
    (${organization("2")}, 'Two Owners', 'b', '2026-02-01T00:00:00Z'),
    (${organization("1")}, 'Fjord Trading', 'a', '2026-01-02T03:04:05Z'),
    (${organization("3")}, 'Nobody', 'c', '2026-01-01T00:00:00Z'),
    (${organization("4")}, 'No Owner', 'd', '2026-03-01T00:00:00Z')`.execute(kysely)
  await sql`INSERT INTO identity.member (id, "organizationId", "userId", role, "createdAt") VALUES
    ('a', ${organization("1")}, ${personId("2")}, 'admin', '2026-01-01T00:00:00Z'),
    ('b', ${organization("1")}, ${personId("1")}, 'owner', '2026-01-02T00:00:00Z'),
    ('c', ${organization("1")}, ${personId("3")}, 'viewer, member', '2026-01-03T00:00:00Z'),
    ('d', ${organization("1")}, ${personId("4")}, 'billing', '2026-01-04T00:00:00Z'),
    ('e', ${organization("2")}, ${personId("3")}, 'owner', '2026-01-02T00:00:00Z'),
    ('f', ${organization("2")}, ${personId("4")}, 'viewer,owner', '2026-01-01T00:00:00Z'),
    ('g', ${organization("3")}, ${personId("4")}, 'billing', '2026-01-01T00:00:00Z'),
    ('h', ${organization("4")}, ${personId("3")}, 'viewer', '2026-01-01T00:00:00Z'),
    ('i', ${organization("4")}, ${personId("4")}, 'member', '2026-01-02T00:00:00Z')`.execute(kysely)
  const metadata = JSON.stringify({
    role: "member",
    createdBy: { _tag: "Person", personId: personId("1"), name: "Ada" }
  })
  await sql`INSERT INTO identity.apikey
    (id, "configId", name, start, "referenceId", key, enabled, "expiresAt", "createdAt", "updatedAt", metadata) VALUES
    ('k', 'default', 'Nightly', 'ptl_kkkkkk', ${organization("1")}, ${formerly}, true, '2099-01-01T00:00:00Z',
      '2026-01-05T00:00:00Z', now(), ${metadata}),
    ('o', 'default', 'Over', 'ptl_o', ${organization("1")}, 'over', true, '2026-01-06T00:00:00Z', now(), now(), ${metadata}),
    ('d', 'default', 'Off', 'ptl_d', ${organization("1")}, 'off', false, '2099-01-01T00:00:00Z', now(), now(), ${metadata}),
    ('b', 'default', 'Broken', 'ptl_b', ${organization("1")}, 'broken', true, '2099-01-01T00:00:00Z', now(), now(), '{}')`.execute(
    kysely
  )
}

describe.each(databases)("organizations of an earlier version on %s", (_name, open) => {
  let opened: Opened
  let kysely: Kysely<unknown>
  let world: World
  beforeAll(async () => {
    opened = await open()
    kysely = opened.connect()
    await migrate(kysely, 1)
    await fill(kysely)
    world = start(kysely)
  })
  afterAll(() => opened.close())

  const next = () => world.run(Effect.flatMap(IdentityImport.IdentityImport, (former) => former.next))
  const text = (former: unknown): unknown =>
    JSON.parse(
      JSON.stringify(former, (_key, value: unknown) => (DateTime.isDateTime(value) ? DateTime.formatIso(value) : value))
    )

  test("are read with their owner, their members' roles and their live keys, the oldest first", async () => {
    expect(text(await next())).toEqual({
      organizationId: organization("1"),
      name: "Fjord Trading",
      foundedAt: "2026-01-02T03:04:05.000Z",
      owner: { personId: personId("1"), name: "Ada", email: "ada@fjord.example.com" },
      members: [
        {
          personId: personId("2"),
          name: "Bo",
          email: "bo@fjord.example.com",
          role: "admin",
          joinedAt: "2026-01-01T00:00:00.000Z"
        },
        {
          personId: personId("3"),
          name: "Cy",
          email: "cy@fjord.example.com",
          role: "member",
          joinedAt: "2026-01-03T00:00:00.000Z"
        }
      ],
      keys: [
        {
          name: "Nightly",
          start: "ptl_kkkkkk",
          role: "member",
          digest: createHash("sha256").update(bearer).digest("hex"),
          createdBy: { _tag: "Person", personId: personId("1"), name: "Ada" },
          createdAt: "2026-01-05T00:00:00.000Z",
          expiresAt: "2099-01-01T00:00:00.000Z"
        }
      ]
    })
  })

  test("come again until they are marked, also after a start that stopped half-way", async () => {
    const stopped = world.run(
      IdentityImport.each(({ name }) => (name === "Two Owners" ? Effect.fail("stopped") : Effect.void))
    )
    await expect(stopped).rejects.toThrow("stopped")
    const founded: Array<unknown> = []
    const again = start(opened.connect())
    const count = await again.run(
      IdentityImport.each(({ members, name, owner }) =>
        Effect.sync(() => founded.push([name, owner.name, members.map((member) => [member.name, member.role])]))
      )
    )
    expect(count).toBe(2)
    expect(founded).toEqual([
      // The owner who joined first stays, the other becomes an admin.
      ["Two Owners", "Di", [["Cy", "admin"]]],
      // Somebody has to own it: the strongest.
      ["No Owner", "Di", [["Cy", "viewer"]]]
    ])
    expect(await next()).toBeUndefined()
    expect(await world.run(IdentityImport.each(() => Effect.die("imported twice")))).toBe(0)
  })

  test("stay in the tables they were in, and people stay who they are", async () => {
    const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM identity.member`.execute(kysely)
    expect(rows[0]?.count).toBe(9)
    expect(await world.seed(people.ada)).toMatchObject({ personId: personId("1"), name: "Ada" })
  })
})
