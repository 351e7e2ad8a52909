import { Messages, type Stored } from "@portolan/domain"
import { Schema } from "effect"

/**
 * A store could not be reached or gave up. Nothing has changed, unless `outcome` says that this is not known; the call
 * may be repeated. A change that was saved after all refuses to happen twice when it has an idempotency key, completes
 * a job or rests on a version.
 */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  /** What was being done, free of values. */
  doing: Schema.String,
  cause: Schema.Defect(),
  /** The change was about to be saved when the store fell silent, and it cannot be said whether it was. */
  outcome: Schema.optionalKey(Schema.Literal("unknown"))
}) {
  override get message(): string {
    if (this.outcome === "unknown") return Messages.text("store.outcome-unknown", { doing: this.doing })
    return Messages.text("store.unavailable", { doing: this.doing })
  }
}

/**
 * Why reading failed: the store gave no answer, or a record that it holds cannot be read by this release. The second
 * does not pass by itself, so only the first is tried again.
 */
export type StoreError = StoreUnavailable | Stored.Unreadable
