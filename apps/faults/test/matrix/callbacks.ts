/** Faults of links and of the way back from the provider: F13 to F17. */
import { AuthLinks, Connecting, PendingAuthorizations } from "@portolan/ports"
import { Effect, Redacted, Result } from "effect"
import { away, choose, consenting } from "./consents.ts"
import { type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import { calls, comeBack, countEvents, goAndConsent } from "./walk.ts"

type Callback = Parameters<typeof comeBack>[0]

const f13 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(away)
  const links = yield* whole(AuthLinks.AuthLinks)
  const { url } = yield* whole(links.create(it.by, it.ads))
  const token = Redacted.make(url === undefined ? "" : (Redacted.value(url).split("/").at(-1) ?? ""))
  for (let scan = 0; scan < 5; scan++) yield* whole(links.look(token))
  const followed = yield* Effect.result(whole(links.follow(token, undefined)))
  return all([Result.isSuccess(followed), "after five looks a click still leads to the provider"])
})

const f14 = Effect.gen(function* () {
  const processes = [yield* process(), yield* process()]
  const it = yield* processes[0]!(away)
  const before = yield* calls("exchange")
  const both = yield* Effect.all(
    processes.map((one) => Effect.result(one(comeBack(it.callback)))),
    { concurrency: "unbounded" }
  )
  const tags = both.map((one) => (Result.isSuccess(one) ? one.success._tag : one.failure._tag))
  const exchanged = (yield* calls("exchange")) - before
  const recorded = yield* processes[0]!(countEvents(it.by, "ConsentRecorded", it.callback.authorizationId))
  return all(
    [exchanged === 1, `${exchanged} exchange of the code`],
    [recorded === 1, `${recorded} consent on record`],
    [tags.filter((tag) => tag === "Handled").length === 1, `answers: ${tags.toSorted().join(", ")}`]
  )
})

const f15 = Effect.gen(function* () {
  const whole = yield* process()
  const [mine, other] = [yield* whole(away), yield* whole(away)]
  const receive = (query: URLSearchParams, browser: Callback["browser"] | undefined) =>
    whole(Effect.flatMap(Connecting.Connecting, (connecting) => connecting.receive("amazon-ads", query, browser)))
  const state = mine.callback.query.get("state") ?? ""
  const code = mine.callback.query.get("code") ?? ""
  const before = yield* calls("exchange")
  const answers = [
    (yield* receive(new URLSearchParams({ code }), mine.callback.browser))._tag,
    (yield* receive(
      new URLSearchParams({ code, state: `${state.slice(0, -1)}${state.endsWith("A") ? "B" : "A"}` }),
      mine.callback.browser
    ))._tag,
    (yield* receive(mine.callback.query, other.callback.browser))._tag,
    (yield* receive(mine.callback.query, undefined))._tag
  ]
  const spent = (yield* calls("exchange")) - before
  const handled = yield* whole(comeBack(mine.callback))
  const replayed = yield* whole(comeBack(mine.callback))
  return all(
    [spent === 0, "missing, altered and foreign states spend no code"],
    [answers.join() === "Unknown,Unknown,BrowserMismatch,BrowserMismatch", `answers: ${answers.join(", ")}`],
    [
      handled._tag === "Handled" && replayed._tag === "Repeated",
      "the true callback works once; replayed it only repeats its answer"
    ]
  )
})

const f16 = Effect.gen(function* () {
  const plain = yield* process()
  const it = yield* plain(away)
  const late = yield* process({ ahead: "3 hours" })
  const before = yield* calls("exchange")
  const answer = yield* late(comeBack(it.callback))
  const spent = (yield* calls("exchange")) - before
  const state = "authorization" in answer ? answer.authorization._tag : answer._tag
  const fresh = yield* plain(goAndConsent(it.by, it.ads, consenting("again", it.key)))
  const next = yield* plain(comeBack(fresh))
  return all(
    [spent === 0 && state === "Expired", `3 hours later the authorization is ${state}, and no code is spent`],
    [next._tag === "Handled", "a new one works"]
  )
})

const f17 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(away)
  yield* whole(comeBack(it.callback))
  const repeated = yield* whole(comeBack(it.callback))
  const fresh = yield* whole(goAndConsent(it.by, it.ads, consenting("again", it.key)))
  const query = new URLSearchParams({
    code: it.callback.query.get("code") ?? "",
    state: fresh.query.get("state") ?? ""
  })
  const used = yield* whole(comeBack({ ...fresh, query }))
  const reason = used._tag === "Handled" && used.authorization._tag === "Failed" ? used.authorization.reason : used._tag
  yield* whole(choose(it.by, it.callback.authorizationId, it.key)).pipe(Effect.ignore)
  const first = yield* whole(
    Effect.flatMap(PendingAuthorizations.PendingAuthorizations, ({ view }) => view(it.by, it.callback.authorizationId))
  )
  return all(
    [repeated._tag === "Repeated", "the same callback again gets the first answer"],
    [reason === "code-refused", `the code under another state: ${reason}`],
    [first.authorization._tag !== "Failed", `the first consent stays (${first.authorization._tag})`]
  )
})

/** The faults of callbacks. */
export const callbackFaults: ReadonlyArray<Fault<Driven>> = [
  { id: "F13", fault: "A mail scanner opens a link", expected: "Opening consumes nothing", run: f13 },
  {
    id: "F14",
    fault: "A callback arrives twice at the same instant",
    expected: "One is handled, the other repeats its answer",
    run: f14
  },
  {
    id: "F15",
    fault: "The state is missing, altered, replayed, or another browser's",
    expected: "Refused; no code is spent",
    run: f15
  },
  {
    id: "F16",
    fault: "The callback comes after the session ended",
    expected: "A safe answer, and a new session works",
    run: f16
  },
  {
    id: "F17",
    fault: "A code is used twice",
    expected: "The second is refused; the consent from the first stays",
    run: f17
  }
]
