/** What never happens on the way: following elsewhere, waiting for ever, reading without end. */
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { type Settings, WalmartApi } from "../src/index.ts"
import { access, api, ask, failure, given } from "./support.ts"

const discover = ask((port) => port.discover(access("walmart-marketplace")))

/** The port over a real server that stops with the scope. */
const served = (listener: RequestListener, more: Partial<Settings.Given> = {}) =>
  Effect.acquireRelease(
    Effect.promise(() => new Promise<ReturnType<typeof createServer>>((resolve) => {
      const server = createServer(listener).listen(0, "127.0.0.1", () => resolve(server))
    })),
    (server) => Effect.promise(() => new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }))
  ).pipe(Effect.map((server) => {
    const { port } = server.address() as AddressInfo
    return WalmartApi.layer({ ...given, addresses: () => `http://127.0.0.1:${port}`, ...more }).pipe(Layer.provide(FetchHttpClient.layer))
  }))

describe("over a real socket", () => {
  it.live("a redirect is not followed, and the token stays where it was meant for", () =>
    Effect.gen(function*() {
      const paths: Array<string> = []
      const layer = yield* served((request, response) => {
        paths.push(request.url ?? "")
        response.writeHead(302, { location: "/elsewhere" }).end()
      })
      expect((yield* failure(discover).pipe(Effect.provide(layer)))._tag).toBe("Temporary")
      expect(paths).toEqual(["/v3/token/detail"])
    }).pipe(Effect.scoped))

  it.live("an answer without end is given up", () =>
    Effect.gen(function*() {
      const layer = yield* served((_request, response) => {
        response.writeHead(200, { "content-type": "application/json" })
        const timer = setInterval(() => response.write("x".repeat(1000)), 1)
        response.on("close", () => clearInterval(timer))
      }, { limits: { answerBytes: 10_000 } })
      const late = yield* failure(discover).pipe(Effect.provide(layer))
      expect(late.message).toContain("10000 bytes")
    }).pipe(Effect.scoped))

  it.live("a refused connection says nothing of the address", () =>
    Effect.gen(function*() {
      const layer = WalmartApi.layer({ ...given, addresses: () => "http://127.0.0.1:9/canary" }).pipe(Layer.provide(FetchHttpClient.layer))
      const refused = yield* failure(discover).pipe(Effect.provide(layer))
      expect(refused._tag).toBe("Temporary")
      expect(JSON.stringify(refused)).not.toContain("canary")
    }))
})

describe("in time", () => {
  it.effect("a call ends when nobody answers", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(failure(discover))
      yield* TestClock.adjust("31 seconds")
      expect((yield* Fiber.join(fiber)).message).toContain("30 seconds")
    }).pipe(Effect.provide(api(() => new Promise<Response>(() => {})))))
})
