/** What never happens on the way: following elsewhere with a seller's token, waiting for ever. */
import { expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { WalmartApi } from "../src/index.ts"
import { access, api, ask, failure, given, listening } from "./support.ts"

const discover = ask((port) => port.discover(access("walmart-marketplace")))

it.live("a redirect is not followed, and the token stays where it was meant for", () =>
  Effect.gen(function* () {
    const paths: Array<string> = []
    const address = yield* listening((request, response) => {
      paths.push(request.url ?? "")
      response.writeHead(302, { location: "/elsewhere" }).end()
    })
    const layer = WalmartApi.layer({ ...given, addresses: () => address }).pipe(Layer.provide(FetchHttpClient.layer))
    expect((yield* failure(discover).pipe(Effect.provide(layer)))._tag).toBe("Temporary")
    expect(paths).toEqual(["/v3/token/detail"])
  })
)

it.effect("a call ends when nobody answers", () =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(failure(discover))
    yield* TestClock.adjust("31 seconds")
    expect((yield* Fiber.join(fiber)).message).toContain("30 seconds")
  }).pipe(Effect.provide(api(() => new Promise<Response>(() => {}))))
)
