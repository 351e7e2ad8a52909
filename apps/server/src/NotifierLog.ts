import type { Notifier } from "@portolan/ports"
import { Effect } from "effect"

/** Notes a notice in the log, by topic and id; its text stays out of it, because it names customers. */
export const note = ({ id, organizationId, topic }: Notifier.Notice): Effect.Effect<void> =>
  Effect.logInfo("notice", { id, organizationId, topic })
