/** Faults of refreshes: F1 to F8, F18 and F30. */
import { Failure } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { AccessTokens, Connections, Repository, TokenVault } from "@portolan/ports"
import { Clock, Deferred, Duration, Effect, Fiber, Redacted, Result } from "effect"
import { lifeWith } from "./Crash.ts"
import { type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import { calls, connected, countEvents, makeDue, organization, until, viewOf, working } from "./walk.ts"

/** A connection whose access tokens are never good for long enough, so that each use refreshes. */
const tired = Effect.fnUntraced(function* (rotates = false) {
  yield* (yield* ProviderScript.ProviderScript).tokens({ accessLife: "4 minutes", rotates })
  const by = yield* organization()
  return { by, ...(yield* connected(by)) }
})

const tokenOf = ({ by, grantId }: Pick<Effect.Success<ReturnType<typeof tired>>, "by" | "grantId">) =>
  Effect.flatMap(AccessTokens.AccessTokens, ({ ofGrant }) => ofGrant(by.organizationId, grantId))

const seconds = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
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
    [committed === 1, "a process that dies right after its commit leaves exactly one event and the state with it"]
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
  const asked = view.connection._tag === "ReauthorizationNeeded" ? view : yield* proven(whole, it)
  return all(
    [lost === 1 && Result.isFailure(first) && first.failure._tag === "Temporary", "the lost answer is temporary"],
    [
      Result.isFailure(second) && second.failure._tag === "GrantRefused" && second.failure.rotationLost === true,
      "the old token is tried again, refused twice, and the cause is that a rotation was lost"
    ],
    [
      asked.connection._tag === "ReauthorizationNeeded" && asked.connection.loss === "rotation-lost",
      `the connection says ${asked.connection._tag === "ReauthorizationNeeded" ? asked.connection.loss : asked.connection._tag}`
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

const temporaries = [
  "500 from the token endpoint",
  "502 from the token endpoint",
  "503 from the token endpoint",
  "504 from the token endpoint",
  "429 from the token endpoint",
  "the name could not be resolved",
  "the certificate is not trusted",
  "no answer within 30 seconds"
].map((detail) => new Failure.Temporary({ detail, throttled: detail.startsWith("429") }))

const f5 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(tired())
  const script = yield* ProviderScript.ProviderScript
  const tags: Array<string> = []
  for (const failure of temporaries) {
    yield* script.fail("refresh", failure, 1)
    const result = yield* Effect.result(whole(tokenOf(it)))
    tags.push(Result.isFailure(result) ? result.failure._tag : "token")
  }
  const { connection, evidence } = yield* whole(viewOf(it.by, it.ads))
  const after = yield* Effect.result(whole(tokenOf(it)))
  return all(
    [tags.every((tag) => tag === "Temporary"), `${tags.length} kinds of temporary trouble, each temporary`],
    [connection._tag === "Connected", `the connection stays ${evidence.status}`],
    [Result.isSuccess(after), "the next refresh works"]
  )
})

const refusal = new Failure.GrantRefused({ detail: "invalid_grant" })

const f6 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(tired())
  yield* (yield* ProviderScript.ProviderScript).fail("refresh", refusal, 1)
  const result = yield* Effect.result(whole(tokenOf(it)))
  const { connection } = yield* whole(viewOf(it.by, it.ads))
  return all(
    [Result.isSuccess(result), "after one refusal the second try gives a token"],
    [connection._tag === "Connected", `the connection is ${connection._tag}`]
  )
})

const f7 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(tired())
  yield* whole(working)
  yield* (yield* ProviderScript.ProviderScript).withdraw(it.grantor)
  const { result, seconds: took } = yield* seconds(
    Effect.andThen(
      Effect.result(whole(tokenOf(it))),
      until(whole(viewOf(it.by, it.ads)), ({ connection }) => connection._tag === "ReauthorizationNeeded", 60)
    )
  )
  const lost = yield* whole(countEvents(it.by, "GrantLost", it.ads))
  return all(
    [result.connection._tag === "ReauthorizationNeeded", `reauthorization needed ${took.toFixed(1)} s after the read`],
    [took < 60, "within a minute"],
    [lost === 1, `${lost} loss on record`]
  )
})

const f8 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(tired())
  const script = yield* ProviderScript.ProviderScript
  yield* script.fail("refresh", new Failure.ApplicationRejected({ detail: "invalid_client" }), 1_000_000)
  const result = yield* Effect.result(whole(tokenOf(it)))
  yield* whole(makeDue)
  yield* whole(working)
  yield* Effect.sleep("3 seconds")
  const { connection } = yield* whole(viewOf(it.by, it.ads))
  const lost = yield* whole(countEvents(it.by, "GrantLost"))
  const { state: grant } = yield* (yield* Repository.Repository).find("grant", it.by.organizationId, it.grantId)
  return all(
    [
      Result.isFailure(result) && result.failure._tag === "ApplicationRejected",
      "the reader is told of the application"
    ],
    [connection._tag === "Connected" && grant._tag === "Active", "connection and grant stay as they are"],
    [lost === 0, "nobody is asked to authorize again"]
  )
})

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

/** The faults of refreshes. */
export const tokenFaults: ReadonlyArray<Fault<Driven>> = [
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
  },
  {
    id: "F5",
    fault: "500, 502, 503, 504, 429, no name, no trust, no answer",
    expected: "Temporary; the connection stays connected",
    run: f5
  },
  {
    id: "F6",
    fault: "invalid_grant once, then success",
    expected: "One confirmation after a pause, no alarm",
    run: f6
  },
  {
    id: "F7",
    fault: "invalid_grant for good",
    expected: "Reauthorization needed within a minute, recorded once",
    run: f7
  },
  {
    id: "F8",
    fault: "invalid_client: the application's secret is rejected",
    expected: "No connection changes state, no customer is asked to act",
    run: f8
  },
  { id: "F18", fault: "The clock of a worker is 10 minutes wrong", expected: "The database's time decides", run: f18 },
  {
    id: "F30",
    fault: "An account is disconnected while a refresh runs",
    expected: "The refresh is dropped; nothing comes back to life",
    run: f30
  }
]
