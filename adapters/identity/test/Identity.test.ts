import { setTimeout as sleep } from "node:timers/promises"
import { Id } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { Effect, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { type Kysely, sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { IdentityBetterAuth } from "../src/index.ts"
import { sessionsPerPerson } from "../src/Sessions.ts"
import { databases, type Opened } from "./support/databases.ts"
import {
  counting,
  noHeaders,
  origin,
  password,
  people,
  quick,
  signIn,
  signUp,
  start,
  withCookies,
  type World
} from "./support/world.ts"

const wrong = Redacted.make("wrong password")
const rest = { perEmail: 1000, perAddress: 1000 }
const organization = (last: string) => Schema.decodeUnknownSync(Id.OrganizationId)(`org_${"0".repeat(25)}${last}`)

/** Hashes that take time, and none of the machine's. */
const slow: IdentityBetterAuth.Hashing = {
  hash: (given) => sleep(20).then(() => quick.hash(given)),
  verify: (attempt) => sleep(20).then(() => quick.verify(attempt))
}

describe.each(databases)("identity on %s", (_name, open) => {
  let opened: Opened
  let kysely: Kysely<unknown>
  let world: World

  beforeAll(async () => {
    opened = await open()
    kysely = opened.connect()
    world = start(kysely, { limits: rest })
    for (const seed of Object.values(people)) await world.seed(seed)
  })
  afterAll(() => opened.close())

  describe("signing in", () => {
    test("gives a cookie that says who is calling", async () => {
      const cookies = await world.get((identity) => identity.signIn("ADA@fjord.example.com ", password, noHeaders))
      const who = await world.get((identity) => identity.whoIs(withCookies(cookies)))
      expect(who).toEqual({ personId: who.personId, name: "Ada Fjord", email: "ada@fjord.example.com" })
      expect(Schema.is(Id.PersonId)(who.personId)).toBe(true)
    })

    test("answers a wrong password and an unknown e-mail alike", async () => {
      const answers = await Promise.all(
        ["ada@fjord.example.com", "nobody@fjord.example.com", "not an address"].map((email) =>
          world.call((identity) => identity.signIn(email, wrong, noHeaders))
        )
      )
      expect(answers.map(String)).toEqual(Array.from({ length: 3 }, () => String(answers[0])))
      expect(answers[0]).toMatchObject({ _tag: "WrongCredentials" })
    })

    test("says that an address is not proven only to who knows the password", async () => {
      await signUp(world, "unproven@fjord.example.com")
      const attempt = (given: Redacted.Redacted<string>) =>
        world.call((identity) => identity.signIn("unproven@fjord.example.com", given, noHeaders))
      expect(await attempt(wrong)).toMatchObject({ _tag: "WrongCredentials" })
      expect(await attempt(password)).toMatchObject({ _tag: "EmailUnverified", email: "unproven@fjord.example.com" })
      const { rows } = await sql`SELECT id FROM identity.session WHERE "userId" =
        (SELECT id FROM identity."user" WHERE email = 'unproven@fjord.example.com')`.execute(kysely)
      expect(rows).toEqual([])
    })

    test("hashes a password for an unknown e-mail too", async () => {
      const { hashing, work } = counting()
      const counted = start(kysely, { limits: rest, hashing })
      for (const email of ["ada@fjord.example.com", "nobody@fjord.example.com"])
        await counted.call((identity) => identity.signIn(email, wrong, noHeaders))
      expect(work).toEqual(["verify", "hash"])
    })

    test("sets one cookie that scripts cannot read and other sites cannot send", async () => {
      const cookies = await world.get((identity) => identity.signIn("bo@fjord.example.com", password, noHeaders))
      expect(cookies).toHaveLength(1)
      expect(cookies[0]).toMatch(/^portolan\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
      expect(IdentityBetterAuth.sessionCookieName(false)).toBe("portolan.session_token")
    })

    test("marks the cookie secure where the origin is https", async () => {
      const secure = start(kysely, { origin: "https://portolan.example.com", limits: rest })
      const cookies = await secure.get((identity) => identity.signIn("bo@fjord.example.com", password, noHeaders))
      expect(cookies[0]).toMatch(/^__Secure-portolan\.session_token=.*; HttpOnly; Secure; SameSite=Lax$/)
      expect(cookies[0]?.startsWith(`${IdentityBetterAuth.sessionCookieName(true)}=`)).toBe(true)
      expect(await secure.get((identity) => identity.whoIs(withCookies(cookies)))).toMatchObject({ name: "Bo Fjord" })
    })

    test("keeps a limited number of sessions a person", async () => {
      const first = await signIn(world, "cy@fjord.example.com")
      await sql`INSERT INTO identity.session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
        SELECT 'many-' || n, 'many-' || n, "user".id, now() + interval '1 day', now(), now()
        FROM identity."user", generate_series(1, ${sessionsPerPerson}::int) AS n
        WHERE email = 'cy@fjord.example.com'`.execute(kysely)
      const last = await signIn(world, "cy@fjord.example.com")
      expect(await world.get((identity) => identity.whoIs(last))).toMatchObject({ name: "Cy Fjord" })
      expect(await world.call((identity) => identity.whoIs(first))).toMatchObject({ _tag: "NotSignedIn" })
      const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM identity.session
        WHERE "userId" = (SELECT id FROM identity."user" WHERE email = 'cy@fjord.example.com')`.execute(kysely)
      expect(rows[0]?.count).toBe(sessionsPerPerson)
    })
  })

  describe("limits of signing in", () => {
    test("refuse even the right password until the window ends, and say for how long", async () => {
      const limited = start(kysely, { limits: { perEmail: 3, windowSeconds: 600 } })
      const attempt = (given: Redacted.Redacted<string>) =>
        Effect.flatMap(Identity.Identity, (identity) => identity.signIn("bo@fjord.example.com", given, noHeaders)).pipe(
          Effect.catch((error) => Effect.succeed(error))
        )
      const tried = await limited.run(
        Effect.gen(function* () {
          const tried: Array<unknown> = []
          for (let round = 0; round < 3; round++) tried.push(yield* attempt(wrong))
          yield* TestClock.adjust("100 seconds")
          tried.push(yield* attempt(password))
          yield* TestClock.adjust("500 seconds")
          tried.push(yield* attempt(password))
          return tried
        }).pipe(Effect.provide(TestClock.layer()))
      )
      expect(tried.slice(0, 3)).toMatchObject(Array.from({ length: 3 }, () => ({ _tag: "WrongCredentials" })))
      expect(tried[3]).toMatchObject({ _tag: "TooManyAttempts", retryAfterSeconds: 500 })
      expect(tried[4]).toHaveLength(1)
    })

    test("let no more guesses through when they all come at once", async () => {
      const limited = start(kysely, { limits: { perEmail: 4 } })
      const answers = await Promise.all(
        Array.from({ length: 12 }, () =>
          limited.call((identity) => identity.signIn("ghost@fjord.example.com", wrong, noHeaders))
        )
      )
      const tags = answers.map((answer) => ("_tag" in answer ? answer._tag : "in"))
      expect(tags.filter((tag) => tag === "WrongCredentials")).toHaveLength(4)
      expect(tags.filter((tag) => tag === "TooManyAttempts")).toHaveLength(8)
    })

    test("count by address where a proxy tells it", async () => {
      const limited = start(kysely, {
        limits: { perAddress: 2 },
        addressOf: (headers) => headers.get("x-real-ip") ?? undefined
      })
      const from = (address: string, name: string) =>
        limited.call((identity) => identity.signIn(`${name}@example.com`, wrong, new Headers({ "x-real-ip": address })))
      expect(await from("192.0.2.1", "a")).toMatchObject({ _tag: "WrongCredentials" })
      expect(await from("192.0.2.1", "b")).toMatchObject({ _tag: "WrongCredentials" })
      expect(await from("192.0.2.1", "c")).toMatchObject({ _tag: "TooManyAttempts" })
      expect(await from("192.0.2.2", "c")).toMatchObject({ _tag: "WrongCredentials" })
    })

    test("keep nobody out who signs in while ninety wrong ones are tried from elsewhere", async () => {
      const busy = start(kysely, {
        limits: { perAddress: 1000 },
        hashing: slow,
        addressOf: (headers) => headers.get("x-real-ip") ?? undefined
      })
      const people = Array.from({ length: 5 }, (_, index) => `right${index}@fjord.example.com`)
      for (const email of people) await world.seed({ name: "Right", email, password })
      const tried = (email: string, given: Redacted.Redacted<string>, address: string) =>
        busy.call((identity) => identity.signIn(email, given, new Headers({ "x-real-ip": address })))
      const bad = Array.from({ length: 90 }, (_, index) => tried(`ghost${index}@example.com`, wrong, "192.0.2.66"))
      const good = await Promise.all(people.map((email, index) => tried(email, password, `198.51.100.${index}`)))
      const refused = (await Promise.all(bad)).filter((one) => "_tag" in one && one._tag === "TooManyAttempts")
      expect(good.map((one) => ("_tag" in one ? one._tag : "in"))).toEqual(["in", "in", "in", "in", "in"])
      expect(refused.length).toBeGreaterThan(50)
    })

    test("keep nobody out where addresses are not known", async () => {
      const busy = start(kysely, { hashing: slow })
      await world.seed({ name: "Right", email: "right9@fjord.example.com", password })
      const bad = Array.from({ length: 90 }, (_, index) =>
        busy.call((identity) => identity.signIn(`spook${index}@example.com`, wrong, noHeaders))
      )
      const good = await busy.call((identity) => identity.signIn("right9@fjord.example.com", password, noHeaders))
      expect(good).toHaveLength(1)
      await Promise.all(bad)
    })

    test("keep the owner of an e-mail in, whoever guesses at it from elsewhere", async () => {
      const busy = start(kysely, { addressOf: (headers) => headers.get("x-real-ip") ?? undefined })
      await world.seed({ name: "Right", email: "right8@fjord.example.com", password })
      const tried = (given: Redacted.Redacted<string>, address: string) =>
        busy.call((identity) =>
          identity.signIn("right8@fjord.example.com", given, new Headers({ "x-real-ip": address }))
        )
      for (let round = 0; round < 12; round++) await tried(wrong, "192.0.2.66")
      expect(await tried(wrong, "192.0.2.66")).toMatchObject({ _tag: "TooManyAttempts" })
      expect(await tried(password, "198.51.100.7")).toHaveLength(1)
    })

    test("start anew after a success", async () => {
      const limited = start(kysely, { limits: { perEmail: 2 } })
      for (let round = 0; round < 5; round++) {
        const cookies = await limited.get((identity) => identity.signIn("eve@delta.example.com", password, noHeaders))
        expect(cookies).toHaveLength(1)
      }
    })

    test("do not start anew for one address when the owner of a look-alike signs in", async () => {
      await world.seed({ name: "Look-alike", email: "ｅve@delta.example.com", password })
      const limited = start(kysely, { limits: { perEmail: 2 } })
      const guess = () => limited.call((identity) => identity.signIn("eve@delta.example.com", wrong, noHeaders))
      expect([await guess(), await guess()]).toMatchObject([{ _tag: "WrongCredentials" }, { _tag: "WrongCredentials" }])
      expect(
        await limited.get((identity) => identity.signIn("ｅve@delta.example.com", password, noHeaders))
      ).toHaveLength(1)
      expect(await guess()).toMatchObject({ _tag: "TooManyAttempts" })
    })
  })

  describe("sessions", () => {
    test("are needed to be anybody", async () => {
      expect(await world.call((identity) => identity.whoIs(noHeaders))).toMatchObject({ _tag: "NotSignedIn" })
      const bearer = new Headers({ authorization: `Bearer ptl_${"x".repeat(43)}` })
      expect(await world.call((identity) => identity.whoIs(bearer))).toMatchObject({ _tag: "NotSignedIn" })
    })

    test("end at once by signing out, also on another server", async () => {
      const headers = await signIn(world, "ada@fjord.example.com")
      const elsewhere = start(opened.connect())
      expect(await elsewhere.get((identity) => identity.whoIs(headers))).toMatchObject({ name: "Ada Fjord" })
      const cleared = await world.get((identity) => identity.signOut(headers))
      expect(cleared.find((line) => line.startsWith("portolan.session_token="))).toMatch(/=; Max-Age=0; .*HttpOnly/)
      expect(await elsewhere.call((identity) => identity.whoIs(headers))).toMatchObject({ _tag: "NotSignedIn" })
      expect(await world.get((identity) => identity.signOut(headers))).not.toHaveLength(0)
    })

    test("end when their time is over", async () => {
      const answers = await world.run(
        Effect.gen(function* () {
          const identity = yield* Identity.Identity
          const headers = withCookies(yield* identity.signIn("ada@fjord.example.com", password, noHeaders))
          yield* TestClock.adjust("167 hours")
          const before = yield* identity.whoIs(headers)
          yield* TestClock.adjust("1 hour")
          return [
            before,
            yield* Effect.flip(identity.whoIs(headers)),
            yield* Effect.flip(identity.choose(headers, organization("1")))
          ]
        }).pipe(Effect.provide(TestClock.layer()))
      )
      expect(answers).toMatchObject([{ name: "Ada Fjord" }, { _tag: "NotSignedIn" }, { _tag: "NotSignedIn" }])
    })

    test("remember which organization they work in, each for itself", async () => {
      const one = await signIn(world, "ada@fjord.example.com")
      const two = await signIn(world, "ada@fjord.example.com")
      await world.get((identity) => identity.choose(one, organization("1")))
      await world.get((identity) => identity.choose(two, organization("2")))
      expect(await world.get((identity) => identity.whoIs(one))).toMatchObject({ organizationId: organization("1") })
      expect(await world.get((identity) => identity.whoIs(two))).toMatchObject({ organizationId: organization("2") })
      await world.get((identity) => identity.signOut(one))
      expect(await world.call((identity) => identity.choose(one, organization("2")))).toMatchObject({
        _tag: "NotSignedIn"
      })
      expect(await world.call((identity) => identity.choose(noHeaders, organization("2")))).toMatchObject({
        _tag: "NotSignedIn"
      })
    })
  })

  test("a server that is started with another secret believes no cookie of ours", async () => {
    const headers = await signIn(world, "ada@fjord.example.com")
    const other = start(kysely, { secret: Redacted.make("Zx9Kq4Lw7Rt2Yp5Nb8Vm3Jh6Gd1FsCaQ"), origin })
    expect(await other.call((identity) => identity.whoIs(headers))).toMatchObject({ _tag: "NotSignedIn" })
    await other.get((identity) => identity.signOut(headers))
    expect(await world.get((identity) => identity.whoIs(headers))).toMatchObject({ name: "Ada Fjord" })
  })
})
