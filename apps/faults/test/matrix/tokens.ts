/** Faults of refreshes: F1 to F4. */
import { Failure } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { AccessTokens, Connections } from "@portolan/ports"
import { Clock, Effect, Redacted, Result } from "effect"
import { lifeWith } from "./Crash.ts"
import { type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import { calls, connected, countEvents, makeDue, organization, until, viewOf, working } from "./walk.ts"

/** A connection whose access tokens are never good for long enough, so that each use refreshes. */
export const tired = Effect.fnUntraced(function* (rotates = false) {
  yield* (yield* ProviderScript.ProviderScript).tokens({ accessLife: "4 minutes", rotates })
  const by = yield* organization()
  return { by, ...(yield* connected(by)) }
})

/** Reads a token of a connection. */
export const tokenOf = ({ by, grantId }: Pick<Effect.Success<ReturnType<typeof tired>>, "by" | "grantId">) =>
  Effect.flatMap(AccessTokens.AccessTokens, ({ ofGrant }) => ofGrant(by.organizationId, grantId))

/** Runs an effect, and measures it. */
export const seconds = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const begun = yield* Clock.currentTimeMillis
    const result = yield* effect
    return { result, seconds: ((yield* Clock.currentTimeMillis) - begun) / 1000 }
  })

const f1 = Effect.gen(function* () {
  const processes = [yield* process(), yield* process()]
  const it = yield* processes[0]!(tired())
  yield* (yield* ProviderScript.ProviderScript).tokens({ accessLife: "1 hour" })
  const before = yield* calls("refresh")
  const tokens = yield* Effect.all(
    Array.from({ length: 16 }, (_, index) => processes[index % 2]!(tokenOf(it))),
    { concurrency: "unbounded" }
  )
  const spent = (yield* calls("refresh")) - before
  const different = new Set(tokens.map(({ token }) => Redacted.value(token))).size
  return all(
    [spent === 1, `${spent} call of the provider for 16 readers in 2 processes`],
    [different === 1, `${different} token`]
  )
})

/** Ends a process between the provider's answer and the vault. */
const dieAfterRefresh = Effect.fnUntraced(function* (rotates: boolean) {
  const whole = yield* process()
  const it = yield* whole(tired(rotates))
  const counting = lifeWith(0, "after")
  const dying = yield* process({
    provider: (provider) => ({
      ...provider,
      refresh: (request) =>
        Effect.flatMap(provider.refresh(request), () => {
          counting.dead = true
          return Effect.never
        })
    }),
    life: counting
  })
  yield* Effect.forkDetach(dying(tokenOf(it)))
  yield* until(
    Effect.sync(() => counting.dead),
    (dead) => dead
  )
  return { it, whole, ...(yield* seconds(Effect.result(whole(tokenOf(it))))) }
})

const f2 = Effect.gen(function* () {
  const kept = yield* dieAfterRefresh(false)
  const replaced = yield* dieAfterRefresh(true)
  const lost = Result.isFailure(replaced.result) ? replaced.result.failure : undefined
  return all(
    [Result.isSuccess(kept.result), "where refresh tokens stay, the next process gets a token"],
    [kept.seconds < 8, `${kept.seconds.toFixed(1)} s after the other one died`],
    [
      lost?._tag === "GrantRefused" && lost.rotationLost === true,
      "where they are replaced, the grant is refused as rotation-lost"
    ]
  )
})

const f3 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(tired())
  const life = lifeWith(0, "after")
  const dying = yield* process({ life })
  // Counts the calls of a pause, and ends the next process right after its commit.
  yield* dying(Effect.flatMap(Connections.Connections, ({ pause }) => pause(it.by, it.ads)))
  const mid = yield* whole(countEvents(it.by, "ConnectionPaused", it.ads))
  let committed = 0
  for (let at = 1; at <= life.calls; at++) {
    const last = lifeWith(at, "after")
    const other = yield* whole(tired())
    const process_ = yield* process({ life: last })
    yield* Effect.timeoutOption(
      process_(Effect.flatMap(Connections.Connections, ({ pause }) => pause(other.by, other.ads))),
      "1 second"
    )
    if (last.struck !== "unitOfWork.commit") continue
    const read = yield* whole(countEvents(other.by, "ConnectionPaused", other.ads))
    const view = yield* whole(viewOf(other.by, other.ads))
    if (read === 1 && view.evidence.status === "paused") committed += 1
  }
  return all(
    [mid === 1, "one event for one change"],
    [committed === 1, "a process that dies right after its commit leaves one event, and the state with it"]
  )
})

const f4 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(tired(true))
  let lost = 0
  const cut = yield* process({
    provider: (provider) => ({
      ...provider,
      refresh: (request) =>
        Effect.flatMap(Effect.exit(provider.refresh(request)), () => {
          lost += 1
          return Effect.fail(new Failure.Temporary({ detail: "the connection dropped", throttled: false }))
        })
    })
  })
  const first = yield* Effect.result(cut(tokenOf(it)))
  const second = yield* Effect.result(whole(tokenOf(it)))
  const view = yield* until(
    whole(viewOf(it.by, it.ads)),
    ({ connection }) => connection._tag === "ReauthorizationNeeded",
    5
  )
  const after = view.connection._tag === "ReauthorizationNeeded" ? view : yield* proven(whole, it)
  return all(
    [lost === 1 && Result.isFailure(first) && first.failure._tag === "Temporary", "the lost answer is temporary"],
    [
      Result.isFailure(second) && second.failure._tag === "GrantRefused" && second.failure.rotationLost === true,
      "the old token is tried again, refused twice, and the cause is that a rotation was lost"
    ],
    [
      after.connection._tag === "ReauthorizationNeeded" && after.connection.loss === "rotation-lost",
      `the connection says ${"loss" in after.connection ? after.connection.loss : after.connection._tag}`
    ]
  )
})

type Tired = Effect.Success<ReturnType<typeof tired>>

/** Lets the daily proof of a connection come. */
const proven = Effect.fnUntraced(function* (whole: Effect.Success<ReturnType<typeof process>>, { ads, by }: Tired) {
  yield* whole(makeDue)
  yield* whole(working)
  return yield* until(
    whole(viewOf(by, ads)),
    ({ connection }) => connection._tag === "ReauthorizationNeeded" || connection._tag === "Limited",
    20
  )
})

/** The faults of refreshes. */
export const refreshFaults: ReadonlyArray<Fault<Driven>> = [
  {
    id: "F1",
    fault: "Two workers refresh the same grant",
    expected: "One call of the provider; both get the same token",
    run: f1
  },
  {
    id: "F2",
    fault: "A worker dies after the provider answered, before saving",
    expected:
      "The next process goes on within seconds; a replaced refresh token that died with the answer is called lost",
    run: f2
  },
  {
    id: "F3",
    fault: "A worker dies after saving, before it tells anybody",
    expected: "Exactly one state change with its event",
    run: f3
  },
  {
    id: "F4",
    fault: "The provider replaces the refresh token, and the connection drops",
    expected: "The old token is tried again; refused, reauthorization is needed with the cause rotation-lost",
    run: f4
  }
]
