import { Identity } from "@portolan/ports"
import { Cause, Effect, Exit, Redacted } from "effect"
import * as fc from "fast-check"
import { sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { databases, type Opened } from "./support/databases.ts"
import { noHeaders, password, people, signIn, start, withCookies, type World } from "./support/world.ts"

describe.each(databases)("hostile input on %s", (_name, open) => {
  let opened: Opened
  let world: World
  beforeAll(async () => {
    opened = await open()
    world = start(opened.connect(), { limits: { perEmail: 1000, mailsPerEmail: 1000 } })
    await world.seed(people.eve)
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
    expect(await world.call((identity) => identity.signIn(email, password, noHeaders))).toMatchObject({
      _tag: "WrongCredentials"
    })
    expect(await world.get((identity) => identity.forgotten(email, noHeaders))).toBeUndefined()
    expect(await world.get((identity) => identity.verification(email, noHeaders))).toBeUndefined()
  })

  test.each([
    ["two megabytes", `${"a".repeat(2_000_000)}@example.com`],
    ["two megabytes of dots", `a@${".".repeat(2_000_000)}@`],
    ["a header of its own", "mal@example.com\r\nbcc: all@example.com"],
    ["a second address", "mal@example.com,all@example.com"],
    ["a name beside it", "Mal <mal@example.com>"],
    ["a zero byte", "mal@exam\u0000ple.com"],
    ["a bidirectional override", "mal\u202e@example.com"],
    ["a lone surrogate", "\ud800@example.com"],
    ["nothing", ""]
  ])(
    "nobody is made with %s for an address; it is the caller's mistake, told without the address",
    async (_what, email) => {
      const exit = await world.run(
        Effect.exit(
          Effect.flatMap(Identity.Identity, (identity) => identity.signUp({ name: "Mal", email, password }, noHeaders))
        )
      )
      const told = Exit.isFailure(exit) && Cause.hasDies(exit.cause) ? Cause.pretty(exit.cause) : ""
      expect(told).toContain("needs an e-mail address")
      expect(told).not.toContain("mal@")
      const { rows } = await sql`SELECT email FROM identity."user" WHERE email LIKE 'mal%'`.execute(opened.connect())
      expect(rows).toEqual([])
    }
  )

  test.each(
    [
      ["two megabytes", "n".repeat(2_000_000), `${"n".repeat(119)}…`],
      ["two megabytes of zero bytes", "\u0000".repeat(2_000_000), "named1@example.com"],
      ["a header of its own", "Mal\r\nbcc: all@example.com", "Mal bcc: all@example.com"],
      ["control characters and an override", "\u0007Mal\u202e\u0000lam", "Mal lam"],
      ["a surrogate cut in half", `${"🙂".repeat(80)}\ud83d`, `${"🙂".repeat(59)}…`],
      ["SQL", "'; DROP TABLE identity.user; --", "'; DROP TABLE identity.user; --"]
    ].map(([what, name, kept], index) => [what, name, kept, `named${index}@example.com`] as const)
  )("%s as name becomes one readable line", async (_what, name, kept, email) => {
    const made = await world.get((identity) => identity.signUp({ name: name ?? "", email, password }, noHeaders))
    expect(made.person.name).toBe(kept)
  })

  test("addresses that look alike are addresses of different people", async () => {
    // Latin, Cyrillic а, full width, composed and decomposed, dotless ı.
    const alike = [
      "nina@example.com",
      "ninа@example.com",
      "ｎina@example.com",
      "niña@example.com",
      "nin\u0303a@example.com",
      "nına@example.com"
    ]
    const people = await Promise.all(
      alike.map((email) => world.get((identity) => identity.signUp({ name: "N", email, password }, noHeaders)))
    )
    expect(people.map(({ _tag }) => _tag)).toEqual(alike.map(() => "Made"))
    for (const email of alike) {
      const mailed = await world.get((identity) => identity.forgotten(email, noHeaders))
      expect(mailed?.person.email).toBe(email)
    }
  })

  test.each([
    ["two megabytes", "p".repeat(2_000_000)],
    ["129 characters", "p".repeat(129)],
    ["a zero byte", "\u0000"],
    ["a lone surrogate", "\udfff"],
    ["nothing", ""]
  ])("%s as password is a wrong password", async (_what, text) => {
    expect(
      await world.call((identity) => identity.signIn("eve@delta.example.com", Redacted.make(text), noHeaders))
    ).toMatchObject({ _tag: "WrongCredentials" })
  })

  test("headers of any kind are nobody", async () => {
    const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          printable,
          printable.map((text) => `Bearer ${text}`),
          printable.map((text) => `Bearer ptl_${text}`)
        ),
        fc.oneof(
          printable,
          printable.map((text) => `portolan.session_token=${text}`),
          fc
            .tuple(printable, printable)
            .map(([token, signature]) => `portolan.session_token=${encodeURIComponent(`${token}.${signature}`)}`),
          fc.constantFrom("portolan.session_token=%", "portolan.session_token=%00.%00", "portolan.session_token=%ff.x")
        ),
        async (authorization, cookie) => {
          const sets: ReadonlyArray<Record<string, string>> = [{ authorization }, { cookie }, { authorization, cookie }]
          for (const set of sets) {
            expect(await world.call((identity) => identity.whoIs(new Headers(set)))).toMatchObject({
              _tag: "NotSignedIn"
            })
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
        expect(
          await world.call((identity) => identity.whoIs(withCookies([`portolan.session_token=${changed}`])))
        ).toMatchObject({ _tag: "NotSignedIn" })
      }),
      { numRuns: 30 }
    )
    expect(await world.call((identity) => identity.whoIs(withCookies([cookie])))).toMatchObject({ name: "Eve Delta" })
  })

  test("a cookie without end is refused before any work", async () => {
    expect(
      await world.call((identity) => identity.whoIs(withCookies([`portolan.session_token=${"x".repeat(2_000_000)}`])))
    ).toMatchObject({ _tag: "NotSignedIn" })
  })

  test("what was typed as e-mail is not kept", async () => {
    const typed = "my-password-by-mistake@example.com"
    await world.call((identity) => identity.signIn(typed, password, noHeaders))
    await world.get((identity) => identity.forgotten(typed, noHeaders))
    await world.get((identity) => identity.verification(typed, noHeaders))
    const { rows } = await sql`SELECT * FROM identity.attempt`.execute(opened.connect())
    expect(rows).not.toHaveLength(0)
    expect(JSON.stringify(rows)).not.toContain("mistake")
  })

  test("a browser's name without end is cut", async () => {
    const headers = new Headers({ "user-agent": "u".repeat(100_000) })
    await world.get((identity) => identity.signIn("eve@delta.example.com", password, headers))
    const { rows } = await sql<{
      length: number
    }>`SELECT max(length("userAgent")) AS length FROM identity.session`.execute(opened.connect())
    expect(rows[0]?.length).toBe(200)
  })
})
