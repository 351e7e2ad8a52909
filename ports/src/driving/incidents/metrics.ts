/** What is counted of calls to providers, and whom a failure blames. */
import { Failure } from "@portolan/domain"
import { Clock, Effect, Exit, Metric } from "effect"
import { LeftOutListener } from "../../driven/LeftOut.ts"
import { count, type Counter, outcomeOf } from "../shared/counting.ts"
import type { Watched } from "./CallRecord.ts"

/** Calls to providers, by channel, call and outcome. */
export const providerCalls: Counter = {
  name: "portolan_provider_calls_total",
  description: "Calls to providers by channel, call and outcome; ok, or the class of the failure."
}

/** Refreshes of tokens, by channel and outcome. */
export const refreshes: Counter = {
  name: "portolan_token_refreshes_total",
  description: "Refresh tokens spent at providers by channel and outcome."
}

/** Failures of calls to providers, by channel, class and blame. */
export const failures: Counter = {
  name: "portolan_provider_failures_total",
  description: "Failures of calls to providers by channel, class, and who has to act (blame)."
}

/** What providers sent and cannot be read, by channel and call. */
export const leftOut: Counter = {
  name: "portolan_provider_unreadable_total",
  description: "Profiles, advertisers and rows of providers that cannot be read and were left out, by channel and call."
}

const callSeconds = {
  description: "Seconds that calls to providers take, by channel.",
  boundaries: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
} as const

/** Who has to act on a failure: an account's owner, an operator, the provider, or nobody. */
export type Blame = "owner" | "operator" | "provider" | "nobody"

/** The class of a failure as a metric names it, and whom it blames. The first row whose condition holds counts. */
const rows: ReadonlyArray<{
  readonly holds: (failure: unknown) => boolean
  readonly class: string
  readonly blame: Blame
}> = [
  {
    holds: (failure) => failure instanceof Failure.Temporary && failure.isShared === true,
    class: "held-back",
    blame: "nobody"
  },
  {
    holds: (failure) => failure instanceof Failure.Temporary && failure.throttled,
    class: "throttled",
    blame: "nobody"
  },
  { holds: (failure) => failure instanceof Failure.Temporary, class: "temporary", blame: "provider" },
  {
    holds: (failure) => failure instanceof Failure.ApplicationRejected,
    class: "application-rejected",
    blame: "operator"
  },
  {
    // One refusal blames nobody: a later look has to agree.
    holds: (failure) => failure instanceof Failure.PermissionMissing && failure.isFirst === true,
    class: "permission-missing",
    blame: "nobody"
  },
  { holds: (failure) => failure instanceof Failure.PermissionMissing, class: "permission-missing", blame: "owner" },
  {
    // The provider may have replaced the token in an answer that never arrived.
    holds: (failure) => failure instanceof Failure.GrantRefused && failure.rotationLost === true,
    class: "rotation-lost",
    blame: "nobody"
  },
  { holds: (failure) => failure instanceof Failure.GrantRefused, class: "grant-refused", blame: "owner" },
  { holds: (failure) => failure instanceof Failure.AccessTokenRefused, class: "access-token-refused", blame: "nobody" },
  { holds: (failure) => failure instanceof Failure.CodeRefused, class: "code-refused", blame: "nobody" },
  { holds: (failure) => failure instanceof Failure.RequestRefused, class: "request-refused", blame: "nobody" }
]

/** The class and the blame of a failure; one of our own, e.g. of the store, is `other` and blames the operator. */
export const blameOf = (failure: unknown): { readonly class: string; readonly blame: Blame } => {
  const row = rows.find(({ holds }) => holds(failure))
  return { class: row?.class ?? "other", blame: row?.blame ?? "operator" }
}

/** How many rows an answer keeps apart, where it is one that has rows. */
const quarantinedIn = (answer: unknown): number =>
  typeof answer === "object" && answer !== null && "quarantined" in answer && Array.isArray(answer.quarantined)
    ? answer.quarantined.length
    : 0

/** Counts what a call leaves out of a list, and the rows that its answer keeps apart. */
const countingLeftOut = <A, E>({ call, channel }: Pick<Watched, "call" | "channel">, effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const outer = yield* LeftOutListener
    const answer = yield* Effect.provideService(effect, LeftOutListener, (left) =>
      Effect.andThen(count(leftOut, { channel, call }, left.items.length), outer(left))
    )
    const rows = quarantinedIn(answer)
    if (rows > 0) yield* count(leftOut, { channel, call }, rows)
    return answer
  })

/**
 * Counts a call as its caller gets it: what an open incident holds back counts as `held-back`. `isRefresh`: the call
 * spends a refresh token.
 */
export const measured = <A, E>(
  { call, channel }: Pick<Watched, "call" | "channel">,
  isRefresh: boolean,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.flatMap(Clock.currentTimeMillis, (from) =>
    Effect.onExit(countingLeftOut({ call, channel }, effect), (exit) =>
      Effect.gen(function* () {
        const seconds = ((yield* Clock.currentTimeMillis) - from) / 1000
        const outcome = outcomeOf(exit)
        yield* count(providerCalls, { channel, call, outcome })
        if (isRefresh) yield* count(refreshes, { channel, outcome })
        yield* Metric.update(
          Metric.histogram("portolan_provider_call_seconds", { ...callSeconds, attributes: { channel } }),
          seconds
        )
        if (Exit.isSuccess(exit)) return
        const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
        if (failure !== undefined) yield* count(failures, { channel, ...blameOf(failure.error) })
      })
    )
  )
