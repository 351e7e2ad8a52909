import { Messages, type Stored } from "@portolan/domain"
import { Schema } from "effect"

/** A store could not be reached or gave up. Nothing is known to have changed; the call may be repeated. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  /** What was being done, free of values. */
  doing: Schema.String,
  cause: Schema.Defect()
}) {
  override get message(): string {
    return Messages.text("store.unavailable", { doing: this.doing })
  }
}

/**
 * Why reading failed: the store gave no answer, or a record that it holds cannot be read by this release. The second
 * does not pass by itself, so only the first is tried again.
 */
export type StoreError = StoreUnavailable | Stored.Unreadable
