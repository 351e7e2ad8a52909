import { Notifier } from "@portolan/ports"
import { Effect, Layer } from "effect"

/** Notices go to the log, by topic and id; their texts stay out of it, because they name customers. */
export const layer: Layer.Layer<Notifier.Notifier> = Layer.succeed(Notifier.Notifier, {
  notify: ({ id, organizationId, topic }) => Effect.logInfo("notice", { id, organizationId, topic })
})
