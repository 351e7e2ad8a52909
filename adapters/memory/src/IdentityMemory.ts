/** People given as data, and those who sign up, until the process ends. */
import type { Id } from "@portolan/domain"
import { Identity, Secrets } from "@portolan/ports"
import { DateTime, Duration, Effect, HashMap, Layer, Option, Redacted, Ref } from "effect"

/** A person who can sign in: her address counts as proven. */
export interface Person extends Identity.Person {
  readonly password: Redacted.Redacted<string>
}

/** The cookie that carries a session. */
export const cookieName = "portolan_session"

/**
 * Tries for one address (wrong passwords, or mails of one sort) after which the next is refused, and for how long in
 * seconds.
 */
export const attempts = { limit: 10, waitSeconds: 60 } as const

/** How long mailed tokens live. */
export const tokenLife = { verification: Duration.days(1), reset: Duration.hours(1) } as const

interface Known extends Person {
  readonly verified: boolean
}

type Session = Pick<Identity.Session, "personId" | "organizationId">

interface MailedToken {
  readonly personId: Id.PersonId
  readonly use: keyof typeof tokenLife
  readonly expiresAt: DateTime.Utc
}

interface Desk {
  readonly people: HashMap.HashMap<Id.PersonId, Known>
  /** By digest of the session's token. */
  readonly sessions: HashMap.HashMap<string, Session>
  /** By digest. */
  readonly tokens: HashMap.HashMap<string, MailedToken>
  /** By what is tried and the address. */
  readonly tries: HashMap.HashMap<string, { readonly count: number; readonly until: DateTime.Utc }>
}

const sessionIn = (headers: Headers): string | undefined =>
  (headers.get("cookie") ?? "")
    .split(/;\s*/)
    .find((pair) => pair.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1)

const cookie = (value: string, seconds: number) =>
  `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}`

const address = (email: string) => email.trim().toLowerCase()

const byAddress = ({ people }: Desk, email: string): Known | undefined =>
  HashMap.toValues(people).find((one) => address(one.email) === address(email))

const personOf = ({ email, name, personId }: Known): Identity.Person => ({ personId, name, email })

const acceptable = (password: Redacted.Redacted<string>) => {
  const { length } = Redacted.value(password)
  return length >= Identity.passwordLength.shortest && length <= Identity.passwordLength.longest
}

const begin = (people: ReadonlyArray<Person>): Desk => ({
  people: HashMap.fromIterable(people.map((person) => [person.personId, { ...person, verified: true }])),
  sessions: HashMap.empty(),
  tokens: HashMap.empty(),
  tries: HashMap.empty()
})

/** Knows these people, and who signs up. */
export const layer = (people: ReadonlyArray<Person>): Layer.Layer<Identity.Identity, never, Secrets.Secrets> =>
  Layer.fresh(
    Layer.effect(
      Identity.Identity,
      Effect.gen(function* () {
        const secrets = yield* Secrets.Secrets
        const desk = yield* Ref.make(begin(people))
        const digest = (text: string) => secrets.digest(Redacted.make(text))

        /** Counts a try; the one after the limit is refused until the wait is over. */
        const attempt = Effect.fnUntraced(function* (what: string, email: string) {
          const now = yield* DateTime.now
          const place = `${what} ${address(email)}`
          const allowed = yield* Ref.modify(desk, (state) => {
            const before = Option.getOrUndefined(HashMap.get(state.tries, place))
            const count = before !== undefined && DateTime.isGreaterThan(before.until, now) ? before.count + 1 : 1
            if (count > attempts.limit) return [false, state]
            const until = DateTime.add(now, { seconds: attempts.waitSeconds })
            return [true, { ...state, tries: HashMap.set(state.tries, place, { count, until }) }]
          })
          if (!allowed) return yield* new Identity.TooManyAttempts({ retryAfterSeconds: attempts.waitSeconds })
        })

        const mailed = Effect.fnUntraced(function* (known: Known, use: MailedToken["use"]) {
          const token = yield* secrets.token
          const key = yield* secrets.digest(token)
          const expiresAt = DateTime.addDuration(yield* DateTime.now, tokenLife[use])
          yield* Ref.update(desk, (state) => ({
            ...state,
            tokens: HashMap.set(state.tokens, key, { personId: known.personId, use, expiresAt })
          }))
          return { person: personOf(known), token }
        })

        /** Uses a token up and changes its person; every token works once. */
        const spend = Effect.fnUntraced(function* (
          token: Redacted.Redacted<string>,
          use: MailedToken["use"],
          change: (known: Known) => Known
        ) {
          const key = yield* secrets.digest(token)
          const now = yield* DateTime.now
          const changed = yield* Ref.modify(desk, (state): [Known | undefined, Desk] => {
            const found = Option.getOrUndefined(HashMap.get(state.tokens, key))
            const known =
              found === undefined ? undefined : Option.getOrUndefined(HashMap.get(state.people, found.personId))
            const works = found?.use === use && DateTime.isGreaterThan(found.expiresAt, now)
            if (known === undefined || !works) return [undefined, state]
            const next = change(known)
            return [
              next,
              {
                ...state,
                tokens: HashMap.remove(state.tokens, key),
                people: HashMap.set(state.people, known.personId, next)
              }
            ]
          })
          return changed ?? (yield* new Identity.TokenInvalid())
        })

        const open = Effect.fnUntraced(function* ({ personId }: Known) {
          const token = Redacted.value(yield* secrets.token)
          const key = yield* digest(token)
          yield* Ref.update(desk, (state) => ({ ...state, sessions: HashMap.set(state.sessions, key, { personId }) }))
          return [cookie(token, 604_800)]
        })

        const place = Effect.fnUntraced(function* (headers: Headers) {
          const session = sessionIn(headers)
          const key = session === undefined ? undefined : yield* digest(session)
          const found =
            key === undefined ? undefined : Option.getOrUndefined(HashMap.get((yield* Ref.get(desk)).sessions, key))
          return key === undefined || found === undefined ? yield* new Identity.NotSignedIn() : { key, session: found }
        })

        return Identity.Identity.of({
          whoIs: Effect.fn("Identity.whoIs")(function* (headers) {
            const { session } = yield* place(headers)
            const known = Option.getOrUndefined(HashMap.get((yield* Ref.get(desk)).people, session.personId))
            return known === undefined ? yield* new Identity.NotSignedIn() : { ...personOf(known), ...session }
          }),

          signUp: Effect.fn("Identity.signUp")(function* ({ email, name, password }) {
            if (!acceptable(password)) return yield* new Identity.PasswordUnacceptable()
            yield* attempt("sign-up", email)
            const fresh: Known = {
              personId: yield* secrets.id("person"),
              name,
              email: address(email),
              password,
              verified: false
            }
            const known = yield* Ref.modify(desk, (state): [Known | undefined, Desk] => {
              const before = byAddress(state, email)
              return before !== undefined
                ? [before, state]
                : [undefined, { ...state, people: HashMap.set(state.people, fresh.personId, fresh) }]
            })
            if (known !== undefined) return { _tag: "Known", person: personOf(known) }
            return { _tag: "Made", ...(yield* mailed(fresh, "verification")) }
          }),

          verification: Effect.fn("Identity.verification")(function* (email) {
            yield* attempt("verification", email)
            const known = byAddress(yield* Ref.get(desk), email)
            return known === undefined || known.verified ? undefined : yield* mailed(known, "verification")
          }),

          verify: Effect.fn("Identity.verify")(function* (token) {
            const known = yield* spend(token, "verification", (person) => ({ ...person, verified: true }))
            return { person: personOf(known), cookies: yield* open(known) }
          }),

          forgotten: Effect.fn("Identity.forgotten")(function* (email) {
            yield* attempt("forgotten", email)
            const known = byAddress(yield* Ref.get(desk), email)
            return known === undefined ? undefined : yield* mailed(known, "reset")
          }),

          resetPassword: Effect.fn("Identity.resetPassword")(function* (token, password) {
            if (!acceptable(password)) return yield* new Identity.PasswordUnacceptable()
            const known = yield* spend(token, "reset", (person) => ({ ...person, password, verified: true }))
            yield* Ref.update(desk, (state) => ({
              ...state,
              sessions: HashMap.filter(state.sessions, ({ personId }) => personId !== known.personId),
              // Who read an older mail does not get in with it afterwards.
              tokens: HashMap.filter(state.tokens, ({ personId }) => personId !== known.personId)
            }))
          }),

          signIn: Effect.fn("Identity.signIn")(function* (email, password) {
            yield* attempt("sign-in", email)
            const known = byAddress(yield* Ref.get(desk), email)
            if (known === undefined || Redacted.value(known.password) !== Redacted.value(password)) {
              return yield* new Identity.WrongCredentials()
            }
            if (!known.verified) return yield* new Identity.EmailUnverified({ email: known.email })
            yield* Ref.update(desk, (state) => ({
              ...state,
              tries: HashMap.remove(state.tries, `sign-in ${address(email)}`)
            }))
            return yield* open(known)
          }),

          signOut: Effect.fn("Identity.signOut")(function* (headers) {
            const session = sessionIn(headers)
            if (session !== undefined) {
              const key = yield* digest(session)
              yield* Ref.update(desk, (state) => ({ ...state, sessions: HashMap.remove(state.sessions, key) }))
            }
            return [cookie("", 0)]
          }),

          choose: Effect.fn("Identity.choose")(function* (headers, organizationId) {
            const { key } = yield* place(headers)
            yield* Ref.update(desk, (state) => ({
              ...state,
              sessions: HashMap.modify(state.sessions, key, (session) => ({ ...session, organizationId }))
            }))
          })
        })
      })
    )
  )
