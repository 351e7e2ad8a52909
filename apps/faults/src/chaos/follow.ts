/** Follows the events of an organization over cut connections, as `EventSource` does: by `Last-Event-ID`. */
import { pause } from "../processes/random.ts"
import type { Subject } from "./Subject.ts"

/** A listener. */
export interface Listener {
  /** The positions that were told, in their order. */
  readonly positions: ReadonlyArray<number>
  readonly stop: () => Promise<void>
}

/** A stream that is silent for so long is given up; it beats every 15 seconds. */
const silenceMillis = 40_000

/** Starts to listen after a position. */
export const follow = ({ headers, origin }: Subject, after: number): Listener => {
  const positions: Array<number> = []
  const over = new AbortController()
  const listen = async () => {
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(600_000)])
    const last = positions.at(-1) ?? after
    const answer = await fetch(new URL("/v1/events/stream", origin), {
      signal,
      headers: { ...headers, "last-event-id": String(last) }
    })
    if (!answer.ok || answer.body === null) return
    let rest = ""
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const read = await Promise.race([reader.read(), pause(silenceMillis)])
      if (read === undefined || read.done) {
        await reader.cancel()
        return
      }
      const messages = (rest + read.value).split("\n\n")
      rest = messages.pop() ?? ""
      for (const message of messages) {
        const id = /^id: (\d+)$/m.exec(message)?.[1]
        if (id !== undefined) positions.push(Number(id))
      }
    }
  }
  const listening = (async () => {
    while (!over.signal.aborted) {
      await listen().catch(() => undefined)
      if (!over.signal.aborted) await pause(200)
    }
  })()
  return {
    positions,
    stop: async () => {
      over.abort()
      await listening
    }
  }
}
