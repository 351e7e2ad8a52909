import type { Aggregate, DataClass, Id, Job, Profile, Stored } from "@portolan/domain"
import { StoreUnavailable, type UnitOfWork } from "@portolan/ports"
import * as Effect from "effect/Effect"

/** An aggregate's state as it is kept. */
export interface Row {
  readonly organizationId: Id.OrganizationId
  readonly kind: Aggregate.Kind
  readonly id: string
  readonly version: number
  readonly state: Aggregate.Present<Aggregate.Kind>
}

/** Work, and whether it waits to be carried out. */
export interface Task {
  readonly job: Job.Job
  readonly waits: boolean
}

/** Who holds a profile. */
export interface Held {
  readonly organizationId: Id.OrganizationId
  readonly key: Profile.Key
  readonly accountId: Id.AccountId
  readonly connectionId: Id.ConnectionId
  /** Whether it counts within its organization only. */
  readonly claimed?: boolean
}

/** What is to go wrong with the storage, and when. */
interface Trap {
  call: number
  side: "before" | "after"
  struck: boolean
  /** How many calls find the storage away. */
  away: number
}

/** The storage of the model repository: it outlives the services that work on it. */
export interface MemoryBackend {
  readonly rows: Map<string, Row>
  readonly events: Map<Id.OrganizationId, Array<Aggregate.Recorded>>
  readonly tasks: Map<string, Task>
  readonly claims: Map<string, Held>
  readonly keys: Map<string, UnitOfWork.IdempotencyRecord>
  /** Landed rows: the connection's place, then the row's within it, with its data class. */
  readonly landed: Map<string, Map<string, DataClass.DataClass>>
  /** Why a record cannot be read, by the value that it had before. */
  readonly unreadable: Map<object, Stored.Unreadable>
  /**
   * Does one thing to the storage, all of it or nothing. Every call is a point where the process may die or the storage
   * may be away.
   */
  readonly access: <A>(work: () => A) => Effect.Effect<A, StoreUnavailable.StoreUnavailable>
  readonly trap: Trap
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
    events: new Map(),
    tasks: new Map(),
    claims: new Map(),
    keys: new Map(),
    landed: new Map(),
    unreadable: new Map(),
    trap,
    access: <A>(work: () => A) =>
      Effect.suspend(() => {
        if (trap.away > 0) {
          trap.away -= 1
          return Effect.fail(
            new StoreUnavailable.StoreUnavailable({ doing: "calling the model's storage", cause: "connection refused" })
          )
        }
        const due = trap.call > 0 && --trap.call === 0
        if (due && trap.side === "before") strike()
        const result = work()
        if (due) strike()
        return Effect.succeed(result)
      })
  }
}

/** A storage with the same content, to try a change out. */
export const copyOf = (backend: MemoryBackend): MemoryBackend => ({
  ...backend,
  rows: new Map(backend.rows),
  events: new Map([...backend.events].map(([organizationId, events]) => [organizationId, [...events]])),
  tasks: new Map(backend.tasks),
  claims: new Map(backend.claims),
  keys: new Map(backend.keys)
})

/** The history of an organization. */
export const history = (backend: MemoryBackend, organizationId: Id.OrganizationId): Array<Aggregate.Recorded> => {
  const found = backend.events.get(organizationId) ?? []
  backend.events.set(organizationId, found)
  return found
}
