import { Redacted } from "effect"
import * as fc from "fast-check"
import { sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { databases, type Opened } from "./support/databases.ts"
import { delta, noHeaders, password, signIn, start, withCookies, withKey, type World } from "./support/world.ts"

describe.each(databases)("hostile input on %s", (_name, open) => {
  let opened: Opened
  let world: World
  beforeAll(async () => {
    opened = await open()
    world = start(opened.connect(), { limits: { perEmail: 1000 } })
    await world.seed(delta)
  })
  afterAll(() => opened.close())

  test.each([
    ["two megabytes of e-mail", `${"a".repeat(2_000_000)}@example.com`],
    ["a piece of SQL", "eve@delta.example.com' OR '1'='1"],
    ["another piece of SQL", "'; DROP TABLE identity.user; --@example.com"],
    ["a wildcard", "%@delta.example.com"],
    ["a zero byte", "eve@delta.example.com\u0000"],
    ["a lone surrogate", "\ud800@example.com"],
    ["a line break", "eve@delta.example.com\r\nbcc: all@example.com"],
    ["nothing", ""]
  ])("%s as e-mail is a wrong e-mail", async (_what, email) => {
    expect(await world.call((identity) => identity.signIn(email, password, noHeaders)))
      .toMatchObject({ _tag: "WrongCredentials" })
  })

  test.each([
    ["two megabytes", "p".repeat(2_000_000)],
    ["129 characters", "p".repeat(129)],
    ["a zero byte", "\u0000"],
    ["a lone surrogate", "\udfff"],
    ["nothing", ""]
  ])("%s as password is a wrong password", async (_what, text) => {
    expect(await world.call((identity) => identity.signIn("eve@delta.example.com", Redacted.make(text), noHeaders)))
      .toMatchObject({ _tag: "WrongCredentials" })
  })

  test("headers of any kind are nobody", async () => {
    const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(printable, printable.map((text) => `Bearer ${text}`), printable.map((text) => `Bearer ptl_${text}`)),
        fc.oneof(
          printable,
          printable.map((text) => `portolan.session_token=${text}`),
          fc.tuple(printable, printable).map(([token, signature]) =>
            `portolan.session_token=${encodeURIComponent(`${token}.${signature}`)}`),
          fc.constantFrom("portolan.session_token=%", "portolan.session_token=%00.%00", "portolan.session_token=%ff.x")
        ),
        async (authorization, cookie) => {
          const sets: ReadonlyArray<Record<string, string>> = [{ authorization }, { cookie }, { authorization, cookie }]
          for (const set of sets) {
            expect(await world.call((identity) => identity.whoIs(new Headers(set))))
              .toMatchObject({ _tag: "NotSignedIn" })
          }
          expect(await world.get((identity) => identity.signOut(new Headers({ cookie })))).not.toHaveLength(0)
        }
      ),
      { numRuns: 60 }
    )
  })

  test("a session cookie changed in any one character is nobody's", async () => {
    const cookie = (await signIn(world, "eve@delta.example.com")).get("cookie") ?? ""
    const value = cookie.slice("portolan.session_token=".length)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 31 }), fc.constantFrom("A", "b", "7"), async (index, character) => {
        fc.pre(value[index] !== character)
        const changed = value.slice(0, index) + character + value.slice(index + 1)
        expect(await world.call((identity) => identity.whoIs(withCookies([`portolan.session_token=${changed}`]))))
          .toMatchObject({ _tag: "NotSignedIn" })
      }),
      { numRuns: 30 }
    )
    expect(await world.call((identity) => identity.whoIs(withCookies([cookie])))).toMatchObject({ role: "owner" })
  })

  test("cookies, keys and key ids without end are refused before any work", async () => {
    const megabytes = "x".repeat(2_000_000)
    expect(await world.call((identity) => identity.whoIs(withCookies([`portolan.session_token=${megabytes}`]))))
      .toMatchObject({ _tag: "NotSignedIn" })
    expect(await world.call((identity) => identity.whoIs(withKey(Redacted.make(`ptl_${megabytes}`)))))
      .toMatchObject({ _tag: "NotSignedIn" })
    const eve = await signIn(world, "eve@delta.example.com")
    const { organizationId } = await world.get((identity) => identity.whoIs(eve))
    for (const id of [megabytes, "", "\u0000", "' OR true --", "../.."]) {
      expect(await world.get((identity) => identity.revokeApiKey(organizationId, id))).toBe(false)
    }
  })

  test("a key's name is stored as text that a list can show", async () => {
    const eve = await signIn(world, "eve@delta.example.com")
    const caller = await world.get((identity) => identity.whoIs(eve))
    const made = await world.get((identity) => identity.createApiKey(caller, `\u0000\u202e${"n".repeat(5000)}`))
    expect(made.key.name).toBe("n".repeat(120))
    expect(await world.get((identity) => identity.whoIs(withKey(made.secret)))).toMatchObject({ name: made.key.name })
  })

  test("what was typed as e-mail is not kept", async () => {
    await world.call((identity) => identity.signIn("my-password-by-mistake@example.com", password, noHeaders))
    const { rows } = await sql`SELECT * FROM identity.attempt`.execute(opened.connect())
    expect(rows).not.toHaveLength(0)
    expect(JSON.stringify(rows)).not.toContain("mistake")
  })

  test("a browser's name without end is cut", async () => {
    const headers = new Headers({ "user-agent": "u".repeat(100_000) })
    await world.get((identity) => identity.signIn("eve@delta.example.com", password, headers))
    const { rows } = await sql<{ length: number }>`SELECT max(length("userAgent")) AS length FROM identity.session`
      .execute(opened.connect())
    expect(rows[0]?.length).toBe(200)
  })
})
