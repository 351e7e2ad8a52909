/**
 * A world in which something happens right after something else was read: what a second worker, or a second click, may
 * do.
 */
import { Repository, useCases, Deployment, EventLog, ProviderApi } from "@portolan/ports"
import { MemoryAdapters } from "@portolan/memory"
import { Effect, Fiber, Layer, type Scope } from "effect"
import { settle } from "./world.ts"

type Read =
  | "account"
  | "grant"
  | "connections"
  | "users"
  | "member"
  | "members"
  | "memberships"
  | "history"
  | "profiles"

const hooks = new Map<Read, { readonly effect: Effect.Effect<unknown>; readonly skip: number }>()
const meanwhile = (read: Read) =>
  Effect.suspend((): Effect.Effect<unknown> => {
    const hook = hooks.get(read)
    hooks.delete(read)
    if (hook === undefined || hook.skip === 0) return hook?.effect ?? Effect.void
    hooks.set(read, { ...hook, skip: hook.skip - 1 })
    return Effect.void
  })

/**
 * Lets something happen the next time that this is read, once, before the reader goes on; `skip` readings go by before.
 */
export const after = <A, E>(read: Read, effect: Effect.Effect<A, E>, skip = 0) =>
  Effect.sync(() => void hooks.set(read, { effect: Effect.exit(effect), skip }))

/** What comes of an effect that may wait a moment before it tries again. */
export const outcome = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(Effect.result(effect))
  // Time goes on until it has come to an end.
  yield* Effect.raceFirst(Effect.forever(settle), Effect.exit(Fiber.await(fiber)))
  return yield* Fiber.join(fiber)
})

const gated = Layer.effect(
  Repository.Repository,
  Effect.map(Repository.Repository, (store) =>
    Repository.Repository.of({
      ...store,
      find: (kind, organizationId, id) =>
        Effect.tap(store.find(kind, organizationId, id), () =>
          kind === "grant" || kind === "account" || kind === "member" ? meanwhile(kind) : Effect.void
        ),
      connections: (...asked) => Effect.tap(store.connections(...asked), () => meanwhile("connections")),
      members: (...asked) => Effect.tap(store.members(...asked), () => meanwhile("members")),
      memberships: (...asked) => Effect.tap(store.memberships(...asked), () => meanwhile("memberships")),
      connectionsOfGrant: (...asked) => Effect.tap(store.connectionsOfGrant(...asked), () => meanwhile("users"))
    })
  )
)

const gatedLog = Layer.effect(
  EventLog.EventLog,
  Effect.map(EventLog.EventLog, (log) =>
    EventLog.EventLog.of({ ...log, all: (...asked) => Effect.tap(log.all(...asked), () => meanwhile("history")) })
  )
)

const gatedProvider = Layer.effect(
  ProviderApi.ProviderApi,
  Effect.map(ProviderApi.ProviderApi, (provider) => ({
    ...provider,
    discover: (access: ProviderApi.Access) => Effect.tap(provider.discover(access), () => meanwhile("profiles"))
  }))
)

const world = useCases.pipe(
  Layer.provideMerge(Layer.mergeAll(gated, gatedLog, gatedProvider)),
  Layer.provideMerge(MemoryAdapters.layer()),
  Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com" }))
)

/** Runs a test in such a world. */
export const within = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(Effect.andThen(effect, settle)).pipe(Effect.provide(world))
