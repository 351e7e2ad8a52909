/** Faults of time and of what ends meanwhile: F18 and F30. */
import { Connections, TokenVault } from "@portolan/ports"
import { Deferred, Duration, Effect, Fiber, Result } from "effect"
import { type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import { tired, tokenOf } from "./tokens.ts"
import { until, viewOf, working } from "./walk.ts"

const f18 = Effect.gen(function* () {
  const [right, ahead, behind] = [
    yield* process(),
    yield* process({ ahead: "10 minutes" }),
    yield* process({ ahead: "-10 minutes" })
  ]
  const it = yield* right(tired())
  const hold = (process_: typeof right) =>
    process_(
      Effect.flatMap(TokenVault.TokenVault, (vault) =>
        Effect.result(vault.acquireLease(it.by.organizationId, it.grantId, Duration.minutes(5)))
      )
    )
  const first = yield* hold(right)
  const others = [yield* hold(ahead), yield* hold(behind)]
  return all(
    [Result.isSuccess(first), "one process holds a lease"],
    [
      others.every((other) => Result.isFailure(other) && other.failure._tag === "LeaseHeld"),
      "processes whose clocks are 10 minutes off are turned away by the database's time"
    ]
  )
})

const f30 = Effect.gen(function* () {
  const go = yield* Deferred.make<void>()
  const begun = yield* Deferred.make<void>()
  const whole = yield* process()
  const it = yield* whole(tired())
  const slow = yield* process({
    provider: (provider) => ({
      ...provider,
      refresh: (request) =>
        Deferred.succeed(begun, undefined).pipe(
          Effect.andThen(Deferred.await(go)),
          Effect.andThen(provider.refresh(request))
        )
    })
  })
  const reading = yield* Effect.forkChild(Effect.result(slow(tokenOf(it))))
  yield* Deferred.await(begun)
  yield* whole(Effect.flatMap(Connections.Connections, ({ disconnect }) => disconnect(it.by, it.ads)))
  yield* whole(working)
  const isForgotten = Effect.flatMap(TokenVault.TokenVault, (vault) =>
    Effect.map(Effect.result(vault.get(it.by.organizationId, it.grantId)), Result.isFailure)
  )
  yield* until(whole(isForgotten), (gone) => gone)
  yield* Deferred.succeed(go, undefined)
  const result = yield* Fiber.join(reading)
  const { connection } = yield* whole(viewOf(it.by, it.ads))
  return all(
    [Result.isFailure(result), "the answer of the refresh is dropped"],
    [yield* whole(isForgotten), "the tokens stay forgotten"],
    [connection._tag === "Disconnected", `the connection is ${connection._tag}`]
  )
})

/** The faults of leases. */
export const leaseFaults: ReadonlyArray<Fault<Driven>> = [
  { id: "F18", fault: "The clock of a worker is 10 minutes wrong", expected: "The database's time decides", run: f18 },
  {
    id: "F30",
    fault: "An account is disconnected while a refresh runs",
    expected: "The refresh is dropped; nothing comes back to life",
    run: f30
  }
]
