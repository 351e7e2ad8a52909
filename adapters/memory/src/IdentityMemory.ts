/** People given as data. Signs them in by password, and knows API keys until the process ends. */
import type { Access, Id } from "@portolan/domain"
import { Identity, Secrets } from "@portolan/ports"
import { DateTime, Effect, HashMap, Layer, Option, Redacted, Ref } from "effect"

/** A person, her organization and her role in it. */
export interface Member {
  readonly personId: Id.PersonId
  readonly name: string
  readonly email: string
  readonly password: Redacted.Redacted<string>
  readonly organizationId: Id.OrganizationId
  readonly organizationName: string
  readonly role: Access.Role
}

/** The cookie that carries a session. */
export const cookieName = "portolan_session"

/** Wrong passwords for one e-mail after which the next try is refused, and for how long in seconds. */
export const attempts = { limit: 10, waitSeconds: 60 } as const

interface Key {
  readonly key: Identity.ApiKey
  readonly signedIn: Identity.SignedIn
}

interface Desk {
  /** By digest of the session's token. */
  readonly sessions: HashMap.HashMap<string, Member>
  /** By digest of the key's secret. */
  readonly keys: HashMap.HashMap<string, Key>
  readonly failures: HashMap.HashMap<string, { readonly count: number; readonly until: DateTime.Utc }>
}

const signedIn = (member: Member): Identity.SignedIn => ({
  organizationId: member.organizationId, organizationName: member.organizationName, role: member.role,
  name: member.name, email: member.email,
  actor: { _tag: "Person", personId: member.personId, name: member.name }
})

const sessionIn = (headers: Headers): string | undefined =>
  (headers.get("cookie") ?? "").split(/;\s*/).find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1)

const cookie = (value: string, seconds: number) =>
  `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}`

/** Knows these people and nobody else. */
export const layer = (members: ReadonlyArray<Member>): Layer.Layer<Identity.Identity, never, Secrets.Secrets> =>
  Layer.fresh(Layer.effect(Identity.Identity, Effect.gen(function*() {
    const secrets = yield* Secrets.Secrets
    const desk = yield* Ref.make<Desk>({ sessions: HashMap.empty(), keys: HashMap.empty(), failures: HashMap.empty() })
    const digest = (text: string) => secrets.digest(Redacted.make(text))

    const refuse = Effect.fnUntraced(function*(email: string) {
      const now = yield* DateTime.now
      yield* Ref.update(desk, (state) => {
        const before = Option.getOrUndefined(HashMap.get(state.failures, email))
        const count = before !== undefined && DateTime.isGreaterThan(before.until, now) ? before.count + 1 : 1
        const until = DateTime.add(now, { seconds: attempts.waitSeconds })
        return { ...state, failures: HashMap.set(state.failures, email, { count, until }) }
      })
      return yield* new Identity.WrongCredentials()
    })

    return Identity.Identity.of({
      whoIs: Effect.fn("Identity.whoIs")(function*(headers) {
        const { keys, sessions } = yield* Ref.get(desk)
        const bearer = /^Bearer (\S+)$/i.exec(headers.get("authorization") ?? "")?.[1]
        if (bearer !== undefined) {
          const found = HashMap.get(keys, yield* digest(bearer))
          return found._tag === "Some" ? found.value.signedIn : yield* new Identity.NotSignedIn()
        }
        const session = sessionIn(headers)
        if (session === undefined) return yield* new Identity.NotSignedIn()
        const member = HashMap.get(sessions, yield* digest(session))
        return member._tag === "Some" ? signedIn(member.value) : yield* new Identity.NotSignedIn()
      }),

      signIn: Effect.fn("Identity.signIn")(function*(email, password) {
        const address = email.trim().toLowerCase()
        const now = yield* DateTime.now
        const failed = Option.getOrUndefined(HashMap.get((yield* Ref.get(desk)).failures, address))
        if (failed !== undefined && failed.count >= attempts.limit && DateTime.isGreaterThan(failed.until, now)) {
          return yield* new Identity.TooManyAttempts({ retryAfterSeconds: attempts.waitSeconds })
        }
        const member = members.find((one) => one.email.toLowerCase() === address)
        if (member === undefined || Redacted.value(member.password) !== Redacted.value(password)) {
          return yield* refuse(address)
        }
        const token = Redacted.value(yield* secrets.token)
        const key = yield* digest(token)
        yield* Ref.update(desk, (state) => ({
          ...state, sessions: HashMap.set(state.sessions, key, member), failures: HashMap.remove(state.failures, address)
        }))
        return [cookie(token, 604_800)]
      }),

      signOut: Effect.fn("Identity.signOut")(function*(headers) {
        const session = sessionIn(headers)
        if (session !== undefined) {
          const key = yield* digest(session)
          yield* Ref.update(desk, (state) => ({ ...state, sessions: HashMap.remove(state.sessions, key) }))
        }
        return [cookie("", 0)]
      }),

      createApiKey: Effect.fn("Identity.createApiKey")(function*(caller, name) {
        const secret = `pk_${Redacted.value(yield* secrets.token)}`
        const key: Identity.ApiKey = {
          id: (yield* digest(secret)).slice(0, 16), name, start: secret.slice(0, 7), createdAt: yield* DateTime.now
        }
        const owner = members.find((member) => member.organizationId === caller.organizationId)
        const entry: Key = { key, signedIn: {
          organizationId: caller.organizationId, organizationName: owner?.organizationName ?? "", role: caller.role,
          name, email: "", actor: { _tag: "ApiKey", keyId: key.id, name }
        } }
        const place = yield* digest(secret)
        yield* Ref.update(desk, (state) => ({ ...state, keys: HashMap.set(state.keys, place, entry) }))
        return { key, secret: Redacted.make(secret) }
      }),

      apiKeys: Effect.fn("Identity.apiKeys")(function*(organizationId) {
        return HashMap.toValues((yield* Ref.get(desk)).keys)
          .filter((entry) => entry.signedIn.organizationId === organizationId)
          .map((entry) => entry.key)
          .toSorted((one, other) => DateTime.toEpochMillis(other.createdAt) - DateTime.toEpochMillis(one.createdAt))
      }),

      revokeApiKey: Effect.fn("Identity.revokeApiKey")(function*(organizationId, keyId) {
        return yield* Ref.modify(desk, (state) => {
          const isIt = (entry: Key) => entry.key.id === keyId && entry.signedIn.organizationId === organizationId
          const kept = HashMap.filter(state.keys, (entry) => !isIt(entry))
          return [HashMap.size(kept) < HashMap.size(state.keys), { ...state, keys: kept }]
        })
      })
    })
  })))
