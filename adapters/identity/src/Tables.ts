/**
 * The columns of schema `identity` that this adapter reads and writes with kysely's builder. better-auth and the
 * written-out statements know the rest; `Migration` makes them all.
 */
import type { Kysely } from "kysely"

/** A moment as drivers give it: a `Date`, or text when the pool's owner turned parsing off. */
export type Instant = Date | string

interface User {
  id: string
  name: string
  email: string
  emailVerified: boolean
}

interface Session {
  id: string
  token: string
  userId: string
  expiresAt: Instant
  createdAt: Instant
  activeOrganizationId: string | null
}

interface Account {
  id: string
  providerId: string
  userId: string
  password: string | null
}

interface Verification {
  id: string
  identifier: string
  value: string
  expiresAt: Instant
}

interface Attempt {
  key: string
  count: number
  resetsAt: Instant
}

/** Tables of schema `identity`. */
export type Tables = { user: User; session: Session; account: Account; verification: Verification; attempt: Attempt }

/** A database with these tables; qualified with `withSchema(schema)` before use. */
export type Database = Kysely<Tables>

/** The schema's name. */
export const schema = "identity"
