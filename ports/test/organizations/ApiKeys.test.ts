import { describe, expect, it } from "@effect/vitest"
import { Access, ApiKey, type Id } from "@portolan/domain"
import { ApiKeys, Callers, Connections } from "@portolan/ports"
import { Duration, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { founder, joined } from "../support/people.ts"
import { account, working, world } from "../support/world.ts"

const bearer = (secret: Redacted.Redacted<string> | undefined) =>
  new Headers({ authorization: `Bearer ${secret === undefined ? "" : Redacted.value(secret)}` })
const reason = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) =>
    typeof error === "object" && error !== null && "reason" in error
      ? error.reason
      : (error as { readonly _tag: string })._tag
  )

describe("keys for software", () => {
  it.effect("is shown once, kept as a digest, and acts with its own name, role, scopes and reach", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const keys = yield* ApiKeys.ApiKeys
        const callers = yield* Callers.Callers
        const connections = yield* Connections.Connections
        const ada = yield* founder("Ada")
        const [shown, hidden] = [yield* account(ada.caller, "Shown"), yield* account(ada.caller, "Hidden")]
        const accessScope: Access.AccessScope = {
          _tag: "Limited",
          companies: [{ id: shown.company.id, right: "read" }],
          brands: [],
          accounts: []
        }
        const { key, secret } = yield* keys.create(ada.caller, {
          name: "Export",
          scopes: ["read"],
          role: "viewer",
          accessScope
        })
        const text = secret === undefined ? "" : Redacted.value(secret)
        expect(text).toMatch(/^ptl_[A-Za-z0-9_-]{43}$/)
        expect([text.startsWith(key.start), JSON.stringify(key).includes(text)]).toEqual([true, false])
        const caller = yield* callers.whoIs(bearer(secret))
        expect([caller.role, caller.scopes, caller.actor]).toEqual([
          "viewer",
          ["read"],
          { _tag: "ApiKey", keyId: key.id, name: "Export" }
        ])
        expect(yield* reason(connections.view(caller, hidden.ads.id))).toBe("NotFound")
        expect((yield* connections.view(caller, shown.ads.id)).connection.id).toBe(shown.ads.id)
        expect(yield* reason(keys.list(caller, { limit: 10 }))).toBe("not-permitted")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("is never stronger than who makes it, and never owns", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const keys = yield* ApiKeys.ApiKeys
        const callers = yield* Callers.Callers
        const ada = yield* founder("Ada")
        const mia = yield* joined(ada.caller, "Mia")
        expect(yield* reason(keys.create(mia.caller, { name: "Mine", scopes: ["read"] }))).toBe("not-permitted")
        expect(yield* reason(keys.create(ada.caller, { name: "Own", scopes: ["own"] }))).toBe("not-permitted")
        expect(yield* reason(keys.create(ada.caller, { name: "Odd", scopes: ["administer"], role: "viewer" }))).toBe(
          "not-permitted"
        )
        const { secret } = yield* keys.create(ada.caller, { name: "People", scopes: ["manage-people"] })
        const people = yield* callers.whoIs(bearer(secret))
        expect(yield* reason(keys.create(people, { name: "More", scopes: ["administer"] }))).toBe("not-permitted")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("is refused once it is over or revoked; revoking twice changes nothing", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys.ApiKeys
      const callers = yield* Callers.Callers
      const ada = yield* founder("Ada")
      const short = yield* keys.create(ada.caller, { name: "Short", scopes: ["read"], life: Duration.hours(1) })
      const long = yield* keys.create(ada.caller, { name: "Long", scopes: ["read"] })
      yield* TestClock.adjust("1 hour")
      expect(yield* reason(callers.whoIs(bearer(short.secret)))).toBe("NotSignedIn")
      expect((yield* callers.whoIs(bearer(long.secret))).name).toBe("Long")
      yield* keys.revoke(ada.caller, long.key.id)
      expect((yield* keys.revoke(ada.caller, long.key.id))._tag).toBe("Revoked")
      expect(yield* reason(callers.whoIs(bearer(long.secret)))).toBe("NotSignedIn")
      expect(yield* reason(callers.whoIs(bearer(Redacted.make(`ptl_${"x".repeat(43)}`))))).toBe("NotSignedIn")
      const eternal = keys.create(ada.caller, {
        name: "Eternal",
        scopes: ["read"],
        life: Duration.sum(ApiKey.lifetime.longest, Duration.hours(1))
      })
      expect(yield* reason(eternal)).toBe("contradiction")
    }).pipe(Effect.provide(world))
  )

  it.effect("a repeated request makes one key and shows its secret to the first only", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys.ApiKeys
      const ada = yield* founder("Ada")
      const make = keys.create(ada.caller, { name: "Export", scopes: ["read"] }, { key: "k", fingerprint: "f" })
      const made = yield* Effect.all([make, make, make], { concurrency: "unbounded" })
      expect(new Set(made.map(({ key }) => key.id)).size).toBe(1)
      expect(made.filter(({ secret }) => secret !== undefined)).toHaveLength(1)
      expect((yield* keys.list(ada.caller, { limit: 10 })).items).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("of another organization is not found", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys.ApiKeys
      const [ada, bo] = [yield* founder("Ada"), yield* founder("Bo")]
      const { key } = yield* keys.create(ada.caller, { name: "Export", scopes: ["read"] })
      expect(yield* reason(keys.revoke(bo.caller, key.id))).toBe("NotFound")
      expect(yield* reason(keys.revoke(bo.caller, `key_${"0".repeat(26)}` as Id.ApiKeyId))).toBe("NotFound")
    }).pipe(Effect.provide(world))
  )
})
