/** What only a real socket shows of this adapter, with every client of the platform. */
import type { RequestListener } from "node:http"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { describe, expect, it } from "@effect/vitest"
import { ProviderApi } from "@portolan/ports"
import { Effect, Layer, Redacted, Tracer } from "effect"
import { FetchHttpClient } from "effect/http"
import { AmazonApi } from "../src/index.ts"
import { failure, given, listening, tokenBody } from "./support.ts"

const refresh = Effect.flatMap(ProviderApi.ProviderApi, (api) =>
  api.refresh({ channel: "amazon-ads", region: "NA", refreshToken: Redacted.make("Atzr|refresh-canary") })
)

describe.each([
  ["fetch", FetchHttpClient.layer],
  ["undici", NodeHttpClient.layerUndici],
  ["node:http", NodeHttpClient.layerNodeHttp]
] as const)("over %s", (_name, client) => {
  const over = (base: string) => AmazonApi.layer({ ...given, addresses: () => base }).pipe(Layer.provide(client))

  it.live("brings tokens", () =>
    Effect.gen(function* () {
      const address = yield* listening((_request, response) => response.end(JSON.stringify(tokenBody)))
      const tokens = yield* Effect.provide(refresh, over(address), { local: true })
      expect(Redacted.value(tokens.accessToken)).toBe("Atza|new")
    })
  )

  it.live.each<[string, RequestListener]>([
    ["redirects", (_request, response) => response.writeHead(307, { location: "/stolen" }).end()],
    [
      "is cut off",
      (_request, response) => {
        response.writeHead(200, { "content-length": "500" })
        response.write(JSON.stringify(tokenBody))
        setTimeout(() => response.destroy(), 20)
      }
    ],
    [
      "is not UTF-8",
      (_request, response) =>
        response.end(
          Buffer.concat([
            Buffer.from('{"x":"'),
            Buffer.from([0xff]),
            Buffer.from(`",${JSON.stringify(tokenBody).slice(1)}`)
          ])
        )
    ],
    ["is empty", (_request, response) => response.end()]
  ])("takes no tokens from an answer that %s, and asks no second time", ([, listener]) =>
    Effect.gen(function* () {
      const paths: Array<string> = []
      const address = yield* listening((request, response) => {
        paths.push(request.url ?? "")
        listener(request, response)
      })
      const error = yield* Effect.provide(failure(refresh), over(address), { local: true })
      expect(error).toMatchObject({ _tag: "Temporary" })
      expect(JSON.stringify(error) + String(error)).not.toMatch(/canary|Atza/)
      expect(paths).toEqual(["/auth/o2/token"])
    })
  )

  it.live("leaves no address, header or secret in any span", () =>
    Effect.gen(function* () {
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
      const address = yield* listening((_request, response) =>
        response.writeHead(400).end("Atzr|refresh-canary ads-secret-canary")
      )
      yield* Effect.provide(failure(refresh), over(address), { local: true }).pipe(Effect.withTracer(tracer))
      expect(seen).toContain("AmazonApi.refresh")
      expect(seen.join("\n")).not.toMatch(/canary|o2\/token/)
    })
  )
})
