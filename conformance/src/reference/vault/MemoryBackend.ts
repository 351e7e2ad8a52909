import * as Effect from "effect/Effect"

/** Encrypted bytes and what is needed, besides the key, to open them. */
export interface Seal {
  readonly keyId: string
  readonly nonce: Uint8Array
  readonly body: Uint8Array
}

/** A stored secret. */
export interface Row {
  readonly organizationId: string
  readonly reference: string
  readonly version: number
  /** Milliseconds since 1970. */
  readonly updatedAt: number
  readonly seal: Seal
}

/** The last lease of a reference. It is held while `expiresAt` lies ahead. */
export interface LeaseRow {
  readonly fence: number
  readonly expiresAt: number
}

/** What a mutant makes go wrong on disk, if anything: bytes kept beside the rows. */
export interface Leftover {
  readonly where: string
  readonly bytes: Uint8Array
}

/** The storage of the model vault: it outlives the services that work on it. */
export interface MemoryBackend {
  readonly rows: Map<string, Row>
  /** The largest version that each reference ever had, kept after deletion. */
  readonly versions: Map<string, number>
  readonly leases: Map<string, LeaseRow>
  /** The largest fence that each reference ever had, kept after deletion. */
  readonly fences: Map<string, number>
  readonly leftovers: Array<Leftover>
  /**
   * Does one thing to the storage, all of it or nothing. Every call is a point where the process may die or the storage
   * may be away.
   */
  readonly access: <A>(work: () => A) => Effect.Effect<A, BackendAway>
  readonly trap: Trap
}

/** States that the storage was not there. */
export class BackendAway extends Error {
  override readonly name = "BackendAway"
}

/** What is to go wrong with the storage, and when. */
export interface Trap {
  call: number
  side: "before" | "after"
  struck: boolean
  away: number
}

/** Thrown as a defect where the process is made to die. */
class ProcessDied extends Error {
  override readonly name = "ProcessDied"
}

/** Puts up an empty storage. */
export const make = (): MemoryBackend => {
  const trap: Trap = { call: 0, side: "before", struck: false, away: 0 }
  const strike = () => {
    trap.struck = true
    throw new ProcessDied("the process was made to die here")
  }
  return {
    rows: new Map(),
    versions: new Map(),
    leases: new Map(),
    fences: new Map(),
    leftovers: [],
    trap,
    access: <A>(work: () => A) =>
      Effect.suspend(() => {
        if (trap.away > 0) {
          trap.away -= 1
          return Effect.fail(new BackendAway("connection refused"))
        }
        const due = trap.call > 0 && --trap.call === 0
        if (due && trap.side === "before") strike()
        const result = work()
        if (due) strike()
        return Effect.succeed(result)
      })
  }
}
