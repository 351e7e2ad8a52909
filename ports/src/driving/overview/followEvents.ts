import type { Access } from "@portolan/domain"
import { Effect, Stream } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"

/** Reads the events after a position (0 for the beginning), at most `limit` (1 to 500). */
export const after = Effect.fn("EventFeed.after")(function* (
  { eventLog }: Deps<"eventLog">,
  caller: Access.Caller,
  position: number,
  limit: number
) {
  yield* AccessScope.requireUnrestricted(caller, "read")
  return yield* eventLog.after(caller.organizationId, position, limit)
})

/** Streams the events after a position, and those to come. */
export const follow = ({ eventLog }: Deps<"eventLog">, caller: Access.Caller, position: number) =>
  Stream.unwrap(
    Effect.as(AccessScope.requireUnrestricted(caller, "read"), eventLog.follow(caller.organizationId, position))
  )
