/** What tests of adapters that speak HTTP to a provider share: answers, scripts of answers, and servers of one test. */
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { Day } from "@portolan/domain"
import { Effect, Layer, Result, Schema } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"
import type { Answer } from "../src/index.ts"

/** An instant in summer. */
export const noon = Date.parse("2026-07-15T12:00:00Z")

export const day = Schema.decodeSync(Day.Day)

const textOf = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body))

/** An answer that arrived at noon. */
export const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Answer.Answer => ({
  status,
  headers,
  text: textOf(body),
  atMillis: noon
})

/** What a result is, in a form that a table can hold. */
export const told = <A, E extends { readonly _tag: string }>(result: Result.Result<A, E>): string =>
  Result.isSuccess(result) ? "value" : result.failure._tag

/** The failure of an effect that must fail. */
export const failure = <A, E extends { readonly _tag: string }, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<E, A, R> => Effect.flip(effect)

/** A response that a script gives when its turn comes. */
export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    new Response(textOf(body), { status, headers: { "content-type": "application/json", ...headers } })

/** What needs an HTTP client, over a function that answers requests. */
export const answered = <A, E>(
  layer: Layer.Layer<A, E, HttpClient.HttpClient>,
  fetch: (request: Request) => Response | Promise<Response>
): Layer.Layer<A, E> =>
  layer.pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, async (input, init) => fetch(new Request(input, init))))
  )

/** What needs an HTTP client, given answers in turn, and what was asked. */
export const inTurn = <A, E>(
  layer: Layer.Layer<A, E, HttpClient.HttpClient>,
  answers: ReadonlyArray<() => Response>
): { readonly layer: Layer.Layer<A, E>; readonly asked: Array<Request> } => {
  const asked: Array<Request> = []
  return {
    asked,
    layer: answered(layer, (request) => {
      asked.push(request)
      return answers[asked.length - 1]?.() ?? new Response("the script is over", { status: 599 })
    })
  }
}

/** The address of a real server that stops with the scope. */
export const listening = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer(listener).listen(0, "127.0.0.1", () => resolve(server))
        })
    ),
    (server) =>
      Effect.promise(
        () =>
          new Promise<void>((resolve) => {
            server.close(() => resolve())
            server.closeAllConnections()
          })
      )
  ).pipe(Effect.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`))
