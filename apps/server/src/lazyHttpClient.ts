/** The client that speaks to providers and collectors, loaded when the first request goes out: a start sends none. */
import { Context, Effect, Layer, Scope } from "effect"
import { HttpClient, type HttpClientError } from "effect/http"

/** Loads the client's modules. */
export const loadHttpClient = Effect.promise(() => import("@effect/platform-node/NodeHttpClient"))

const load = Effect.gen(function* () {
  const { layerUndici } = yield* loadHttpClient
  return Context.get(yield* Layer.build(layerUndici), HttpClient.HttpClient)
})

/** Provides undici's client. Its connections close with the scope of the layer. */
export const lazyHttpClient: Layer.Layer<HttpClient.HttpClient> = Layer.effect(
  HttpClient.HttpClient,
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    // Not the first request's to interrupt: another may wait for it.
    const client = yield* Effect.cached(Effect.uninterruptible(Effect.provideService(load, Scope.Scope, scope)))
    return HttpClient.makeWith<HttpClientError.HttpClientError, never, HttpClientError.HttpClientError, never>(
      (request) => Effect.flatMap(request, (sent) => Effect.flatMap(client, (loaded) => loaded.execute(sent))),
      Effect.succeed
    )
  })
)
