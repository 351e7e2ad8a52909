/** Who can sign in, with their sessions and mailed tokens, as one immutable value. */
import type { Id } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { type DateTime, Duration, HashMap, Redacted } from "effect"

/** A person who can sign in. Their address counts as verified. */
export interface Person extends Identity.Person {
  readonly password: Redacted.Redacted<string>
}

/** The cookie that carries a session. */
export const cookieName = "portolan_session"

/** Attempts for one address (passwords, or mails of one kind) until the next is refused, and for how many seconds. */
export const attempts = { limit: 10, waitSeconds: 60 } as const

/** How long mailed tokens live. */
export const tokenLife = { verification: Duration.days(1), reset: Duration.hours(1) } as const

/** Somebody who signed up. */
export interface Known extends Person {
  readonly verified: boolean
}

/** A session. */
export type Session = Pick<Identity.Session, "personId" | "organizationId">

/** A token that was mailed. */
export interface MailedToken {
  readonly personId: Id.PersonId
  readonly use: keyof typeof tokenLife
  readonly expiresAt: DateTime.Utc
}

/** Everybody, and everything that lets them in. */
export interface IdentityState {
  readonly people: HashMap.HashMap<Id.PersonId, Known>
  /** By digest of the session's token. */
  readonly sessions: HashMap.HashMap<string, Session>
  /** By digest. */
  readonly tokens: HashMap.HashMap<string, MailedToken>
  /** Attempts, by their purpose and the address. */
  readonly attempts: HashMap.HashMap<string, { readonly count: number; readonly until: DateTime.Utc }>
}

/** The token of the session cookie. */
export const sessionIn = (headers: Headers): string | undefined =>
  (headers.get("cookie") ?? "")
    .split(/;\s*/)
    .find((pair) => pair.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1)

/** A `Set-Cookie` value that lives for some seconds. */
export const cookie = (value: string, seconds: number) =>
  `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}`

/** An address as it is compared. */
export const address = (email: string) => email.trim().toLowerCase()

/** The person with an address. */
export const byAddress = ({ people }: IdentityState, email: string): Known | undefined =>
  HashMap.toValues(people).find((one) => address(one.email) === address(email))

/** What a session tells of its person. */
export const personOf = ({ email, name, personId }: Known): Identity.Person => ({ personId, name, email })

/** Whether a password has an acceptable length. */
export const acceptable = (password: Redacted.Redacted<string>) => {
  const { length } = Redacted.value(password)
  return length >= Identity.passwordLength.shortest && length <= Identity.passwordLength.longest
}

/** People whose addresses count as verified; no sessions yet. */
export const begin = (people: ReadonlyArray<Person>): IdentityState => ({
  people: HashMap.fromIterable(people.map((person) => [person.personId, { ...person, verified: true }])),
  sessions: HashMap.empty(),
  tokens: HashMap.empty(),
  attempts: HashMap.empty()
})
