/** A simulator of its own process: the server registers its addresses there, or does not start. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, expect, it } from "@effect/vitest"
import { listen, Simulator } from "@portolan/simulator"
import { Effect } from "effect"
import { connect } from "../src/simulated.ts"

/** A simulator behind something that cuts connections as long as `cuts` says so. */
const behind = (cuts: (path: string) => boolean) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const simulator = Simulator.make({ preset: "demo", seed: 1 })
      const real = await listen(simulator, {})
      const front = createServer((request, response) => {
        if (cuts(request.url ?? "")) {
          request.socket.destroy()
          return
        }
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          const body = Buffer.concat(chunks)
          const headers = { "content-type": "application/json" }
          const init = { method: request.method ?? "GET", headers, ...(body.length === 0 ? {} : { body }) }
          void fetch(`${real.url}${request.url}`, init).then(async (answer) => {
            response.writeHead(answer.status, headers)
            response.end(await answer.text())
          })
        })
      })
      await new Promise<void>((resolve) => void front.listen(0, "127.0.0.1", resolve))
      return { simulator, real, front, url: `http://127.0.0.1:${(front.address() as AddressInfo).port}` }
    }),
    ({ front, real }) =>
      Effect.promise(async () => {
        front.closeAllConnections()
        await new Promise((resolve) => void front.close(resolve))
        await real.close()
      })
  )

const returnUrls = (simulator: Simulator.Simulator) =>
  Object.values(simulator.world().applications).flatMap((one) => one.returnUrls)

describe("a simulator in a process of its own", () => {
  it.live("knows the addresses of the server, also when connections to it are cut on the way", () =>
    Effect.gen(function* () {
      let cuts = 0
      const { simulator, url } = yield* behind(() => cuts++ % 2 === 0)
      const { register } = yield* connect(url)
      yield* register("http://127.0.0.1:3000")
      expect(returnUrls(simulator)).toContain("http://127.0.0.1:3000/callback/amazon-sp")
      expect(cuts).toBeGreaterThan(10)
    }).pipe(Effect.scoped)
  )

  it.live("that does not take them keeps the server from starting, with its address in the words", () =>
    Effect.gen(function* () {
      const { url } = yield* behind((path) => path.endsWith("/login-uri"))
      const { register } = yield* connect(url)
      const error = yield* Effect.flip(register("http://127.0.0.1:3000"))
      expect(error._tag).toBe("SimulatorUnreachable")
      expect(error.message).toContain(url)
    }).pipe(Effect.scoped)
  )
})
