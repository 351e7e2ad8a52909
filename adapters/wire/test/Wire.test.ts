/** What only a real socket shows, with every client of the platform; and what happens to an answer on its way. */
import type { RequestListener } from "node:http"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Redacted } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { Wire } from "../src/index.ts"
import { answered, failure, json, listening } from "./support.ts"

const limits: Wire.Limits = {
  responseSeconds: 10,
  callSeconds: 20,
  downloadSeconds: 20,
  answerBytes: 2000,
  downloadBytes: 5000
}

class Sender extends Context.Service<Sender, Wire.Wire>()("test/Sender") {}

const sender = (more: Partial<Wire.Limits> = {}) =>
  Layer.effect(
    Sender,
    Effect.map(HttpClient.HttpClient, (client) => Wire.make(client, { ...limits, ...more }))
  )

const secret = Redacted.make("secret canary/1")

const call = (address: string) =>
  Effect.flatMap(Sender, (wire) =>
    wire.call(HttpClientRequest.get(address, { headers: { authorization: "Bearer canary" } }), [secret])
  )

const download = (address: string) => Effect.flatMap(Sender, (wire) => wire.download(HttpClientRequest.get(address)))

describe.each([
  ["fetch", FetchHttpClient.layer],
  ["undici", NodeHttpClient.layerUndici],
  ["node:http", NodeHttpClient.layerNodeHttp]
] as const)("over %s", (_name, client) => {
  const over = (more?: Partial<Wire.Limits>) =>
    Effect.provide(sender(more).pipe(Layer.provide(client)), { local: true })

  it.live("brings a complete answer", () =>
    Effect.gen(function* () {
      const address = yield* listening((_request, response) => response.writeHead(201, { "X-Pace": "2" }).end("ä"))
      const answer = yield* call(address).pipe(over())
      expect(answer).toMatchObject({ status: 201, text: "ä" })
      expect(answer.headers["x-pace"]).toBe("2")
    })
  )

  it.live("sends credentials nowhere when it is redirected", () =>
    Effect.gen(function* () {
      const visits: Array<string> = []
      const decoy = yield* listening((request, response) => {
        visits.push(request.url ?? "")
        response.end()
      })
      for (const status of [301, 302, 303, 307, 308]) {
        const address = yield* listening((_request, response) =>
          response.writeHead(status, { location: `${decoy}/stolen` }).end()
        )
        expect(yield* call(address).pipe(over())).toMatchObject({ status })
      }
      expect(visits).toEqual([])
    })
  )

  it.live.each<[string, RequestListener]>([
    ["never answers", () => {}],
    [
      "stops within the body",
      (_request, response) => void response.writeHead(200, { "content-length": "500" }).write('{"access')
    ],
    [
      "trickles",
      (_request, response) => {
        response.writeHead(200)
        const timer = setInterval(() => response.write(" "), 30)
        response.on("close", () => clearInterval(timer))
      }
    ]
  ])("ends in time, and closes the socket, when the other side %s", ([, listener]) =>
    Effect.gen(function* () {
      const started = Date.now()
      // Only sockets that carried a request count: Node's fetch opens an idle one in place of one that it closed.
      const closed = Promise.withResolvers<void>()
      const address = yield* listening((request, response) => {
        request.socket.on("close", () => closed.resolve())
        listener(request, response)
      })
      const error = yield* failure(call(address)).pipe(over({ responseSeconds: 0.5, callSeconds: 1 }))
      expect(error).toMatchObject({ _tag: "Temporary" })
      expect(Date.now() - started).toBeLessThan(10_000)
      yield* Effect.promise(() => closed.promise)
    })
  )

  it.live.each<[string, RequestListener]>([
    [
      "cut off",
      (_request, response) => {
        response.writeHead(200, { "content-length": "500" })
        response.write("canary")
        setTimeout(() => response.destroy(), 20)
      }
    ],
    ["reset", (request) => request.socket.destroy()],
    ["larger than allowed", (_request, response) => response.end("canary".repeat(500))],
    [
      "without end",
      (_request, response) => {
        const timer = setInterval(() => response.write("canary".repeat(100)), 1)
        response.on("close", () => clearInterval(timer))
      }
    ]
  ])("takes no answer that is %s", ([, listener]) =>
    Effect.gen(function* () {
      const address = yield* listening(listener)
      const error = yield* failure(call(address)).pipe(over())
      expect(error).toMatchObject({ _tag: "Temporary", throttled: false })
      expect(JSON.stringify(error) + String(error)).not.toContain("canary")
    })
  )

  it.live("gives no text for an empty body, nor for bytes that are not UTF-8", () =>
    Effect.gen(function* () {
      for (const body of [Buffer.alloc(0), Buffer.from([0x7b, 0xff, 0x7d])]) {
        const address = yield* listening((_request, response) => response.end(body))
        expect((yield* call(address).pipe(over())).text).toBe("")
      }
    })
  )

  it.live("brings a file as it is, and none that is larger than allowed", () =>
    Effect.gen(function* () {
      const file = yield* listening((_request, response) => response.end(Buffer.alloc(5000, 0xff)))
      expect(Buffer.alloc(5000, 0xff).equals((yield* download(file).pipe(over())).bytes)).toBe(true)
      const larger = yield* listening((_request, response) => response.end(Buffer.alloc(5001)))
      expect(yield* failure(download(larger)).pipe(over())).toMatchObject({ _tag: "TooLarge", limit: 5000 })
    })
  )

  it.live("says nothing of the address when nobody listens", () =>
    Effect.gen(function* () {
      const error = yield* failure(call("http://127.0.0.1:9/canary")).pipe(over())
      expect(error).toMatchObject({ _tag: "Temporary", throttled: false })
      expect(JSON.stringify(error) + String(error)).not.toContain("canary")
    })
  )
})

it.effect("blots the request's secrets out of a refusal, in both spellings, and leaves an answer as it is", () =>
  Effect.gen(function* () {
    const echo = "secret canary/1 and secret%20canary%2F1"
    const said = (status: number) =>
      Effect.map(call("http://provider.example"), ({ text }) => text).pipe(
        Effect.provide(answered(sender(), json(status, echo)))
      )
    expect(yield* said(400)).toBe("[secret] and [secret]")
    expect(yield* said(302)).toBe("[secret] and [secret]")
    expect(yield* said(200)).toBe(echo)
  })
)

it.effect("ends a call when nobody answers, and says how long that took", () =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(failure(call("http://provider.example")))
    yield* TestClock.adjust("11 seconds")
    expect((yield* Fiber.join(fiber)).message).toContain("10 seconds")
  }).pipe(Effect.provide(answered(sender(), () => new Promise<Response>(() => {}))))
)

it.effect("ends a call by its deadline inside work that must not be interrupted", () =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.uninterruptible(failure(call("http://provider.example"))))
    yield* TestClock.adjust("11 seconds")
    expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "Temporary" })
  }).pipe(Effect.provide(answered(sender(), () => new Promise<Response>(() => {}))))
)
