/** Attempts that are refused, each of them twice, and what is on record of them afterwards: for every store. */
import { type Access, Id } from "@portolan/domain"
import { ApiKeys, Audit, AuditLog, Callers, Connecting, SigningUp, type AuditLog as Log } from "@portolan/ports"
import { DateTime, Effect, Redacted } from "effect"
import { expect } from "vitest"
import { email, founder } from "../support/people.ts"
import { account, cookie } from "../support/world.ts"

/** What must not be on record: it opens something, or it is what a stranger typed. */
const typed = {
  state: "state-that-nobody-was-given",
  code: "code-that-was-stolen",
  browser: "cookie-of-another-browser",
  password: "a password that is wrong",
  nobody: "nobody@example.com"
}

/** More attempts than any limit allows in a row. */
const attempts = 12

const twice = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.andThen(effect, effect)

/** The security events of an organization, as its owner reads them. */
const securityOf = (caller: Access.Caller) =>
  Effect.map(
    Effect.flatMap(Audit.Audit, ({ records }) => records(caller, ["Security"], { limit: 100 })),
    ({ items }) => items.flatMap((one) => (one._tag === "Security" ? [one.event] : []))
  )

/** Waits for what is recorded after the answer. */
const until = <E, R>(read: Effect.Effect<ReadonlyArray<Log.SecurityEvent>, E, R>, kind: Log.SecurityKind) =>
  Effect.gen(function* () {
    for (let turn = 0; turn < 2_000; turn++) {
      const found = yield* read
      if (found.some((one) => one.kind === kind)) return found
      yield* Effect.yieldNow
    }
    return yield* Effect.die(`nothing of the kind ${kind} was recorded`)
  })

const signInTooOften = (to: string) =>
  Effect.gen(function* () {
    const { signIn } = yield* SigningUp.SigningUp
    const wrong = Redacted.make(typed.password)
    const ends: Array<string> = []
    for (let attempt = 0; attempt < attempts; attempt++) {
      ends.push((yield* Effect.flip(signIn(to, wrong, new Headers())))._tag)
    }
    expect(ends.slice(-2)).toEqual(["TooManyAttempts", "TooManyAttempts"])
  })

const useAfterRevocation = Effect.fnUntraced(function* (owner: Access.Caller) {
  const keys = yield* ApiKeys.ApiKeys
  const { whoIs } = yield* Callers.Callers
  const { key, secret } = yield* keys.create(owner, { name: "Nightly export", scopes: ["read"] })
  const text = secret === undefined ? "" : Redacted.value(secret)
  const headers = new Headers({ authorization: `Bearer ${text}` })
  yield* whoIs(headers)
  yield* keys.revoke(owner, key.id)
  expect((yield* twice(Effect.flip(whoIs(headers))))._tag).toBe("NotSignedIn")
  return { id: key.id, text }
})

const comeBackElsewhere = Effect.fnUntraced(function* (owner: Access.Caller) {
  const { authenticateNow, receive } = yield* Connecting.Connecting
  const { ads } = yield* account(owner)
  const { authorizationId, browser, url } = yield* authenticateNow(owner, ads.id)
  const state = url.searchParams.get("state") ?? ""
  const query = new URLSearchParams({ code: typed.code, state })
  expect(yield* twice(receive("amazon-ads", query, cookie(typed.browser)))).toEqual({ _tag: "BrowserMismatch" })
  return { connectionId: ads.id, id: authorizationId, secrets: [state, Redacted.value(browser)] }
})

/** Lets each kind of attempt be refused, and looks at the records; gives what a test goes on with. */
export const story = Effect.gen(function* () {
  const ada = yield* founder("Ada")
  const rex = yield* founder("Rex")
  const { receive } = yield* Connecting.Connecting
  const unknown = new URLSearchParams({ code: typed.code, state: typed.state })
  expect(yield* twice(receive("amazon-ads", unknown, cookie(typed.browser)))).toEqual({ _tag: "Unknown" })
  const attempt = yield* comeBackElsewhere(ada.caller)
  const key = yield* useAfterRevocation(ada.caller)
  yield* signInTooOften(email("Ada"))
  yield* signInTooOften(typed.nobody)

  const log = yield* AuditLog.AuditLog
  const ours = yield* until(securityOf(ada.caller), "sign-in-limited")
  const installation = yield* until(
    Effect.map(log.securityEvents(Id.installation, { limit: 100 }), ({ items }) => items),
    "sign-in-limited"
  )
  const about = (events: ReadonlyArray<Log.SecurityEvent>) =>
    Object.fromEntries(events.map(({ detail, kind, subject }) => [kind, { subject, detail }]))
  expect(about(ours)).toEqual({
    "callback-foreign-browser": {
      subject: attempt.id,
      detail: { channel: "amazon-ads", connectionId: attempt.connectionId }
    },
    "api-key-used-after-revocation": { subject: key.id, detail: { name: "Nightly export" } },
    "sign-in-limited": { subject: ada.person.personId, detail: { name: "Ada" } }
  })
  expect(about(installation)).toEqual({
    "oauth-state-refused": { subject: "amazon-ads", detail: { channel: "amazon-ads" } },
    "sign-in-limited": { subject: "unknown", detail: {} }
  })
  // Twice within a minute is one event; where the minute changed between both there are two.
  for (const events of [ours, installation]) {
    const minutes = events.map(({ at, kind }) => `${kind} ${Math.floor(DateTime.toEpochMillis(at) / 60_000)}`)
    expect(new Set(minutes).size).toBe(events.length)
  }
  // Nobody else sees any of it, and nothing of it opens anything.
  expect(yield* securityOf(rex.caller)).toEqual([])
  for (const secret of [...Object.values(typed), ...attempt.secrets, key.text, email("Ada")]) {
    expect(JSON.stringify([ours, installation])).not.toContain(secret)
  }
  return { ada, ours, again: twice(Effect.flip(whoIsWith(key.text))), read: securityOf(ada.caller) }
})

const whoIsWith = (key: string) =>
  Effect.flatMap(Callers.Callers, ({ whoIs }) => whoIs(new Headers({ authorization: `Bearer ${key}` })))
