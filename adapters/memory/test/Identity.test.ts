import { describe, expect, it } from "@effect/vitest"
import type { Id } from "@portolan/domain"
import { Identity, Secrets } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { IdentityMemory, SecretsSeeded } from "../src/index.ts"

const password = Redacted.make("correct horse battery")
const nobody = new Headers()

const vera: IdentityMemory.Person = {
  personId: "per_00000000000000000000000001" as Id.PersonId,
  name: "Vera",
  email: "vera@example.com",
  password
}

const layer = Layer.provideMerge(IdentityMemory.layer([vera]), SecretsSeeded.layer())

const withCookie = (cookies: ReadonlyArray<string>) => new Headers({ cookie: (cookies[0] ?? "").split(";")[0] ?? "" })

const signUp = (email: string, secret = password) =>
  Effect.flatMap(Identity.Identity, (identity) => identity.signUp({ name: "Nils", email, password: secret }, nobody))

describe("people in memory", () => {
  it.effect(
    "sign in with the password they were given, work in an organization, and are out at once after signing out",
    () =>
      Effect.gen(function* () {
        const identity = yield* Identity.Identity
        const cookies = yield* identity.signIn(" VERA@example.com ", password, nobody)
        const headers = withCookie(cookies)
        expect(yield* identity.whoIs(headers)).toEqual({ personId: vera.personId, name: "Vera", email: vera.email })
        const organizationId = yield* (yield* Secrets.Secrets).id("organization")
        yield* identity.choose(headers, organizationId)
        expect(yield* identity.whoIs(headers)).toMatchObject({ organizationId })
        yield* identity.signOut(headers)
        expect((yield* Effect.flip(identity.whoIs(headers)))._tag).toBe("NotSignedIn")
        expect((yield* Effect.flip(identity.choose(headers, organizationId)))._tag).toBe("NotSignedIn")
        expect((yield* Effect.flip(identity.signIn(vera.email, Redacted.make("wrong password"), nobody)))._tag).toBe(
          "WrongCredentials"
        )
      }).pipe(Effect.provide(layer))
  )

  it.effect("sign up, and come in once their address is proven; each token works once and not for ever", () =>
    Effect.gen(function* () {
      const identity = yield* Identity.Identity
      const made = yield* signUp("Nils@Example.com")
      if (made._tag !== "Made") return expect.unreachable()
      expect(made.person.email).toBe("nils@example.com")
      expect((yield* signUp("nils@example.com"))._tag).toBe("Known")
      expect((yield* Effect.flip(identity.signIn("nils@example.com", password, nobody)))._tag).toBe("EmailUnverified")
      expect((yield* Effect.flip(identity.signIn("nils@example.com", Redacted.make("another one"), nobody)))._tag).toBe(
        "WrongCredentials"
      )
      expect((yield* Effect.flip(identity.resetPassword(made.token, password)))._tag).toBe("TokenInvalid")
      const { cookies, person } = yield* identity.verify(made.token, nobody)
      expect(yield* identity.whoIs(withCookie(cookies))).toEqual(person)
      expect((yield* Effect.flip(identity.verify(made.token, nobody)))._tag).toBe("TokenInvalid")
      expect(yield* identity.verification("nils@example.com", nobody)).toBeUndefined()
      yield* identity.signIn("nils@example.com", password, nobody)
      const late = yield* signUp("late@example.com")
      yield* TestClock.adjust("1 day")
      if (late._tag === "Made")
        expect((yield* Effect.flip(identity.verify(late.token, nobody)))._tag).toBe("TokenInvalid")
      const again = yield* identity.verification("late@example.com", nobody)
      expect((yield* identity.verify(again?.token ?? password, nobody)).person.email).toBe("late@example.com")
    }).pipe(Effect.provide(layer))
  )

  it.effect("choose a new password with a mailed token, which ends every session and every other token", () =>
    Effect.gen(function* () {
      const identity = yield* Identity.Identity
      expect(yield* identity.forgotten("nobody@example.com", nobody)).toBeUndefined()
      const headers = withCookie(yield* identity.signIn(vera.email, password, nobody))
      const [first, second] = [
        yield* identity.forgotten(vera.email, nobody),
        yield* identity.forgotten(vera.email, nobody)
      ]
      const fresh = Redacted.make("a quite different one")
      expect((yield* Effect.flip(identity.resetPassword(first?.token ?? fresh, Redacted.make("short"))))._tag).toBe(
        "PasswordUnacceptable"
      )
      yield* identity.resetPassword(first?.token ?? fresh, fresh)
      expect((yield* Effect.flip(identity.whoIs(headers)))._tag).toBe("NotSignedIn")
      expect((yield* Effect.flip(identity.resetPassword(second?.token ?? fresh, password)))._tag).toBe("TokenInvalid")
      expect((yield* Effect.flip(identity.signIn(vera.email, password, nobody)))._tag).toBe("WrongCredentials")
      yield* identity.signIn(vera.email, fresh, nobody)
    }).pipe(Effect.provide(layer))
  )

  it.effect("are asked to wait after too many tries, and not for longer than that", () =>
    Effect.gen(function* () {
      const identity = yield* Identity.Identity
      const wrong = Redacted.make("wrong password")
      for (let tries = 0; tries < IdentityMemory.attempts.limit; tries++) {
        expect((yield* Effect.flip(identity.signIn(vera.email, wrong, nobody)))._tag).toBe("WrongCredentials")
      }
      expect((yield* Effect.flip(identity.signIn(vera.email, password, nobody)))._tag).toBe("TooManyAttempts")
      yield* TestClock.adjust("1 minute")
      yield* identity.signIn(vera.email, password, nobody)
      for (let tries = 0; tries < IdentityMemory.attempts.limit; tries++) yield* identity.forgotten(vera.email, nobody)
      expect((yield* Effect.flip(identity.forgotten(vera.email, nobody)))._tag).toBe("TooManyAttempts")
    }).pipe(Effect.provide(layer))
  )

  it.effect("need a password of a length that is taken", () =>
    Effect.gen(function* () {
      for (const text of ["", "123456789", "x".repeat(129)]) {
        expect((yield* Effect.flip(signUp("p@example.com", Redacted.make(text))))._tag).toBe("PasswordUnacceptable")
      }
      expect((yield* signUp("p@example.com", Redacted.make("x".repeat(128))))._tag).toBe("Made")
    }).pipe(Effect.provide(layer))
  )
})
