/**
 * The only way to change anything: one `Change`, all of it or nothing.
 *
 * A change is data: new states with the versions they were decided from, the events that led there, the jobs they call
 * for, and the profiles they bind or free. No transaction is open while a decision is made: of two decisions on one
 * aggregate the version lets one commit, and the slower one reads and decides again.
 */
import {
  type Actor,
  type Aggregate,
  type DataClass,
  type Id,
  type Job,
  Messages,
  type Profile,
  type Stored,
  type Window
} from "@portolan/domain"
import { Context, type DateTime, type Effect, Schema } from "effect"
import type { StoreUnavailable } from "./StoreUnavailable.ts"

/** One aggregate's part of a change. */
export type Write = {
  readonly [K in Aggregate.Kind]: {
    readonly kind: K
    readonly id: string
    /** The version this was decided from; 0 for one that does not exist yet. */
    readonly expected: number
    readonly next: Aggregate.Present<K>
    readonly events: ReadonlyArray<{ readonly id: Id.EventId; readonly event: Aggregate.Types[K]["event"] }>
  }
}[Aggregate.Kind]

/**
 * Binds a profile to a connection, or frees it (rule C4). Of all organizations one connection holds a profile. A hold
 * that is `claimed` rests on an id that nothing proves: it keeps others of the same organization out, is kept out by
 * nobody of another one, and keeps nobody of another one out (law REPO-30). Holding anew without `claimed` makes the
 * same hold count for all; a hold that counts for all stays so until it is released.
 */
export type Claim =
  | {
      readonly _tag: "Hold"
      readonly claimed?: true
      readonly key: Profile.Key
      readonly connectionId: Id.ConnectionId
      readonly accountId: Id.AccountId
    }
  | { readonly _tag: "Release"; readonly key: Profile.Key; readonly connectionId: Id.ConnectionId }

/** A creation that may be repeated by its caller: the key, what was asked, and what came of it. */
export interface IdempotencyRecord {
  readonly key: string
  /** Digest of what was asked; the same key with another digest is refused. */
  readonly fingerprint: string
  /** Id of what was created. */
  readonly resource: string
}

/**
 * What a change adds to the sums of one class of a load (`Window.Tally`; a sum may be negative). Sums are added, not
 * overwritten: changes of different windows never meet in a version.
 */
export interface Sum extends Window.Tally {
  readonly connectionId: Id.ConnectionId
  readonly backfillId: Id.BackfillId
  readonly dataClass: DataClass.DataClass
  /**
   * The job that is added when this change leaves no window of the class open, and only then. Not when one like it
   * waits already for the load and no worker has begun it: that one will see this change.
   */
  readonly whenOver?: Job.Job
}

/** Everything that happens at once. */
export interface Change {
  readonly organizationId: Id.OrganizationId
  readonly actor: Actor.Actor
  readonly at: DateTime.Utc
  /** At most one write an aggregate. */
  readonly writes: ReadonlyArray<Write>
  readonly claims: ReadonlyArray<Claim>
  readonly jobs: ReadonlyArray<Job.Job>
  /** At most one a load and class. */
  readonly sums?: ReadonlyArray<Sum>
  /** The job this change carries out; it can be carried out once. */
  readonly completes?: Id.JobId
  readonly idempotency?: IdempotencyRecord
}

/** What a commit gives back. */
export interface Committed {
  /** The version of each written aggregate, by id: always `expected + 1`. */
  readonly versions: ReadonlyMap<string, number>
  /** Position of the last event of the organization's history, this change included. */
  readonly position: number
}

/** Another change of the aggregate came first, or it exists or is absent against expectation. */
export class VersionConflict extends Schema.TaggedError<VersionConflict>()("VersionConflict", {
  kind: Schema.String,
  id: Schema.String,
  expected: Schema.Int,
  found: Schema.Int
}) {
  override get message(): string {
    return Messages.text("store.version-conflict", {
      kind: this.kind,
      id: this.id,
      expected: this.expected,
      found: this.found
    })
  }
}

/**
 * The profile is bound to another connection. The holder is named when it belongs to the caller's own organization and
 * only then; otherwise the error is always the same (laws REPO-07, REPO-29).
 */
export class ProfileTaken extends Schema.TaggedError<ProfileTaken>()("ProfileTaken", {
  profile: Schema.String,
  holder: Schema.optionalKey(Schema.Struct({ accountId: Schema.String, connectionId: Schema.String }))
}) {
  override get message(): string {
    return this.holder === undefined
      ? Messages.text("store.profile-elsewhere", { profile: this.profile })
      : Messages.text("store.profile-taken", { profile: this.profile, account: this.holder.accountId })
  }
}

/** The job was carried out before. */
export class JobGone extends Schema.TaggedError<JobGone>()("JobGone", { jobId: Schema.String }) {
  override get message(): string {
    return Messages.text("store.job-done", { job: this.jobId })
  }
}

/** The creation was done before under the same key; `resource` is its outcome (law REPO-23). */
export class AlreadyDone extends Schema.TaggedError<AlreadyDone>()("AlreadyDone", {
  key: Schema.String,
  resource: Schema.String
}) {
  override get message(): string {
    return Messages.text("store.request-repeated", { resource: this.resource })
  }
}

/** The same key was used for another request (law REPO-23). */
export class KeyReused extends Schema.TaggedError<KeyReused>()("KeyReused", { key: Schema.String }) {
  override get message(): string {
    return Messages.text("store.idempotency-key-reused")
  }
}

/** What a commit may fail with. Nothing has changed, except where `StoreUnavailable` says that this is not known. */
export type CommitError = VersionConflict | ProfileTaken | JobGone | AlreadyDone | KeyReused | StoreUnavailable

/** What a change may fail with: its commit, or a record that it rests on and that this release cannot read. */
export type WriteError = CommitError | Stored.Unreadable

/** Commits changes. */
export class UnitOfWork extends Context.Service<
  UnitOfWork,
  {
    /**
     * Makes a change happen, all of it or nothing: states at `expected + 1`, events appended to the history with
     * gapless positions, jobs scheduled, sums added, claims checked, the idempotency key recorded. States,
     * events and tasks are written with their schema version (`Stored.writeState` and its likes).
     */
    readonly commit: (change: Change) => Effect.Effect<Committed, CommitError>

    /**
     * The id of what an earlier request with this key created. Fails with `KeyReused` when the key belongs to another
     * request.
     */
    readonly idempotentResource: (
      organizationId: Id.OrganizationId,
      key: string,
      fingerprint: string
    ) => Effect.Effect<string | undefined, KeyReused | StoreUnavailable>
  }
>()("@portolan/ports/driven/UnitOfWork") {}
