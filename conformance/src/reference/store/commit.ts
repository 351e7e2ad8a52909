import type { Aggregate } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { history, type Held, type Ledger } from "./Ledger.ts"
import type { Seams } from "./seams.ts"

/** Why a change is refused. */
export type Refusal = Exclude<UnitOfWork.CommitError, { readonly _tag: "StoreUnavailable" }>

const ownKey = (change: UnitOfWork.Change, key: string) => JSON.stringify([change.organizationId, key])

const keyRefusal = (ledger: Ledger, change: UnitOfWork.Change): Refusal | undefined => {
  if (change.idempotency === undefined) return
  const { key, fingerprint } = change.idempotency
  const before = ledger.keys.get(ownKey(change, key))
  if (before === undefined) return
  return before.fingerprint === fingerprint
    ? new UnitOfWork.AlreadyDone({ key, resource: before.resource })
    : new UnitOfWork.KeyReused({ key })
}

const workRefusal = (ledger: Ledger, seams: Seams, { completes, organizationId }: UnitOfWork.Change) => {
  if (completes === undefined) return
  const task = ledger.tasks.get(completes)
  const own = task?.job.organizationId === organizationId
  return seams.isWaiting(own ? task.waits : undefined) ? undefined : new UnitOfWork.JobGone({ jobId: completes })
}

const versionRefusal = (ledger: Ledger, seams: Seams, change: UnitOfWork.Change): Refusal | undefined => {
  for (const write of change.writes) {
    const { kind, id, expected } = write
    const found = ledger.rows.get(seams.place(change.organizationId, kind, id))?.version ?? 0
    if (seams.isStale(write, found)) return new UnitOfWork.VersionConflict({ kind, id, expected, found })
  }
  return
}

/** Frees before it binds. Gives the bound profiles as they would be, or the refusal. */
const settle = (ledger: Ledger, seams: Seams, change: UnitOfWork.Change): Map<string, Held> | Refusal => {
  const claims = new Map(ledger.claims)
  const { organizationId } = change
  for (const claim of change.claims) {
    const place = seams.claimPlace(claim.key, organizationId)
    const holder = claims.get(place)
    if (claim._tag === "Release" && holder !== undefined && seams.frees(change, claim, holder)) claims.delete(place)
  }
  for (const claim of change.claims) {
    if (claim._tag === "Release") continue
    const { key, accountId, connectionId } = claim
    const place = seams.claimPlace(key, organizationId)
    const holder = claims.get(place)
    if (holder !== undefined && (holder.organizationId !== organizationId || holder.connectionId !== connectionId)) {
      return seams.taken(change, key, holder)
    }
    claims.set(place, { organizationId, key, accountId, connectionId })
  }
  return claims
}

/** Writes the states of a change. */
export const writeStates = (ledger: Ledger, seams: Seams, { organizationId, writes }: UnitOfWork.Change) => {
  for (const write of writes) {
    const { kind, id, next } = write
    const state = seams.keep(next)
    ledger.rows.set(seams.place(organizationId, kind, id), {
      organizationId,
      kind,
      id,
      version: seams.version(write),
      state
    })
  }
}

/** The events of a change as they will be recorded, numbered from `first`. */
export const recorded = (seams: Seams, change: UnitOfWork.Change, first: number): ReadonlyArray<Aggregate.Recorded> =>
  change.writes
    .flatMap((write) => write.events.map(({ id, event }) => ({ id, event, write })))
    .map(({ id, event, write }, index) => ({
      id,
      organizationId: change.organizationId,
      position: first + index,
      aggregate: { kind: write.kind, id: write.id },
      version: seams.version(write),
      at: change.at,
      actor: change.actor,
      event: seams.keep(event)
    }))

/** Appends the events of a change. */
export const append = (ledger: Ledger, seams: Seams, change: UnitOfWork.Change) => {
  const past = history(ledger, change.organizationId)
  past.push(...recorded(seams, change, past.length + 1))
}

/** Writes down the work of a change. */
export const schedule = (ledger: Ledger, seams: Seams, { jobs }: UnitOfWork.Change) => {
  for (const job of jobs) ledger.tasks.set(job.id, { job: seams.keep(job), waits: true })
}

/** Writes down the key of a change. */
export const idempotency = (ledger: Ledger, change: UnitOfWork.Change) => {
  if (change.idempotency !== undefined) ledger.keys.set(ownKey(change, change.idempotency.key), change.idempotency)
}

/** Finds a key of an organization. */
export const idempotentResource = (ledger: Ledger, organizationId: string, key: string) =>
  ledger.keys.get(JSON.stringify([organizationId, key]))

/** Makes a change happen, all of it or nothing. */
export const commit = (ledger: Ledger, seams: Seams, change: UnitOfWork.Change): UnitOfWork.Committed | Refusal => {
  const refusal =
    keyRefusal(ledger, change) ?? workRefusal(ledger, seams, change) ?? versionRefusal(ledger, seams, change)
  if (refusal !== undefined) return refusal
  const claims = settle(ledger, seams, change)
  if (!(claims instanceof Map)) return claims
  ledger.claims.clear()
  for (const [place, held] of claims) ledger.claims.set(place, held)
  const task = change.completes === undefined ? undefined : ledger.tasks.get(change.completes)
  if (task !== undefined) ledger.tasks.set(task.job.id, { ...task, waits: false })
  writeStates(ledger, seams, change)
  append(ledger, seams, change)
  schedule(ledger, seams, change)
  idempotency(ledger, change)
  return {
    versions: new Map(change.writes.map((write) => [write.id, seams.version(write)])),
    position: history(ledger, change.organizationId).length
  }
}
