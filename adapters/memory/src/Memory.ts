/**
 * What one instance of the memory adapters holds: one immutable value in one reference. A port call reads or replaces
 * it in a single step, so no caller ever sees half a change; a fresh layer is a fresh world.
 */
import type { Aggregate, DataClass, Id, Job, Profile, Stored } from "@portolan/domain"
import {
  type AuditLog,
  Cursor,
  type DataSink,
  type Mailer,
  type Notifier,
  type UnitOfWork,
  type Workers
} from "@portolan/ports"
import { Context, type DateTime, Effect, HashMap, HashSet, Layer, PubSub, type Redacted, Ref } from "effect"

/** An aggregate's state with its version. */
export interface Kept {
  readonly kind: Aggregate.Kind
  readonly state: Aggregate.Present<Aggregate.Kind>
  readonly version: number
}

/** A piece of work and what became of it. */
export interface Task {
  readonly job: Job.Job
  readonly status: "waiting" | "done" | "parked"
  readonly failures: number
  readonly running: boolean
  readonly reason?: string
  readonly deadLetteredAt?: DateTime.Utc
}

/** Who holds a profile. */
export interface Held {
  readonly key: Profile.Key
  readonly organizationId: Id.OrganizationId
  readonly accountId: Id.AccountId
  readonly connectionId: Id.ConnectionId
  /** The hold counts within its organization only. */
  readonly claimed?: true
}

/** A secret's place. It outlives the secret, so that versions and fences never repeat. */
export interface Place {
  readonly secret?: Redacted.Redacted<string>
  /** The version of the last write, also after a removal. */
  readonly version: number
  readonly updatedAt: DateTime.Utc
  /** The last fence that was given out. */
  readonly fence: number
  readonly lease?: { readonly fence: number; readonly expiresAt: DateTime.Utc }
}

/** Rows of one connection and data class, by key. */
export type Landed = HashMap.HashMap<string, DataSink.Landing["rows"][number]>

/** Everything that belongs to one organization. */
export interface Tenant {
  /** By `kind/id`. */
  readonly aggregates: HashMap.HashMap<string, Kept>
  /** The ids of the windows of each load. */
  readonly windows: HashMap.HashMap<Id.BackfillId, ReadonlyArray<string>>
  readonly events: ReadonlyArray<Aggregate.Recorded>
  readonly idempotentResource: HashMap.HashMap<string, UnitOfWork.IdempotencyRecord>
  readonly vault: HashMap.HashMap<string, Place>
  /** By connection, then data class. */
  readonly landed: HashMap.HashMap<string, HashMap.HashMap<DataClass.DataClass, Landed>>
  /** The oldest first. */
  readonly mails: ReadonlyArray<Mailer.KeptMail>
  /** Reads of tokens, the oldest first. */
  readonly tokenReads: ReadonlyArray<AuditLog.TokenRead>
  /** Security events, the oldest first. */
  readonly securityEvents: ReadonlyArray<AuditLog.SecurityEvent>
}

/** A worker that gave a sign of life. */
export interface SeenWorker {
  readonly seenAt: DateTime.Utc
  readonly livingUntil: DateTime.Utc
}

/** What was confirmed last, and until when somebody has the task of telling the other turn. */
export interface WorkerNotices {
  readonly confirmed: Workers.Turn
  readonly claimedUntil?: DateTime.Utc
}

/** Everything. */
export interface Contents {
  readonly tenants: HashMap.HashMap<Id.OrganizationId, Tenant>
  readonly tasks: HashMap.HashMap<Id.JobId, Task>
  /** Tasks that wait to be carried out; the others are kept for the record. */
  readonly waiting: HashSet.HashSet<Id.JobId>
  /** When each organization was last handed work, as a running number: who waited longest comes first. */
  readonly served: HashMap.HashMap<Id.OrganizationId, number>
  readonly turn: number
  /** By `Profile.keyText`: at most one an organization, and at most one of all that is not merely claimed. */
  readonly claims: HashMap.HashMap<string, ReadonlyArray<Held>>
  readonly notices: ReadonlyArray<Notifier.Notice>
  /** Signs of life, by worker. */
  readonly workers: HashMap.HashMap<string, SeenWorker>
  readonly workerNotices: WorkerNotices
  /** Why a record cannot be read, by the state or the row of the history that it had before. */
  readonly unreadable: ReadonlyMap<object, Stored.Unreadable>
}

const nothing: Contents = {
  tenants: HashMap.empty(),
  tasks: HashMap.empty(),
  waiting: HashSet.empty(),
  served: HashMap.empty(),
  turn: 0,
  claims: HashMap.empty(),
  notices: [],
  workers: HashMap.empty(),
  workerNotices: { confirmed: "recovery" },
  unreadable: new Map()
}

const newTenant: Tenant = {
  aggregates: HashMap.empty(),
  windows: HashMap.empty(),
  events: [],
  idempotentResource: HashMap.empty(),
  vault: HashMap.empty(),
  landed: HashMap.empty(),
  mails: [],
  tokenReads: [],
  securityEvents: []
}

/** The world of one instance. */
export class Memory extends Context.Service<
  Memory,
  {
    readonly contents: Ref.Ref<Contents>
    /** Told after every change, so that followers and workers look again. */
    readonly changed: PubSub.PubSub<void>
    /** Seals the cursors of this instance's lists. */
    readonly cursorKey: CryptoKey
  }
>()("@portolan/memory/Memory") {}

/** A fresh, empty world. `cursorSecret` seals cursors; 32 characters or more. */
export const layer = (cursorSecret = "a cursor of a world that is not kept"): Layer.Layer<Memory> =>
  Layer.fresh(
    Layer.effect(
      Memory,
      Effect.gen(function* () {
        return Memory.of({
          contents: yield* Ref.make(nothing),
          // One waiting signal is enough: who wakes up looks at everything.
          changed: yield* PubSub.sliding<void>(1),
          cursorKey: yield* Cursor.key(cursorSecret)
        })
      })
    )
  )

/** What an organization holds; one that was never seen holds nothing. */
export const tenant = (contents: Contents, organizationId: Id.OrganizationId): Tenant => {
  const found = HashMap.get(contents.tenants, organizationId)
  return found._tag === "Some" ? found.value : newTenant
}

/** Replaces what an organization holds. */
export const withTenant = (contents: Contents, organizationId: Id.OrganizationId, next: Tenant): Contents => ({
  ...contents,
  tenants: HashMap.set(contents.tenants, organizationId, next)
})

/** Reads, after giving other fibers a chance, as a call to a database would. */
export const read = <A>(memory: Memory["Service"], look: (contents: Contents) => A): Effect.Effect<A> =>
  Effect.andThen(Effect.yieldNow, Effect.map(Ref.get(memory.contents), look))

/** Replaces the contents in one step and tells those who wait. The step gives its answer and what comes next. */
export const write = <A>(
  memory: Memory["Service"],
  step: (contents: Contents) => readonly [A, Contents]
): Effect.Effect<A> =>
  Effect.yieldNow.pipe(
    Effect.andThen(Ref.modify(memory.contents, step)),
    Effect.tap(() => PubSub.publish(memory.changed, undefined))
  )
