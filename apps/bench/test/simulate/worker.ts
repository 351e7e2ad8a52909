/** A thread that lives through the organizations that it is given. */
import { parentPort } from "node:worker_threads"
import { lifeOf, type World } from "./life.ts"

parentPort?.on("message", (world: World) => {
  void lifeOf(world).then(
    (lived) => parentPort?.postMessage(lived, []),
    (cause: unknown) => {
      // Not swallowed: an error that nobody handles ends the thread, and the simulation with it.
      queueMicrotask(() => {
        throw cause
      })
    }
  )
})
