import { type AddressInfo } from "node:net"
import { describe, expect, it } from "@effect/vitest"
import { serve } from "@hono/node-server"
import { Effect } from "effect"
import { account, makeWorld, type World } from "./support/world.ts"

/** A real server on a free port of this machine. */
const listening = ({ app }: World) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<ReturnType<typeof serve>>((resume) => {
        const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.callback<void>((resume) => {
          server.close(() => resume(Effect.void))
          if ("closeAllConnections" in server) server.closeAllConnections()
        })
    ),
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  )

describe("over a socket", () => {
  it.live("a client that hangs up ends its stream and makes room for the next", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld({ perOrganization: 1 })
        yield* account(world)
        const url = yield* listening(world)
        const headers = { authorization: `Bearer ${world.keys.get("viewer")}` }
        const leaving = new AbortController()
        const open = (signal?: AbortSignal) =>
          Effect.promise(() =>
            fetch(`${url}/v1/events/stream`, { headers, ...(signal === undefined ? {} : { signal }) })
          )
        const first = yield* open(leaving.signal)
        const reader = first.body?.getReader()
        expect((yield* Effect.promise(async () => reader?.read()))?.done).toBe(false)
        const second = yield* open()
        expect(second.status).toBe(429)
        yield* Effect.promise(async () => await second.text())
        leaving.abort()
        for (let status = 429; status !== 200;) {
          yield* Effect.sleep("5 millis")
          const again = new AbortController()
          const third = yield* open(again.signal)
          status = third.status
          again.abort()
        }
      })
    )
  )

  it.live("a body that is too large is refused before it was all sent", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const url = yield* listening(world)
        const response = yield* Effect.promise(() =>
          fetch(`${url}/v1/companies`, {
            method: "POST",
            body: "x".repeat(2_000_000),
            headers: { authorization: `Bearer ${world.keys.get("owner")}`, "content-type": "application/json" }
          })
        )
        expect([response.status, response.headers.get("content-type")]).toEqual([413, "application/problem+json"])
      })
    )
  )
})
