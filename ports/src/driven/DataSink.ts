/**
 * Where loaded rows land. The port is the seam to your own warehouse: write an adapter that upserts by
 * (organization, connection, profile, data class, key) and every guarantee of the backfill holds for you too.
 */
import { type DataClass, type Id, Messages, type Profile, type Window } from "@portolan/domain"
import { Context, type Effect, Schema } from "effect"
import type { Row } from "./ProviderApi.ts"

/** The rows of one window. */
export interface Landing {
  readonly organizationId: Id.OrganizationId
  readonly connectionId: Id.ConnectionId
  readonly accountId: Id.AccountId
  /** Whose rows they are. A connection may be bound to another profile later; the rows of the two never mix. */
  readonly profile: Profile.Key
  readonly dataClass: DataClass.DataClass
  readonly windowId: Window.WindowId
  readonly rows: ReadonlyArray<Row>
}

/** The sink cannot take rows now. Nothing of this landing counts as loaded. */
export class SinkUnavailable extends Schema.TaggedError<SinkUnavailable>()("SinkUnavailable", {
  cause: Schema.Defect()
}) {
  override get message(): string {
    return Messages.text("sink.unavailable")
  }
}

/** Takes rows. */
export class DataSink extends Context.Service<
  DataSink,
  {
    /** Lands rows, all or nothing. Landing the same rows again changes nothing but their values (idempotent by key). */
    readonly land: (landing: Landing) => Effect.Effect<void, SinkUnavailable>

    /** How many rows of a connection are there, per data class; a class without rows is not named. */
    readonly count: (
      organizationId: Id.OrganizationId,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<ReadonlyMap<DataClass.DataClass, number>, SinkUnavailable>

    /**
     * Erases every row of a connection, whatever profile it was of (rule C14). Says how many; repeating it is harmless.
     */
    readonly erase: (
      organizationId: Id.OrganizationId,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<number, SinkUnavailable>
  }
>()("@portolan/ports/driven/DataSink") {}
