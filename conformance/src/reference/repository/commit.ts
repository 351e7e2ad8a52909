import { type Aggregate, Window } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { history, type Held, type MemoryBackend } from "./MemoryBackend.ts"
import type { FaultPoints } from "./faultPoints.ts"

/** Why a change is refused. */
export type Refusal = Exclude<UnitOfWork.CommitError, { readonly _tag: "StoreUnavailable" }>

const ownKey = (change: UnitOfWork.Change, key: string) => JSON.stringify([change.organizationId, key])

const keyRefusal = (backend: MemoryBackend, change: UnitOfWork.Change): Refusal | undefined => {
  if (change.idempotency === undefined) return
  const { key, fingerprint } = change.idempotency
  const before = backend.keys.get(ownKey(change, key))
  if (before === undefined) return
  return before.fingerprint === fingerprint
    ? new UnitOfWork.AlreadyDone({ key, resource: before.resource })
    : new UnitOfWork.KeyReused({ key })
}

const workRefusal = (
  backend: MemoryBackend,
  faultPoints: FaultPoints,
  { completes, organizationId }: UnitOfWork.Change
) => {
  if (completes === undefined) return
  const task = backend.tasks.get(completes)
  const own = task?.job.organizationId === organizationId
  return faultPoints.isWaiting(own ? task.waits : undefined) ? undefined : new UnitOfWork.JobGone({ jobId: completes })
}

const versionRefusal = (
  backend: MemoryBackend,
  faultPoints: FaultPoints,
  change: UnitOfWork.Change
): Refusal | undefined => {
  for (const write of change.writes) {
    const { kind, id, expected } = write
    const found = backend.rows.get(faultPoints.place(change.organizationId, kind, id))?.version ?? 0
    if (faultPoints.isStale(write, found)) return new UnitOfWork.VersionConflict({ kind, id, expected, found })
  }
  return
}

const claimedPlace = (place: string, organizationId: string) => `claimed/${organizationId}/${place}`

/** Frees before it binds. Gives the bound profiles as they would be, or the refusal. */
const settle = (
  backend: MemoryBackend,
  faultPoints: FaultPoints,
  change: UnitOfWork.Change
): Map<string, Held> | Refusal => {
  const claims = new Map(backend.claims)
  const { organizationId } = change
  for (const claim of change.claims) {
    const place = faultPoints.claimPlace(claim.key, organizationId)
    for (const at of [place, claimedPlace(place, organizationId)]) {
      const holder = claims.get(at)
      if (claim._tag === "Release" && holder !== undefined && faultPoints.frees(change, claim, holder))
        claims.delete(at)
    }
  }
  for (const claim of change.claims) {
    if (claim._tag === "Release") continue
    const { key, accountId, connectionId } = claim
    const place = faultPoints.claimPlace(key, organizationId)
    const ownClaim = claims.get(claimedPlace(place, organizationId))
    const holder = claims.get(place)
    const isOwn = (held: Held) => held.organizationId === organizationId && held.connectionId === connectionId
    const before = [holder, ownClaim].find((held) => held !== undefined && isOwn(held))
    const claimed = faultPoints.isClaimed(claim, before)
    const answers = !claimed || faultPoints.answersClaims || holder?.organizationId === organizationId
    const obstacle = [ownClaim, answers ? holder : undefined].find((held) => held !== undefined && !isOwn(held))
    if (obstacle !== undefined) return faultPoints.taken(change, key, obstacle)
    if (!claimed) claims.delete(claimedPlace(place, organizationId))
    claims.set(claimed ? claimedPlace(place, organizationId) : place, {
      organizationId,
      key,
      accountId,
      connectionId,
      claimed
    })
  }
  return claims
}

/** Writes the states of a change. */
export const writeStates = (
  backend: MemoryBackend,
  faultPoints: FaultPoints,
  { organizationId, writes }: UnitOfWork.Change
) => {
  for (const write of writes) {
    const { kind, id, next } = write
    const state = faultPoints.keep(next)
    backend.rows.set(faultPoints.place(organizationId, kind, id), {
      organizationId,
      kind,
      id,
      version: faultPoints.version(write),
      state
    })
  }
}

/** The events of a change as they will be recorded, numbered from `first`. */
export const recorded = (
  faultPoints: FaultPoints,
  change: UnitOfWork.Change,
  first: number
): ReadonlyArray<Aggregate.Recorded> =>
  change.writes
    .flatMap((write) => write.events.map(({ id, event }) => ({ id, event, write })))
    .map(({ id, event, write }, index) => ({
      id,
      organizationId: change.organizationId,
      position: first + index,
      aggregate: { kind: write.kind, id: write.id },
      version: faultPoints.version(write),
      at: change.at,
      actor: change.actor,
      event: faultPoints.keep(event)
    }))

/** Appends the events of a change. */
export const append = (backend: MemoryBackend, faultPoints: FaultPoints, change: UnitOfWork.Change) => {
  const past = history(backend, change.organizationId)
  past.push(...recorded(faultPoints, change, past.length + 1))
}

/** The jobs of classes of which a change leaves no window open. */
const whenOver = ({ rows }: MemoryBackend, { organizationId, sums = [] }: UnitOfWork.Change) =>
  sums.flatMap(({ backfillId, dataClass, whenOver: job }) => {
    const open = [...rows.values()].some(({ kind, organizationId: of, state }) => {
      if (kind !== "window" || of !== organizationId) return false
      const window = state as Window.Present
      return window.backfillId === backfillId && window.dataClass === dataClass && Window.tally(window).open > 0
    })
    return job === undefined || open ? [] : [job]
  })

/** Writes down the work of a change. */
export const schedule = (backend: MemoryBackend, faultPoints: FaultPoints, change: UnitOfWork.Change) => {
  for (const job of [...change.jobs, ...whenOver(backend, change)])
    backend.tasks.set(job.id, { job: faultPoints.keep(job), waits: true })
}

/** Writes down the key of a change. */
export const idempotency = (backend: MemoryBackend, change: UnitOfWork.Change) => {
  if (change.idempotency !== undefined) backend.keys.set(ownKey(change, change.idempotency.key), change.idempotency)
}

/** Finds a key of an organization. */
export const idempotentResource = (backend: MemoryBackend, organizationId: string, key: string) =>
  backend.keys.get(JSON.stringify([organizationId, key]))

/** Makes a change happen, all of it or nothing. */
export const commit = (
  backend: MemoryBackend,
  faultPoints: FaultPoints,
  change: UnitOfWork.Change
): UnitOfWork.Committed | Refusal => {
  const refusal =
    keyRefusal(backend, change) ??
    workRefusal(backend, faultPoints, change) ??
    versionRefusal(backend, faultPoints, change)
  if (refusal !== undefined) return refusal
  const claims = settle(backend, faultPoints, change)
  if (!(claims instanceof Map)) return claims
  backend.claims.clear()
  for (const [place, held] of claims) backend.claims.set(place, held)
  const task = change.completes === undefined ? undefined : backend.tasks.get(change.completes)
  if (task !== undefined) backend.tasks.set(task.job.id, { ...task, waits: false })
  writeStates(backend, faultPoints, change)
  append(backend, faultPoints, change)
  schedule(backend, faultPoints, change)
  idempotency(backend, change)
  return {
    versions: new Map(change.writes.map((write) => [write.id, faultPoints.version(write)])),
    position: history(backend, change.organizationId).length
  }
}
