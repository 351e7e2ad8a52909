/**
 * Leases on secrets, and the end of a secret: one statement each (migration 0021). They go by the database's clock,
 * whatever the callers' clocks say. One whose answer is lost is looked up by its attempt.
 */
import type { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { DateTime, Duration, Effect } from "effect"
import { sql } from "kysely"
import { type Looked, sendSingle } from "../store/single.ts"
import { columnOf, only, type SecretName, type VaultContext } from "./rows.ts"
import { trying } from "./write.ts"

const { LeaseHeld, LeaseLost, SecretNotFound } = TokenVault

interface Answer {
  readonly answer: "done" | "held" | "absent"
  readonly fence: number | null
  readonly held_until: Date | null
}

/** What is done to a secret and its lease. */
interface Doing extends SecretName {
  readonly what: "take" | "renew" | "release" | "remove"
  readonly fence?: number
  readonly life?: Duration.Duration
}

const send = (
  { store: { database } }: VaultContext,
  { fence, life, organizationId, reference, what }: Doing
): Promise<Answer> => {
  const column = columnOf(reference)
  const seconds = life === undefined ? 0 : Duration.toMillis(life) / 1000
  return sendSingle<Answer>(database, {
    send: async (kysely, id) => {
      const { rows } = await sql<Answer>`select answer, fence, held_until from portolan.change_lease(${organizationId},
        ${id}, ${column}, ${what}, ${fence ?? null}::bigint, ${seconds}::double precision)`.execute(kysely)
      const [row] = rows
      if (row === undefined) throw new Error("a lease that is changed has no answer")
      return row
    },
    look: async (kysely, id): Promise<Looked<Answer>> => {
      const { rows } = await sql<Answer>`select answer, fence, held_until
        from portolan.abandon_lease(${organizationId}, ${id}, ${column})`.execute(kysely)
      const [row] = rows
      return row?.answer === "done" ? { value: row } : "absent"
    }
  })
}

const leaseOf = (reference: string, { fence, held_until: until }: Answer): TokenVault.Lease => ({
  reference,
  fence: Number(fence),
  expiresAt: DateTime.makeUnsafe(until ?? 0)
})

/** Takes a lease that nobody has. */
export const acquireLease = Effect.fn("TokenVault.acquireLease")(function* (
  context: VaultContext,
  name: SecretName,
  life: Duration.Duration
) {
  const { reference } = name
  return yield* trying(context, "taking a lease", async () => {
    const found = await send(context, { ...name, what: "take", life })
    if (found.answer === "done") return leaseOf(reference, found)
    throw found.answer === "absent"
      ? new SecretNotFound({ reference })
      : new LeaseHeld({ reference, until: DateTime.makeUnsafe(found.held_until ?? 0) })
  }).pipe(only("SecretNotFound", "LeaseHeld"))
})

/** Prolongs a lease that is still held. */
export const renewLease = Effect.fn("TokenVault.renewLease")(function* (
  context: VaultContext,
  organizationId: Id.OrganizationId,
  { fence, reference }: TokenVault.Lease,
  life: Duration.Duration
) {
  return yield* trying(context, "prolonging a lease", async () => {
    const found = await send(context, { organizationId, reference, what: "renew", fence, life })
    if (found.answer !== "done") throw new LeaseLost({ reference })
    return leaseOf(reference, found)
  }).pipe(only("LeaseLost"))
})

/** Gives a lease back. Answers whether it was still held. */
export const releaseLease = Effect.fn("TokenVault.releaseLease")(function* (
  context: VaultContext,
  organizationId: Id.OrganizationId,
  { fence, reference }: TokenVault.Lease
) {
  return yield* trying(context, "giving a lease back", async () => {
    const { answer } = await send(context, { organizationId, reference, what: "release", fence })
    return answer === "done"
  }).pipe(only())
})

/** Deletes a secret. Its row stays, so that versions and fences never repeat. */
export const remove = Effect.fn("TokenVault.remove")(function* (context: VaultContext, name: SecretName) {
  return yield* trying(context, "forgetting a secret", async () => {
    const { answer } = await send(context, { ...name, what: "remove" })
    return answer === "done"
  }).pipe(only())
})
