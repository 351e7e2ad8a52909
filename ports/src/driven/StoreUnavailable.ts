import { Messages } from "@portolan/domain"
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
