/** A repository that counts its reads, so that a test can say how many a verb needs. */
import { MemoryAdapters } from "@portolan/memory"
import { useCases, Deployment, Repository } from "@portolan/ports"
import { Context, Effect, Layer } from "effect"

/** The reads since the last reset, by method and, for `find`, by kind: `find connection`, `authorizationByState`. */
export class Reads extends Context.Service<
  Reads,
  { readonly reset: () => void; readonly counts: () => { readonly [read: string]: number } }
>()("@portolan/ports/test/Reads") {}

const counted = Layer.effectContext(
  Effect.map(Repository.Repository, (repository) => {
    const counts = new Map<string, number>()
    const methods = Object.entries(repository).map(([name, method]) => [
      name,
      (...args: ReadonlyArray<never>) =>
        Effect.suspend(() => {
          const read = name === "find" ? `find ${args[0]}` : name
          counts.set(read, (counts.get(read) ?? 0) + 1)
          return (method as unknown as (...all: ReadonlyArray<never>) => Effect.Effect<never>)(...args)
        })
    ])
    return Context.make(Repository.Repository, Object.fromEntries(methods) as typeof repository).pipe(
      Context.add(Reads, { reset: () => counts.clear(), counts: () => Object.fromEntries(counts) })
    )
  })
)

/** Every service over a fresh memory whose reads are counted. */
export const worldWithReads = useCases.pipe(
  Layer.provideMerge(counted),
  Layer.provideMerge(MemoryAdapters.layer()),
  Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com" }))
)

/** Runs an effect and gives its result with the reads it made. */
export const reading = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const reads = yield* Reads
    reads.reset()
    const result = yield* effect
    return { result, reads: reads.counts() }
  })
