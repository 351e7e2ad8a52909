/** Who is calling (rules K-R1, P-R5, P-R16, S-R8, C15): what every request begins with. */
import { describe, expect, it } from "@effect/vitest"
import { Access } from "@portolan/domain"
import { MemoryAdapters } from "@portolan/memory"
import { ApiKeys, Callers, Connections, useCases, Deployment, Members } from "@portolan/ports"
import { Effect, Layer, Redacted, type Scope } from "effect"
import { callerOf, email, founder, joined, signedUp } from "../support/people.ts"
import { account, working } from "../support/world.ts"

const world = useCases.pipe(
  Layer.provideMerge(MemoryAdapters.layer()),
  Layer.provideMerge(
    Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com", operators: [" OPAL@example.com "] })
  )
)
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(Effect.andThen(working, effect)).pipe(Effect.provide(world))
const whoIs = (headers: Headers) => Effect.flatMap(Callers.Callers, (callers) => callers.whoIs(headers))
const bearer = (key: string, cookie?: string) =>
  new Headers({ authorization: `Bearer ${key}`, ...(cookie === undefined ? {} : { cookie }) })

describe("a caller", () => {
  it.effect("without a session, or with one that was made up, is nobody", () =>
    here(
      Effect.gen(function* () {
        for (const headers of [
          new Headers(),
          new Headers({ cookie: "portolan_session=abc" }),
          new Headers({ cookie: "other=1" })
        ]) {
          expect((yield* Effect.flip(whoIs(headers)))._tag).toBe("NotSignedIn")
        }
      })
    )
  )

  it.effect("who belongs to no organization is told so, and is a person all the same (rule P-R5)", () =>
    here(
      Effect.gen(function* () {
        const ada = yield* signedUp("Ada")
        expect(yield* Effect.flip(whoIs(ada.headers))).toMatchObject({ _tag: "NoOrganization", name: "Ada" })
        expect((yield* (yield* Callers.Callers).person(ada.headers)).email).toBe(email("Ada"))
      })
    )
  )

  it.effect(
    "who founded one is its owner and sees everything; an admin does, too, and a member sees what was chosen",
    () =>
      here(
        Effect.gen(function* () {
          const { caller: owner, organization } = yield* founder("Ada")
          expect(owner).toMatchObject({
            organizationId: organization.id,
            role: "owner",
            accessScope: Access.everything,
            organizationName: "Ada Traders"
          })
          const made = yield* account(owner)
          const accessScope: Access.AccessScope = {
            _tag: "Limited",
            companies: [],
            brands: [],
            accounts: [{ id: made.account.id, right: "read" }]
          }
          const bob = yield* joined(owner, "Bob", "member", accessScope)
          expect(bob.caller).toMatchObject({ role: "member", accessScope })
          const eve = yield* joined(owner, "Eve", "admin")
          expect(eve.caller).toMatchObject({ role: "admin", accessScope: Access.everything })
        })
      )
  )

  it.effect("who was removed is nobody's member at the next request, with the same cookie (rule P-R16)", () =>
    here(
      Effect.gen(function* () {
        const { caller: owner } = yield* founder("Ada")
        const bob = yield* joined(owner, "Bob")
        yield* (yield* Members.Members).remove(owner, bob.member.id)
        expect((yield* Effect.flip(callerOf(bob)))._tag).toBe("NoOrganization")
      })
    )
  )
})

describe("a key", () => {
  const made = Effect.gen(function* () {
    const ada = yield* founder("Ada")
    const { ads } = yield* account(ada.caller)
    const { key, secret } = yield* (yield* ApiKeys.ApiKeys).create(ada.caller, {
      name: "Reports",
      role: "admin",
      scopes: ["read"],
      accessScope: Access.everything
    })
    return { ...ada, ads, id: key.id, secret: Redacted.value(secret ?? (yield* Effect.die("a secret was expected"))) }
  })

  it.effect("may only what its scopes name, whatever its role, and is told of them", () =>
    here(
      Effect.gen(function* () {
        const { ads, secret } = yield* made
        const caller = yield* whoIs(bearer(secret))
        expect(caller).toMatchObject({
          role: "admin",
          scopes: ["read"],
          email: "",
          operator: false,
          actor: { _tag: "ApiKey", name: "Reports" }
        })
        const connections = yield* Connections.Connections
        expect((yield* connections.view(caller, ads.id)).connection.id).toBe(ads.id)
        const refused = yield* Effect.flip(connections.pause(caller, ads.id))
        expect(refused).toMatchObject({ _tag: "Refused", nextStep: "Use a key with the scope administer." })
      })
    )
  )

  it.effect("that is bad is refused although a good cookie comes along: whoever sends a key means it", () =>
    here(
      Effect.gen(function* () {
        const { headers, id, secret, caller } = yield* made
        const cookie = headers.get("cookie") ?? ""
        expect((yield* whoIs(bearer(secret, cookie))).actor._tag).toBe("ApiKey")
        const bad = [
          `${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`,
          "ptl_short",
          "",
          secret.replace("ptl_", "xyz_"),
          `${secret} x`,
          "a".repeat(5_000)
        ]
        for (const key of bad) expect((yield* Effect.flip(whoIs(bearer(key, cookie))))._tag).toBe("NotSignedIn")
        expect((yield* Effect.flip(whoIs(new Headers({ authorization: `Basic ${secret}`, cookie }))))._tag).toBe(
          "NotSignedIn"
        )
        yield* (yield* ApiKeys.ApiKeys).revoke(caller, id)
        expect((yield* Effect.flip(whoIs(bearer(secret, cookie))))._tag).toBe("NotSignedIn")
      })
    )
  )
})

describe("an operator (rule C15)", () => {
  it.effect("is whom the installation names, however it is written; nobody else, not even an owner", () =>
    here(
      Effect.gen(function* () {
        const callers = yield* Callers.Callers
        const opal = yield* signedUp("Opal")
        expect((yield* callers.operator(opal.headers)).actor).toMatchObject({ _tag: "Operator", name: "Opal" })
        const ada = yield* founder("Ada")
        const refused = yield* Effect.flip(callers.operator(ada.headers))
        expect(refused).toMatchObject({ _tag: "Refused", reason: "not-permitted" })
        expect(ada.caller.operator).toBe(false)
        const { caller } = yield* founder("Bob")
        expect((yield* Effect.flip(callers.operator(new Headers())))._tag).toBe("NotSignedIn")
        expect(caller.organizationId).not.toBe(ada.caller.organizationId)
      })
    )
  )
})
