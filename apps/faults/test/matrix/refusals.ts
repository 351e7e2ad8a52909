/** Faults of a provider that refuses: F5 to F8. */
import { Failure } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Repository } from "@portolan/ports"
import { Effect, Result } from "effect"
import { type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import { seconds, tired, tokenOf } from "./tokens.ts"
import { countEvents, makeDue, until, viewOf, working } from "./walk.ts"

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

/** The faults of a provider that refuses. */
export const refusalFaults: ReadonlyArray<Fault<Driven>> = [
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
  }
]
