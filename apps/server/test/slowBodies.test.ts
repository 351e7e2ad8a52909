/** A request that never ends: the server gives it up, whatever answers behind it. */
import { connect } from "node:net"
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { listen } from "../src/listen.ts"

it.live("a body that does not come is given up after 15 seconds, and its connection closed", () =>
  Effect.scoped(
    Effect.gen(function* () {
      const { port } = yield* listen("127.0.0.1", 0, "PORT", () => async (asked) => new Response(await asked.text()))
      const begun = Date.now()
      const seconds = yield* Effect.promise(
        () =>
          new Promise<number>((resolve, reject) => {
            const socket = connect(port, "127.0.0.1", () =>
              socket.write("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nname=")
            )
            socket.once("error", reject)
            socket.resume()
            socket.once("close", () => resolve((Date.now() - begun) / 1000))
          })
      )
      expect(seconds).toBeGreaterThan(14)
      expect(seconds).toBeLessThan(20)
    })
  )
)
