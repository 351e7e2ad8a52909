/** What only a real socket shows, with both clients of the platform. */
import { createServer, type RequestListener, type Server } from "node:http"
import { NodeHttpClient } from "@effect/platform-node"
import { describe, expect, it } from "@effect/vitest"
import { ProviderApi } from "@portolan/ports"
import { Effect, Layer, Redacted, Tracer } from "effect"
import { FetchHttpClient } from "effect/http"
import { AmazonApi } from "../src/index.ts"
import { failure, given, tokenBody } from "./support.ts"

const listening = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.promise(() => new Promise<Server>((resolve) => {
      const server = createServer(listener)
      server.listen(0, "127.0.0.1", () => resolve(server))
    })),
    (server) => Effect.promise(() => new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }))
  )

const port = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

const refresh = Effect.flatMap(ProviderApi.ProviderApi, (api) =>
  api.refresh({ channel: "amazon-ads", region: "NA", refreshToken: Redacted.make("Atzr|refresh-canary") }))

describe.each([
  ["fetch", FetchHttpClient.layer], ["undici", NodeHttpClient.layerUndici], ["node:http", NodeHttpClient.layerNodeHttp]
] as const)("over %s", (_name, client) => {
  const over = (base: string, seconds = 20) =>
    AmazonApi.layer({
      ...given, addresses: () => base, limits: { responseSeconds: seconds / 2, callSeconds: seconds, answerBytes: 2000 }
    }).pipe(Layer.provide(client))

  const against = (listener: RequestListener, seconds?: number) =>
    Effect.gen(function*() {
      const server = yield* listening(listener)
      const layer = over(`http://127.0.0.1:${port(server)}`, seconds)
      return { error: yield* Effect.provide(failure(refresh), layer, { local: true }) }
    })

  it.live("brings tokens", () =>
    Effect.gen(function*() {
      const server = yield* listening((_request, response) => response.end(JSON.stringify(tokenBody)))
      const tokens = yield* Effect.provide(refresh, over(`http://127.0.0.1:${port(server)}`), { local: true })
      expect(Redacted.value(tokens.accessToken)).toBe("Atza|new")
    }))

  it.live("sends credentials nowhere when it is redirected", () =>
    Effect.gen(function*() {
      const visits: Array<string> = []
      const decoy = yield* listening((request, response) => {
        visits.push(request.url ?? "")
        response.end(JSON.stringify(tokenBody))
      })
      for (const status of [301, 302, 303, 307, 308]) {
        const { error } = yield* against((_request, response) =>
          response.writeHead(status, { location: `http://127.0.0.1:${port(decoy)}/stolen` }).end())
        expect(error).toMatchObject({ _tag: "Temporary" })
      }
      expect(visits).toEqual([])
    }))

  it.live.each<[string, RequestListener]>([
    ["never answers", () => {}],
    [
      "stops within the body",
      (_request, response) => void response.writeHead(200, { "content-length": "500" }).write("{\"access")
    ],
    ["trickles", (_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(" "), 30)
      response.on("close", () => clearInterval(timer))
    }]
  ])("ends in time, and closes the socket, when the other side %s", ([, listener]) =>
    Effect.gen(function*() {
      const started = Date.now()
      // Only sockets that carried a request count: Node's fetch opens an idle one in place of one that it closed.
      const closed = Promise.withResolvers<void>()
      const { error } = yield* against((request, response) => {
        request.socket.on("close", () => closed.resolve())
        listener(request, response)
      }, 1)
      expect(error).toMatchObject({ _tag: "Temporary" })
      expect(Date.now() - started).toBeLessThan(10_000)
      yield* Effect.promise(() => closed.promise)
    }))

  it.live.each<[string, RequestListener]>([
    ["cut off", (_request, response) => {
      response.writeHead(200, { "content-length": "500" })
      response.write(JSON.stringify(tokenBody))
      setTimeout(() => response.destroy(), 20)
    }],
    ["reset", (request) => request.socket.destroy()],
    [
      "larger than allowed",
      (_request, response) => response.end(JSON.stringify({ ...tokenBody, more: "x".repeat(3000) }))
    ],
    [
      "not UTF-8",
      (_request, response) => response.end(
        Buffer.concat(
          [Buffer.from("{\"x\":\""), Buffer.from([0xff]), Buffer.from(`",${JSON.stringify(tokenBody).slice(1)}`)]
        )
      )
    ],
    ["empty", (_request, response) => response.end()]
  ])("takes no answer that is %s", ([, listener]) =>
    Effect.gen(function*() {
      const { error } = yield* against(listener)
      expect(error).toMatchObject({ _tag: "Temporary" })
      expect(JSON.stringify(error) + String(error)).not.toMatch(/canary|Atza/)
    }))

  it.live("says nothing but a temporary failure when nobody listens", () =>
    Effect.gen(function*() {
      const error = yield* Effect.provide(failure(refresh), over("http://127.0.0.1:9"), { local: true })
      expect(error).toMatchObject({ _tag: "Temporary", throttled: false })
    }))

  it.live("leaves no address, header or secret in any span", () =>
    Effect.gen(function*() {
      const seen: Array<string> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          const attribute = span.attribute.bind(span)
          span.attribute = (key, value) => {
            seen.push(`${key}=${String(value)}`)
            attribute(key, value)
          }
          seen.push(span.name)
          return span
        }
      })
      const server = yield* listening(
        (_request, response) => response.writeHead(400).end("Atzr|refresh-canary ads-secret-canary")
      )
      yield* Effect.provide(
        failure(refresh), over(`http://127.0.0.1:${port(server)}`), { local: true }
      ).pipe(Effect.withTracer(tracer))
      expect(seen).toContain("AmazonApi.refresh")
      expect(seen.join("\n")).not.toMatch(/canary|o2\/token/)
    }))
})
