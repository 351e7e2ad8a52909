/** Ports that count how they are asked, so that a test can say what a verb needs. */
import { MemoryAdapters } from "@portolan/memory"
import { useCases, DataSink, Deployment, ReadModels, Repository, TokenVault, UnitOfWork } from "@portolan/ports"
import { Context, Effect, Layer } from "effect"

/** Counts since the last reset. */
export class Reads extends Context.Service<
  Reads,
  {
    readonly reset: () => void
    /** Reads by method and, for `find`, by kind: `find connection`, `authorizationByState`. */
    readonly counts: () => { readonly [read: string]: number }
    /** Calls of the stores by port: `repository`, `unitOfWork`, `vault`, `sink`. */
    readonly calls: () => { readonly [port: string]: number }
    /** How often a caller waited for a store: what it asks at one time is one wait. */
    readonly waits: () => number
  }
>()("@portolan/ports/test/Reads") {}

class Counts {
  readonly reads = new Map<string, number>()
  readonly calls = new Map<string, number>()
  waits = 0
  #underWay = 0

  /** Wraps a port's methods. */
  wrap<P extends object>(port: string, service: P): P {
    const methods = Object.entries(service).map(([name, method]) => [
      name,
      typeof method === "function" ? (...args: ReadonlyArray<unknown>) => this.#call(port, name, method, args) : method
    ])
    return Object.fromEntries(methods) as P
  }

  #call(port: string, name: string, method: Function, args: ReadonlyArray<unknown>) {
    return Effect.suspend(() => {
      if (port === "repository") add(this.reads, name === "find" ? `find ${String(args[0])}` : name)
      add(this.calls, port)
      if (this.#underWay === 0) this.waits += 1
      this.#underWay += 1
      // Whatever is asked at the same time begins before this one ends.
      return Effect.andThen(Effect.yieldNow, method(...args) as Effect.Effect<unknown, unknown>).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            this.#underWay -= 1
          })
        )
      )
    })
  }
}

const add = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)

const counted = Layer.effectContext(
  Effect.gen(function* () {
    const counts = new Counts()
    const wrapped = <I, P extends object>(key: Context.Service<I, P>, port: string) =>
      Effect.map(key, (service) => Context.make(key, counts.wrap(port, service)))
    return (yield* wrapped(Repository.Repository, "repository")).pipe(
      Context.merge(yield* wrapped(UnitOfWork.UnitOfWork, "unitOfWork")),
      Context.merge(yield* wrapped(TokenVault.TokenVault, "vault")),
      Context.merge(yield* wrapped(DataSink.DataSink, "sink")),
      Context.add(Reads, {
        reset: () => {
          counts.reads.clear()
          counts.calls.clear()
          counts.waits = 0
        },
        counts: () => Object.fromEntries(counts.reads),
        calls: () => Object.fromEntries(counts.calls),
        waits: () => counts.waits
      })
    )
  })
)

/** Every service over a fresh memory whose reads are counted. */
export const worldWithReads = useCases.pipe(
  // What is read beside something else counts as the reads that it is made of.
  Layer.provideMerge(Layer.provideMerge(Layer.fresh(ReadModels.composed), counted)),
  Layer.provideMerge(MemoryAdapters.layer()),
  Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com" }))
)

/** Runs an effect and gives its result with what it asked the stores. */
export const reading = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const reads = yield* Reads
    reads.reset()
    const result = yield* effect
    return { result, reads: reads.counts(), calls: reads.calls(), waits: reads.waits() }
  })
