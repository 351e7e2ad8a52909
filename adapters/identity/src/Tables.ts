/**
 * The columns of schema `identity` that this adapter itself reads and writes. better-auth knows the rest; `Migration`
 * makes them all.
 */
import type { Kysely } from "kysely"

/** A moment as drivers give it: a `Date`, or text when the pool's owner turned parsing off. */
type Instant = Date | string

interface User {
  id: string
  name: string
  email: string
  emailVerified: boolean
  createdAt: Instant
  updatedAt: Instant
}

interface Session {
  id: string
  userId: string
  expiresAt: Instant
  createdAt: Instant
  activeOrganizationId: string | null
}

interface Account {
  id: string
  accountId: string
  providerId: string
  userId: string
  password: string | null
  createdAt: Instant
  updatedAt: Instant
}

interface Organization {
  id: string
  name: string
  slug: string
  createdAt: Instant
}

interface Member {
  id: string
  organizationId: string
  userId: string
  role: string
  createdAt: Instant
}

interface ApiKey {
  id: string
  configId: string
  name: string | null
  start: string | null
  prefix: string | null
  referenceId: string
  key: string
  enabled: boolean | null
  rateLimitEnabled: boolean | null
  requestCount: number | null
  expiresAt: Instant | null
  createdAt: Instant
  updatedAt: Instant
  metadata: string | null
}

interface Attempt {
  key: string
  count: number
  resetsAt: Instant
}

/** Tables of schema `identity`. */
export type Tables = {
  user: User
  session: Session
  account: Account
  organization: Organization
  member: Member
  apikey: ApiKey
  attempt: Attempt
}

/** A database with these tables; qualified with `withSchema(schema)` before use. */
export type Database = Kysely<Tables>

/** The schema's name. */
export const schema = "identity"
