/** Keeps notices instead of sending them; the same notice is kept once. */
import { Notifier } from "@portolan/ports"
import { Effect, Layer } from "effect"
import { Memory, read, write } from "./Memory.ts"

/** Everything that was told so far, the oldest first. */
export const notices: Effect.Effect<ReadonlyArray<Notifier.Notice>, never, Memory> = Effect.flatMap(Memory, (memory) =>
  read(memory, (contents) => contents.notices)
)

/** Keeps notices in `Memory`. */
export const layer: Layer.Layer<Notifier.Notifier, never, Memory> = Layer.effect(
  Notifier.Notifier,
  Effect.map(Memory, (memory) =>
    Notifier.Notifier.of({
      notify: (notice) =>
        write(memory, (contents) =>
          contents.notices.some((before) => before.id === notice.id)
            ? [undefined, contents]
            : [undefined, { ...contents, notices: [...contents.notices, notice] }]
        )
    })
  )
)
