/** How long to wait after a temporary failure: what the provider asked for, or growing gaps with jitter. */
import * as Duration from "effect/Duration"

const steps = ["30 seconds", "2 minutes", "8 minutes", "30 minutes", "2 hours", "6 hours"] as const

/** Attempts after which a job becomes a dead letter: six growing steps, then every six hours for four days. */
export const attemptLimit = steps.length + 16

/** How far jitter moves a delay, as a share of it in both directions. */
export const jitter = 0.2

const longestAskedSeconds = 86_400

/**
 * The wait that a provider asked for when it limited the rate: never shortened, only lengthened by jitter; more than
 * one day counts as one day. It does not count as a failed attempt.
 */
export const rateLimitDelay = (retryAfterSeconds: number, unit: number): Duration.Duration => {
  const millis = Math.min(Math.max(0, retryAfterSeconds), longestAskedSeconds) * 1000
  return Duration.millis(Math.ceil(millis + unit * jitter * millis))
}

/**
 * The wait before attempt number `attempt + 1` (the first failure is attempt 1). `unit` in [0, 1) moves it by ± 20 %,
 * so that jobs that failed together do not return together. A longer wait that the provider asked for counts. A shorter
 * one does not, because a server that fails and says "at once" would use up every attempt within a minute.
 */
export const delay = (attempt: number, unit: number, retryAfterSeconds = 0): Duration.Duration => {
  const step = steps[Math.min(Math.max(1, Math.floor(attempt)), steps.length) - 1] ?? "6 hours"
  const millis = Duration.toMillis(Duration.fromInputUnsafe(step))
  return Duration.max(
    Duration.millis(Math.round(millis * (1 - jitter + 2 * jitter * unit))),
    rateLimitDelay(retryAfterSeconds, unit)
  )
}
