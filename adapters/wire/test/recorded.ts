/** The provider's end of the line for the conformance suite: one answer for every request, and all requests. */
import type { Reply, Seen, Wire } from "@portolan/conformance"
import { Effect, type Layer } from "effect"
import type { HttpClient } from "effect/http"
import { answered } from "./support.ts"

/** What needs an HTTP client, over a provider that answers as it is told. */
export const recorded = <A, E>(
  layer: Layer.Layer<A, E, HttpClient.HttpClient>
): { readonly layer: Layer.Layer<A, E>; readonly wire: Wire } => {
  let next: Reply = { status: 503, headers: {}, body: "" }
  const requests: Array<Seen> = []
  return {
    layer: answered(layer, async (request) => {
      const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`).join("\n")
      const body = await request.text()
      requests.push({
        url: request.url,
        content: `${headers}\n${body}`,
        followsRedirects: request.redirect === "follow"
      })
      const isEmpty = next.status === 204 || next.status === 304
      return new Response(isEmpty ? null : next.body, { status: next.status, headers: next.headers })
    }),
    wire: {
      answer: (reply) => Effect.sync(() => void (next = reply)),
      requests: () => Effect.sync(() => [...requests])
    }
  }
}
