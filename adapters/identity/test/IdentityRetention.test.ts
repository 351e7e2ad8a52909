/** Sessions and links that have ended are removed by their rules, and nothing else is. */
import { Effect } from "effect"
import { sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { batch, IdentityRetention } from "../src/IdentityRetention.ts"
import { databases, type Opened } from "./support/databases.ts"
import { noHeaders, people, signIn, start, type World } from "./support/world.ts"

describe.each(databases)("retention on %s", (_name, open) => {
  let opened: Opened
  let world: World
  beforeAll(async () => {
    opened = await open()
    world = start(opened.connect())
    await world.seed(people.ada)
  })
  afterAll(async () => {
    await world.runtime.dispose()
    await opened.close()
  })

  const forget = () => world.run(Effect.flatMap(IdentityRetention, (retention) => retention.forget))
  const removed = async () => Object.fromEntries((await forget()).map(({ rows, rule }) => [rule, rows]))

  test("removes what ended longer ago than its rule says, in more than one batch, and once", async () => {
    const kysely = opened.connect()
    const headers = await signIn(world, people.ada.email)
    await sql`INSERT INTO identity.session ("id", "token", "userId", "expiresAt", "updatedAt")
      SELECT 's' || n, 't' || n, (SELECT "id" FROM identity."user" LIMIT 1),
        now() - CASE WHEN n <= ${batch + 5} THEN interval '25 hours' ELSE interval '23 hours' END, now()
      FROM generate_series(1, ${batch + 8}) AS n`.execute(kysely)
    await sql`INSERT INTO identity.verification ("id", "identifier", "value", "expiresAt")
      SELECT 'v' || n, 'i' || n, 'x' || n, now() - n * interval '20 days' FROM generate_series(0, 3) AS n`.execute(
      kysely
    )
    const rules = await world.run(Effect.map(IdentityRetention, (retention) => retention.rules))
    expect(rules.map(({ name }) => name)).toEqual(["ended-sessions", "ended-links"])
    const [first, second] = await Promise.all([removed(), removed()])
    const together = (rule: string) => (first[rule] ?? 0) + (second[rule] ?? 0)
    expect([together("ended-sessions"), together("ended-links")]).toEqual([batch + 5, 2])
    expect(await removed()).toEqual({ "ended-sessions": 0, "ended-links": 0 })
    // Who is signed in stays signed in, and who is not is not.
    expect(await world.get((identity) => identity.whoIs(headers))).toBeDefined()
    expect(await world.call((identity) => identity.whoIs(noHeaders))).toMatchObject({ _tag: "NotSignedIn" })
  })
})
