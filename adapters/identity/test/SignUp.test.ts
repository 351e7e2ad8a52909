import { Identity } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { type Kysely, sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { databases, type Opened } from "./support/databases.ts"
import { counting, noHeaders, password, signIn, signUp, start, withCookies, type World } from "./support/world.ts"

const other = Redacted.make("a quite different password")
const invented = Redacted.make("A".repeat(43))
const rest = { perEmail: 1000, perAddress: 1000, mailsPerEmail: 1000, mailsPerAddress: 1000 }

describe.each(databases)("signing up on %s", (_name, open) => {
  let opened: Opened
  let kysely: Kysely<unknown>
  let world: World

  beforeAll(async () => {
    opened = await open()
    kysely = opened.connect()
    world = start(kysely, { limits: rest })
    await world.run(Effect.void)
  })
  afterAll(() => opened.close())

  const verify = (token: Redacted.Redacted<string>) => world.call((identity) => identity.verify(token, noHeaders))
  const reset = (token: Redacted.Redacted<string>, chosen = other) =>
    world.call((identity) => identity.resetPassword(token, chosen))
  const proven = async (email: string) => {
    const token = await signUp(world, email)
    await world.get((identity) => identity.verify(token, noHeaders))
  }
  const forgotten = async (email: string): Promise<Redacted.Redacted<string>> => {
    const mailed = await world.get((identity) => identity.forgotten(email, noHeaders))
    if (mailed === undefined) throw new Error(`nobody has ${email}`)
    return mailed.token
  }

  test("makes a person who is let in when the address is proven, and signs in by proving it", async () => {
    const made = await world.get((identity) =>
      identity.signUp({ name: "  Gus   Hill ", email: " Gus@Hill.example.com", password }, noHeaders)
    )
    expect(made).toMatchObject({ _tag: "Made", person: { name: "Gus Hill", email: "gus@hill.example.com" } })
    if (made._tag === "Known") return
    expect(Redacted.value(made.token)).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const { cookies, person } = await world.get((identity) => identity.verify(made.token, noHeaders))
    expect(person).toEqual(made.person)
    expect(cookies).toHaveLength(1)
    expect(await world.get((identity) => identity.whoIs(withCookies(cookies)))).toEqual(made.person)
    const headers = await signIn(world, "gus@hill.example.com")
    expect(await world.get((identity) => identity.whoIs(headers))).toEqual(made.person)
  })

  test("with a known address changes nothing, proven or not, whatever the case it is typed in", async () => {
    const token = await signUp(world, "known@example.com")
    const again = () =>
      world.get((identity) =>
        identity.signUp({ name: "Thief", email: "KNOWN@example.com", password: other }, noHeaders)
      )
    expect(await again()).toMatchObject({ _tag: "Known", person: { name: "Somebody", email: "known@example.com" } })
    await world.get((identity) => identity.verify(token, noHeaders))
    expect(await again()).toMatchObject({ _tag: "Known", person: { name: "Somebody" } })
    expect(await world.call((identity) => identity.signIn("known@example.com", other, noHeaders))).toMatchObject({
      _tag: "WrongCredentials"
    })
    await signIn(world, "known@example.com")
  })

  test("twice at once makes one person", async () => {
    const elsewhere = start(opened.connect(), { limits: rest })
    const input = { name: "Twin", email: "twin@example.com", password }
    const answers = await Promise.all(
      [world, elsewhere, world].map((server) => server.get((identity) => identity.signUp(input, noHeaders)))
    )
    expect(answers.map(({ _tag }) => _tag).toSorted()).toEqual(["Known", "Known", "Made"])
    expect(new Set(answers.map(({ person }) => person.personId)).size).toBe(1)
  })

  test("hashes a password for a known address too", async () => {
    await signUp(world, "slow@example.com")
    const { hashing, work } = counting()
    const counted = start(kysely, { limits: rest, hashing })
    for (const email of ["slow@example.com", "new@slow.example.com"])
      await counted.get((identity) => identity.signUp({ name: "T", email, password }, noHeaders))
    expect(work).toEqual(["hash", "hash"])
  })

  test("keeps neither passwords nor tokens as they are", async () => {
    const token = await signUp(world, "secret@example.com")
    const reset = await forgotten("secret@example.com")
    const rows = await Promise.all(
      ["user", "account", "verification", "attempt"].map((table) =>
        sql`SELECT * FROM ${sql.table(`identity.${table}`)}`.execute(kysely)
      )
    )
    const kept = JSON.stringify(rows.map((result) => result.rows))
    for (const secret of [token, reset, password]) expect(kept).not.toContain(Redacted.value(secret))
  })

  test.each([
    ["too short", "123456789"],
    ["too long", "p".repeat(129)],
    ["half a character", `\udfff${"p".repeat(10)}`]
  ])("refuses a password that is %s", async (_what, text) => {
    const chosen = Redacted.make(text)
    expect(
      await world.call((identity) =>
        identity.signUp({ name: "P", email: "poor@example.com", password: chosen }, noHeaders)
      )
    ).toMatchObject({ _tag: "PasswordUnacceptable" })
    expect(await world.get((identity) => identity.forgotten("poor@example.com", noHeaders))).toBeUndefined()
  })

  test("accepts the shortest and the longest password, and addresses of every script", async () => {
    const choices = [
      ["åsa@blåbær.example.com", "1234567890"],
      ["o'hara&co@example.com", "p".repeat(128)]
    ] as const
    for (const [email, text] of choices) {
      const token = await signUp(world, email, Redacted.make(text))
      await world.get((identity) => identity.verify(token, noHeaders))
      expect(await world.get((identity) => identity.signIn(email, Redacted.make(text), noHeaders))).toHaveLength(1)
    }
  })

  describe("a token to prove an address", () => {
    test("works once, also when it is used twice at once", async () => {
      const token = await signUp(world, "once@example.com")
      const answers = await Promise.all([verify(token), verify(token), verify(token)])
      expect(answers.filter((answer) => "cookies" in answer)).toHaveLength(1)
      expect(answers.filter((answer) => !("cookies" in answer))).toMatchObject([
        { _tag: "TokenInvalid" },
        { _tag: "TokenInvalid" }
      ])
      expect(await verify(token)).toMatchObject({ _tag: "TokenInvalid" })
    })

    test("can be had again while there is something to prove, and the first mail still works", async () => {
      const again = () => world.get((identity) => identity.verification(" AGAIN@example.com", noHeaders))
      expect(await again()).toBeUndefined()
      const first = await signUp(world, "again@example.com")
      const second = await again()
      expect(second).toMatchObject({ person: { email: "again@example.com" } })
      expect(await verify(first)).toMatchObject({ person: { email: "again@example.com" } })
      expect(second === undefined ? undefined : await verify(second.token)).toMatchObject({ _tag: "TokenInvalid" })
      expect(await again()).toBeUndefined()
    })

    test("lives a day, one for a new password an hour", async () => {
      const outcome = (token: Redacted.Redacted<string>) => (identity: Identity.Identity["Service"]) =>
        identity.verify(token, noHeaders).pipe(
          Effect.as("proven"),
          Effect.catchTag("TokenInvalid", ({ _tag }) => Effect.succeed(_tag))
        )
      const answers = await world.run(
        Effect.gen(function* () {
          const identity = yield* Identity.Identity
          const tokenOf = (email: string) =>
            identity
              .signUp({ name: "T", email, password }, noHeaders)
              .pipe(Effect.map((made) => (made._tag === "Made" ? made.token : invented)))
          const early = yield* tokenOf("early@example.com")
          const late = yield* tokenOf("late@example.com")
          const soon = yield* identity.forgotten("early@example.com", noHeaders)
          const over = yield* identity.forgotten("late@example.com", noHeaders)
          yield* TestClock.adjust("59 minutes")
          yield* identity.resetPassword(soon?.token ?? invented, other)
          const again = (yield* identity.verification("early@example.com", noHeaders)) === undefined
          yield* TestClock.adjust("1 minute")
          const reset = yield* Effect.flip(identity.resetPassword(over?.token ?? invented, other))
          const third = yield* tokenOf("third@example.com")
          yield* TestClock.adjust("23 hours")
          const expired = yield* outcome(late)(identity)
          const live = yield* outcome(third)(identity)
          return [again, reset._tag, expired, live, yield* outcome(early)(identity)]
        }).pipe(Effect.provide(TestClock.layer()))
      )
      expect(answers).toEqual([true, "TokenInvalid", "TokenInvalid", "proven", "TokenInvalid"])
    })

    test("is no token for a password, nor the other way round", async () => {
      const token = await signUp(world, "mixed@example.com")
      expect(await reset(token)).toMatchObject({ _tag: "TokenInvalid" })
      expect(await verify(await forgotten("mixed@example.com"))).toMatchObject({ _tag: "TokenInvalid" })
      expect(await verify(token)).toMatchObject({ person: { email: "mixed@example.com" } })
    })

    test.each([
      ["invented", invented],
      ["empty", Redacted.make("")],
      ["two megabytes", Redacted.make("x".repeat(2_000_000))],
      ["a zero byte", Redacted.make(`${"A".repeat(42)}\u0000`)]
    ])("that is %s is invalid", async (_what, token) => {
      expect(await verify(token)).toMatchObject({ _tag: "TokenInvalid" })
      expect(await reset(token)).toMatchObject({ _tag: "TokenInvalid" })
    })
  })

  describe("a new password", () => {
    test("ends every session and every other token", async () => {
      await proven("forgot@example.com")
      const sessions = [await signIn(world, "forgot@example.com"), await signIn(world, "forgot@example.com")]
      const older = await forgotten("FORGOT@example.com")
      expect(await reset(await forgotten("forgot@example.com"))).toBeUndefined()
      for (const headers of sessions) {
        expect(await world.call((identity) => identity.whoIs(headers))).toMatchObject({ _tag: "NotSignedIn" })
      }
      expect(await reset(older)).toMatchObject({ _tag: "TokenInvalid" })
      expect(await world.call((identity) => identity.signIn("forgot@example.com", password, noHeaders))).toMatchObject({
        _tag: "WrongCredentials"
      })
      expect(await world.get((identity) => identity.signIn("forgot@example.com", other, noHeaders))).toHaveLength(1)
    })

    test("forgets the guesses that were counted before", async () => {
      await proven("guessed@example.com")
      const limited = start(kysely, { limits: { ...rest, perEmail: 1 } })
      await limited.call((identity) => identity.signIn("guessed@example.com", other, noHeaders))
      expect(
        await limited.call((identity) => identity.signIn("guessed@example.com", password, noHeaders))
      ).toMatchObject({ _tag: "TooManyAttempts" })
      await reset(await forgotten("guessed@example.com"))
      expect(await limited.get((identity) => identity.signIn("guessed@example.com", other, noHeaders))).toHaveLength(1)
    })

    test("proves the address, and ends the token of who signed up with it", async () => {
      const stranger = await signUp(world, "squatted@example.com")
      await reset(await forgotten("squatted@example.com"))
      expect(await world.get((identity) => identity.signIn("squatted@example.com", other, noHeaders))).toHaveLength(1)
      expect(await verify(stranger)).toMatchObject({ _tag: "TokenInvalid" })
      expect(
        await world.call((identity) => identity.signIn("squatted@example.com", password, noHeaders))
      ).toMatchObject({ _tag: "WrongCredentials" })
    })

    test("that is poor does not spend the token; a good one does, once", async () => {
      await proven("poor-choice@example.com")
      const token = await forgotten("poor-choice@example.com")
      expect(await reset(token, Redacted.make("short"))).toMatchObject({ _tag: "PasswordUnacceptable" })
      const answers = await Promise.all([reset(token), reset(token)])
      expect(answers.filter((answer) => answer === undefined)).toHaveLength(1)
      expect(answers.find((answer) => answer !== undefined)).toMatchObject({ _tag: "TokenInvalid" })
    })

    test("leaves no session to who signs in with the old one meanwhile", async () => {
      await proven("race@example.com")
      const token = await forgotten("race@example.com")
      let resets = 0
      // Holds the sign-in back where it has read the old hash, until the password is another one.
      const slow = start(
        opened.connect().withPlugin({
          transformQuery: ({ node }) => node,
          transformResult: async ({ result }) => {
            if (resets === 0 && result.rows.some((row) => "hash" in row)) {
              resets++
              await world.get((identity) => identity.resetPassword(token, other))
            }
            return result
          }
        })
      )
      expect(await slow.call((identity) => identity.signIn("race@example.com", password, noHeaders))).toMatchObject({
        _tag: "WrongCredentials"
      })
      expect(resets).toBe(1)
      const { rows } = await sql`SELECT id FROM identity.session WHERE "userId" =
        (SELECT id FROM identity."user" WHERE email = 'race@example.com')`.execute(kysely)
      expect(rows).toEqual([])
    })

    test("is not offered to an address that nobody has", async () => {
      expect(await world.get((identity) => identity.forgotten("nobody@example.com", noHeaders))).toBeUndefined()
    })
  })

  describe("limits of mails", () => {
    const limits = { mailsPerEmail: 2, mailsPerAddress: 5, mailWindowSeconds: 600 }
    const asks = {
      "signing up": (identity: Identity.Identity["Service"], email: string, headers: Headers) =>
        identity.signUp({ name: "L", email, password }, headers).pipe(Effect.asVoid),
      "another token": (identity: Identity.Identity["Service"], email: string, headers: Headers) =>
        Effect.asVoid(identity.verification(email, headers)),
      "a forgotten password": (identity: Identity.Identity["Service"], email: string, headers: Headers) =>
        Effect.asVoid(identity.forgotten(email, headers))
    }

    test.each(Object.entries(asks))("hold for %s, for known and unknown addresses alike", async (name, ask) => {
      const limited = start(kysely, { limits })
      const slug = name.replaceAll(" ", "-")
      await signUp(world, `known-${slug}@example.com`)
      for (const email of [`known-${slug}@example.com`, `unknown-${slug}@example.com`]) {
        if (name === "signing up") {
          await sql`DELETE FROM identity.attempt`.execute(kysely)
        }
        expect(await limited.call((identity) => ask(identity, email, noHeaders))).toBeUndefined()
        expect(await limited.call((identity) => ask(identity, email.toUpperCase(), noHeaders))).toBeUndefined()
        expect(await limited.call((identity) => ask(identity, email, noHeaders))).toMatchObject({
          _tag: "TooManyAttempts",
          retryAfterSeconds: expect.any(Number)
        })
      }
    })

    test("hold for an address that asks for many, and each purpose for itself", async () => {
      const limited = start(kysely, { limits, addressOf: (headers) => headers.get("x-real-ip") ?? undefined })
      const headers = new Headers({ "x-real-ip": "198.51.100.7" })
      for (let round = 0; round < 5; round++) {
        await limited.get((identity) => identity.forgotten(`many${round}@example.com`, headers))
      }
      expect(await limited.call((identity) => identity.forgotten("many5@example.com", headers))).toMatchObject({
        _tag: "TooManyAttempts"
      })
      expect(await limited.get((identity) => identity.verification("many5@example.com", headers))).toBeUndefined()
    })
  })
})
