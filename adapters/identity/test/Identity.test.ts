import { Id } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { DateTime, Duration, Effect, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { type Kysely, sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { IdentityBetterAuth } from "../src/index.ts"
import { sessionsPerPerson } from "../src/Sessions.ts"
import { databases, type Opened } from "./support/databases.ts"
import {
  delta, fjord, noHeaders, origin, password, signIn, start, withCookies, withKey, type World
} from "./support/world.ts"

const wrong = Redacted.make("wrong password")
const rest = { perEmail: 1000, perAddress: 1000 }

describe.each(databases)("identity on %s", (_name, open) => {
  let opened: Opened
  let kysely: Kysely<unknown>
  let world: World
  let fjordId: Id.OrganizationId
  let deltaId: Id.OrganizationId

  beforeAll(async () => {
    opened = await open()
    kysely = opened.connect()
    world = start(kysely, { limits: rest })
    fjordId = await world.seed(fjord)
    deltaId = await world.seed(delta)
  })
  afterAll(() => opened.close())

  describe("signing in", () => {
    test("gives a cookie that says who is calling, for which organization and as what", async () => {
      const who = await world.get((identity) => identity.signIn("ADA@fjord.example.com ", password, noHeaders))
        .then((cookies) => world.get((identity) => identity.whoIs(withCookies(cookies))))
      expect(who).toMatchObject({
        organizationId: fjordId, organizationName: "Fjord Trading", role: "owner", name: "Ada Fjord",
        email: "ada@fjord.example.com", actor: { _tag: "Person", name: "Ada Fjord" }
      })
      expect(Schema.is(Id.OrganizationId)(who.organizationId)).toBe(true)
      expect(who.actor._tag === "Person" && Schema.is(Id.PersonId)(who.actor.personId)).toBe(true)
    })

    const roles = [["ada", "owner"], ["bo", "admin"], ["cy", "member"], ["di", "viewer"]]
    test.each(roles)("%s is %s", async (name, role) => {
      const headers = await signIn(world, `${name}@fjord.example.com`)
      expect(await world.get((identity) => identity.whoIs(headers))).toMatchObject({ role, organizationId: fjordId })
    })

    test("answers a wrong password and an unknown e-mail alike", async () => {
      const answers = await Promise.all(["ada@fjord.example.com", "nobody@fjord.example.com", "not an address"].map(
        (email) => world.call((identity) => identity.signIn(email, wrong, noHeaders))
      ))
      expect(answers.map(String)).toEqual(Array.from({ length: 3 }, () => String(answers[0])))
      expect(answers[0]).toMatchObject({ _tag: "WrongCredentials" })
    })

    test("hashes a password for an unknown e-mail too", async () => {
      const fastest = async (email: string) => {
        const times: Array<number> = []
        for (let round = 0; round < 3; round++) {
          const begun = performance.now()
          await world.call((identity) => identity.signIn(email, wrong, noHeaders))
          times.push(performance.now() - begun)
        }
        return Math.min(...times)
      }
      const known = await fastest("ada@fjord.example.com")
      const unknown = await fastest("nobody@fjord.example.com")
      // Without the hash the unknown one takes a twentieth.
      expect(unknown / known).toBeGreaterThan(0.3)
      expect(unknown / known).toBeLessThan(3)
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
      expect(await secure.get((identity) => identity.whoIs(withCookies(cookies)))).toMatchObject({ role: "admin" })
    })

    test("keeps a limited number of sessions a person", async () => {
      const first = await signIn(world, "cy@fjord.example.com")
      await sql`INSERT INTO identity.session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
        SELECT 'many-' || n, 'many-' || n, "user".id, now() + interval '1 day', now(), now()
        FROM identity."user", generate_series(1, ${sessionsPerPerson}::int) AS n
        WHERE email = 'cy@fjord.example.com'`.execute(kysely)
      const last = await signIn(world, "cy@fjord.example.com")
      expect(await world.get((identity) => identity.whoIs(last))).toMatchObject({ role: "member" })
      expect(await world.call((identity) => identity.whoIs(first))).toMatchObject({ _tag: "NotSignedIn" })
      const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM identity.session
        WHERE "userId" = (SELECT id FROM identity."user" WHERE email = 'cy@fjord.example.com')`.execute(kysely)
      expect(rows[0]?.count).toBe(sessionsPerPerson)
    })
  })

  describe("limits of signing in", () => {
    const email = "di@fjord.example.com"

    test("refuse even the right password until the window ends, and say for how long", async () => {
      const limited = start(kysely, { limits: { perEmail: 3, windowSeconds: 600 } })
      const program = Effect.gen(function*() {
        const tried: Array<unknown> = []
        for (let round = 0; round < 3; round++) tried.push(yield* attempt(wrong))
        yield* TestClock.adjust("100 seconds")
        tried.push(yield* attempt(password))
        yield* TestClock.adjust("500 seconds")
        tried.push(yield* attempt(password))
        return tried
      }).pipe(Effect.provide(TestClock.layer()))
      const attempt = (given: Redacted.Redacted<string>) =>
        Effect.flatMap(Identity.Identity, (identity) => identity.signIn(email, given, noHeaders)).pipe(
          Effect.catch((error) => Effect.succeed(error))
        )
      const tried = await limited.runtime.runPromise(program)
      expect(tried.slice(0, 3)).toMatchObject(Array.from({ length: 3 }, () => ({ _tag: "WrongCredentials" })))
      expect(tried[3]).toMatchObject({ _tag: "TooManyAttempts", retryAfterSeconds: 500 })
      expect(tried[4]).toHaveLength(1)
    })

    test("let no more guesses through when they all come at once", async () => {
      const limited = start(kysely, { limits: { perEmail: 4 } })
      const answers = await Promise.all(Array.from({ length: 12 }, () =>
        limited.call((identity) => identity.signIn("ghost@fjord.example.com", wrong, noHeaders))))
      const tags = answers.map((answer) => "_tag" in answer ? answer._tag : "in")
      expect(tags.filter((tag) => tag === "WrongCredentials")).toHaveLength(4)
      expect(tags.filter((tag) => tag === "TooManyAttempts")).toHaveLength(8)
    })

    test("count by address where a proxy tells it", async () => {
      const limited = start(kysely, {
        limits: { perAddress: 2 },
        addressOf: (headers) => headers.get("x-real-ip") ?? undefined
      })
      const from = (address: string, name: string) =>
        limited.call((identity) =>
          identity.signIn(`${name}@example.com`, wrong, new Headers({ "x-real-ip": address })))
      expect(await from("192.0.2.1", "a")).toMatchObject({ _tag: "WrongCredentials" })
      expect(await from("192.0.2.1", "b")).toMatchObject({ _tag: "WrongCredentials" })
      expect(await from("192.0.2.1", "c")).toMatchObject({ _tag: "TooManyAttempts" })
      expect(await from("192.0.2.2", "c")).toMatchObject({ _tag: "WrongCredentials" })
    })

    test("start anew after a success", async () => {
      const limited = start(kysely, { limits: { perEmail: 2 } })
      for (let round = 0; round < 5; round++) {
        const cookies = await limited.get((identity) => identity.signIn("eve@delta.example.com", password, noHeaders))
        expect(cookies).toHaveLength(1)
      }
    })
  })

  describe("sessions", () => {
    test("are needed to be anybody", async () => {
      expect(await world.call((identity) => identity.whoIs(noHeaders))).toMatchObject({ _tag: "NotSignedIn" })
    })

    test("end at once by signing out, also on another server", async () => {
      const headers = await signIn(world, "ada@fjord.example.com")
      const elsewhere = start(opened.connect())
      expect(await elsewhere.get((identity) => identity.whoIs(headers))).toMatchObject({ role: "owner" })
      const cleared = await world.get((identity) => identity.signOut(headers))
      expect(cleared.find((line) => line.startsWith("portolan.session_token="))).toMatch(/=; Max-Age=0; .*HttpOnly/)
      expect(await elsewhere.call((identity) => identity.whoIs(headers))).toMatchObject({ _tag: "NotSignedIn" })
      expect(await world.get((identity) => identity.signOut(headers))).not.toHaveLength(0)
    })

    test("act for the chosen organization, and never for one the person left", async () => {
      await world.seed({
        organization: { id: deltaId, name: "Delta Goods" },
        people: [{ name: "Bo Fjord", email: "bo@fjord.example.com", password, role: "viewer" }]
      })
      const headers = await signIn(world, "bo@fjord.example.com")
      const who = () => world.call((identity) => identity.whoIs(headers))
      expect(await who()).toMatchObject({ organizationId: fjordId, role: "admin" })
      await sql`UPDATE identity.session SET "activeOrganizationId" = ${deltaId} WHERE "userId" =
        (SELECT id FROM identity."user" WHERE email = 'bo@fjord.example.com')`.execute(kysely)
      expect(await who()).toMatchObject({ organizationId: deltaId, organizationName: "Delta Goods", role: "viewer" })
      const leave = (organizationId: string) => sql`DELETE FROM identity.member WHERE "organizationId" =
        ${organizationId} AND "userId" = (SELECT id FROM identity."user" WHERE email = 'bo@fjord.example.com')`
        .execute(kysely)
      await leave(deltaId)
      expect(await who()).toMatchObject({ organizationId: fjordId, role: "admin" })
      await leave(fjordId)
      expect(await who()).toMatchObject({ _tag: "NotSignedIn" })
      await world.seed(fjord)
    })

    test("of one organization never show another's", async () => {
      const headers = await signIn(world, "eve@delta.example.com")
      expect(await world.get((identity) => identity.whoIs(headers))).toMatchObject({
        organizationId: deltaId, organizationName: "Delta Goods"
      })
      // Choosing an organization one does not belong to changes nothing.
      await sql`UPDATE identity.session SET "activeOrganizationId" = ${fjordId} WHERE "userId" =
        (SELECT id FROM identity."user" WHERE email = 'eve@delta.example.com')`.execute(kysely)
      expect(await world.get((identity) => identity.whoIs(headers))).toMatchObject({ organizationId: deltaId })
    })

    test("with a role that nobody knows allow nothing", async () => {
      await sql`UPDATE identity.member SET role = 'billing' WHERE "organizationId" = ${deltaId}`.execute(kysely)
      const headers = await signIn(world, "eve@delta.example.com")
      expect(await world.call((identity) => identity.whoIs(headers))).toMatchObject({ _tag: "NotSignedIn" })
      await sql`UPDATE identity.member SET role = 'viewer,owner' WHERE "organizationId" = ${deltaId}`.execute(kysely)
      expect(await world.get((identity) => identity.whoIs(headers))).toMatchObject({ role: "owner" })
    })
  })

  describe("API keys", () => {
    const callerOf = async (email: string) => {
      const headers = await signIn(world, email)
      return world.get((identity) => identity.whoIs(headers))
    }

    test("act for the organization with the maker's role, until they are revoked", async () => {
      const caller = await callerOf("ada@fjord.example.com")
      const made = await world.get((identity) => identity.createApiKey(caller, "Nightly export"))
      expect(Redacted.value(made.secret)).toMatch(/^ptl_[A-Za-z0-9_-]{43}$/)
      expect(made.key.start).toBe(Redacted.value(made.secret).slice(0, 10))
      expect(made.key.expiresAt).toEqual(DateTime.addDuration(made.key.createdAt, Duration.days(365)))
      const who = () => world.call((identity) => identity.whoIs(withKey(made.secret)))
      expect(await who()).toEqual({
        organizationId: fjordId, organizationName: "Fjord Trading", role: "owner", name: "Nightly export", email: "",
        actor: { _tag: "ApiKey", keyId: made.key.id, name: "Nightly export" }
      })
      expect(await world.get((identity) => identity.revokeApiKey(deltaId, made.key.id))).toBe(false)
      expect(await who()).toMatchObject({ role: "owner" })
      expect(await world.get((identity) => identity.revokeApiKey(fjordId, made.key.id))).toBe(true)
      expect(await who()).toMatchObject({ _tag: "NotSignedIn" })
      expect(await world.get((identity) => identity.revokeApiKey(fjordId, made.key.id))).toBe(false)
    })

    test("are listed for their organization alone, the youngest first, and never with their secret", async () => {
      const ada = await callerOf("ada@fjord.example.com")
      const eve = await callerOf("eve@delta.example.com")
      const one = await world.get((identity) => identity.createApiKey(ada, "one"))
      const two = await world.get((identity) => identity.createApiKey(ada, "two"))
      const other = await world.get((identity) => identity.createApiKey(eve, "other"))
      const listed = await world.get((identity) => identity.apiKeys(fjordId))
      expect(listed.map((key) => key.id)).toEqual(expect.arrayContaining([two.key.id, one.key.id]))
      const moments = listed.map((key) => DateTime.toEpochMillis(key.createdAt))
      expect(moments).toEqual(moments.toSorted((a, b) => b - a))
      expect(listed.map((key) => key.id)).not.toContain(other.key.id)
      expect((await world.get((identity) => identity.apiKeys(deltaId))).map((key) => key.id)).toEqual([other.key.id])
      const stored = JSON.stringify((await sql`SELECT * FROM identity.apikey`.execute(kysely)).rows)
      for (const { secret } of [one, two, other]) expect(stored).not.toContain(Redacted.value(secret).slice(10))
    })

    test("never get more than their maker has at that moment", async () => {
      const cy = await callerOf("cy@fjord.example.com")
      const di = await callerOf("di@fjord.example.com")
      const roleOf = async (caller: typeof cy) => {
        const { secret } = await world.get((identity) => identity.createApiKey(caller, "key"))
        return (await world.get((identity) => identity.whoIs(withKey(secret)))).role
      }
      expect(await roleOf(di)).toBe("viewer")
      expect(await roleOf({ ...cy, role: "owner" })).toBe("member")
      expect(await roleOf({ ...cy, role: "viewer" })).toBe("viewer")
      expect(await world.call((identity) => identity.createApiKey({ ...cy, organizationId: deltaId }, "key")))
        .toMatchObject({ _tag: "NotSignedIn" })
      expect(await world.call((identity) =>
        identity.createApiKey({ ...cy, actor: { _tag: "System", part: "worker" } }, "key"))
      ).toMatchObject({ _tag: "NotSignedIn" })
    })

    test("may make a key, but not after they were revoked", async () => {
      const bo = await callerOf("bo@fjord.example.com")
      const parent = await world.get((identity) => identity.createApiKey(bo, "parent"))
      const caller = await world.get((identity) => identity.whoIs(withKey(parent.secret)))
      const child = await world.get((identity) => identity.createApiKey(caller, "child"))
      expect(await world.get((identity) => identity.whoIs(withKey(child.secret)))).toMatchObject({ role: "admin" })
      await world.get((identity) => identity.revokeApiKey(fjordId, parent.key.id))
      expect(await world.call((identity) => identity.createApiKey(caller, "late")))
        .toMatchObject({ _tag: "NotSignedIn" })
    })

    test("end when their time is over", async () => {
      const brief = start(kysely, { limits: rest, apiKeyLifetime: Duration.hours(1) })
      const ada = await callerOf("ada@fjord.example.com")
      const program = Effect.gen(function*() {
        const identity = yield* Identity.Identity
        const { secret } = yield* identity.createApiKey(ada, "brief")
        yield* TestClock.adjust("59 minutes")
        const before = yield* identity.whoIs(withKey(secret))
        yield* TestClock.adjust("1 minute")
        const after = yield* Effect.flip(identity.whoIs(withKey(secret)))
        return [before, after]
      }).pipe(Effect.provide(TestClock.layer()))
      expect(await brief.runtime.runPromise(program)).toMatchObject([{ role: "owner" }, { _tag: "NotSignedIn" }])
    })

    test("win over a cookie that comes along, also when they are bad", async () => {
      const headers = await signIn(world, "ada@fjord.example.com")
      headers.set("authorization", `Bearer ptl_${"x".repeat(43)}`)
      expect(await world.call((identity) => identity.whoIs(headers))).toMatchObject({ _tag: "NotSignedIn" })
    })
  })

  test("a server that is started with another secret believes no cookie of ours", async () => {
    const headers = await signIn(world, "ada@fjord.example.com")
    const other = start(kysely, { secret: Redacted.make("Zx9Kq4Lw7Rt2Yp5Nb8Vm3Jh6Gd1FsCaQ"), origin })
    expect(await other.call((identity) => identity.whoIs(headers))).toMatchObject({ _tag: "NotSignedIn" })
  })
})
