import { describe, expect, it } from "@effect/vitest"
import { Callers, Identity, SigningUp } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { carrying, email, mailedToken, mails, password, signedUp } from "../support/people.ts"
import { world } from "../support/world.ts"

const nobody = new Headers()

describe("signing up (flow P4, rule P-R4)", () => {
  it.effect(
    "an address is proven by its mail, and then its person is signed in and belongs to nothing yet (P-R5)",
    () =>
      Effect.gen(function* () {
        const callers = yield* Callers.Callers
        const { headers, person } = yield* signedUp("Ada")
        expect([person.name, person.email]).toEqual(["Ada", "ada@example.com"])
        expect((yield* callers.person(headers)).personId).toBe(person.personId)
        expect((yield* Effect.flip(callers.whoIs(headers)))._tag).toBe("NoOrganization")
      }).pipe(Effect.provide(world))
  )

  it.effect("nobody signs in before the address is proven, and a mail that did not arrive is sent again", () =>
    Effect.gen(function* () {
      const signingUp = yield* SigningUp.SigningUp
      const identity = yield* Identity.Identity
      yield* signingUp.signUp({ name: "Ada", email: email("Ada"), password, back: "/join/abc" }, nobody)
      expect((yield* Effect.flip(identity.signIn(email("Ada"), password, nobody)))._tag).toBe("EmailUnverified")
      const [first] = yield* mails()
      expect(first?.emailMessage.text).toContain("?return=%2Fjoin%2Fabc")
      yield* TestClock.adjust("1 second")
      yield* signingUp.resend(email("Ada"), nobody)
      expect(yield* mails()).toHaveLength(2)
      yield* signingUp.verify(yield* mailedToken(email("Ada"), "/verify/"), nobody)
      expect(yield* identity.signIn(email("Ada"), password, nobody)).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("a link that is too old, used or made up is refused alike", () =>
    Effect.gen(function* () {
      const signingUp = yield* SigningUp.SigningUp
      yield* signingUp.signUp({ name: "Ada", email: email("Ada"), password }, nobody)
      const late = yield* mailedToken(email("Ada"), "/verify/")
      yield* TestClock.adjust(Identity.mailedTokenLife.verification)
      yield* TestClock.adjust("1 second")
      expect((yield* Effect.flip(signingUp.verify(late, nobody)))._tag).toBe("TokenInvalid")
      expect((yield* Effect.flip(signingUp.verify(Redacted.make("made-up"), nobody)))._tag).toBe("TokenInvalid")
      yield* TestClock.adjust("1 second")
      yield* signingUp.resend(email("Ada"), nobody)
      const good = yield* mailedToken(email("Ada"), "/verify/")
      yield* signingUp.verify(good, nobody)
      expect((yield* Effect.flip(signingUp.verify(good, nobody)))._tag).toBe("TokenInvalid")
    }).pipe(Effect.provide(world))
  )

  it.effect(
    "an address that is registered is answered like a new one; the mail tells its owner, and leads to a new password",
    () =>
      Effect.gen(function* () {
        const signingUp = yield* SigningUp.SigningUp
        const identity = yield* Identity.Identity
        const { headers } = yield* signedUp("Ada")
        yield* TestClock.adjust("1 second")
        const answer = yield* signingUp.signUp(
          { name: "Eve", email: email("Ada"), password: Redacted.make("password of Eve") },
          nobody
        )
        expect(answer).toBeUndefined()
        const [mail] = yield* mails()
        expect(mail?.emailMessage.subject).toBe("You already have a sign-in for Portolan")
        expect(mail?.emailMessage.text).not.toContain("/verify/")
        expect((yield* Effect.flip(identity.signIn(email("Ada"), Redacted.make("password of Eve"), nobody)))._tag).toBe(
          "WrongCredentials"
        )

        const token = yield* mailedToken(email("Ada"), "/reset/")
        yield* signingUp.reset(token, Redacted.make("another long password"))
        expect((yield* Effect.flip(identity.whoIs(headers)))._tag).toBe("NotSignedIn")
        yield* identity.signIn(email("Ada"), Redacted.make("another long password"), nobody)
        expect((yield* Effect.flip(signingUp.reset(token, Redacted.make("a third long password"))))._tag).toBe(
          "TokenInvalid"
        )
      }).pipe(Effect.provide(world))
  )

  it.effect(
    "a sign-up that somebody else began does not keep their password: the address gets a link to a new one",
    () =>
      Effect.gen(function* () {
        const signingUp = yield* SigningUp.SigningUp
        yield* signingUp.signUp(
          { name: "Eve", email: email("Ada"), password: Redacted.make("password of Eve") },
          nobody
        )
        yield* TestClock.adjust("1 second")
        yield* signingUp.signUp({ name: "Ada", email: email("Ada"), password }, nobody)
        const [mail] = yield* mails()
        expect([mail?.emailMessage.text.includes("/reset/"), mail?.emailMessage.text.includes("/verify/")]).toEqual([
          true,
          false
        ])
      }).pipe(Effect.provide(world))
  )

  it.effect("a forgotten password of nobody is answered like that of somebody, without a mail", () =>
    Effect.gen(function* () {
      const signingUp = yield* SigningUp.SigningUp
      yield* signedUp("Ada")
      const before = (yield* mails()).length
      expect(yield* signingUp.forgotten(email("Nobody"), nobody)).toBeUndefined()
      expect(yield* signingUp.resend(email("Nobody"), nobody)).toBeUndefined()
      expect(yield* mails()).toHaveLength(before)
      expect(yield* signingUp.forgotten(email("Ada"), nobody)).toBeUndefined()
      expect(yield* mails()).toHaveLength(before + 1)
    }).pipe(Effect.provide(world))
  )

  it.effect("a cookie that was made up is nobody's", () =>
    Effect.gen(function* () {
      const callers = yield* Callers.Callers
      expect((yield* Effect.flip(callers.person(carrying(["portolan_session=made-up; Path=/"]))))._tag).toBe(
        "NotSignedIn"
      )
    }).pipe(Effect.provide(world))
  )
})
