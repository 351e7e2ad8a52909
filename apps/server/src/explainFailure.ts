import { Cause, Effect, Exit } from "effect"

/** Tells a failure on standard error in one sentence, without a stack; what nobody foresaw is told in full. */
export const explainFailure = <A, E extends { readonly message: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.tapCause(effect, (cause) =>
    Effect.sync(() => {
      if (Cause.hasInterruptsOnly(cause)) return
      const failure = cause.reasons.find(Cause.isFailReason)
      process.stderr.write(`${failure === undefined ? Cause.pretty(cause) : failure.error.message}\n`)
    })
  )

/** The exit code: 0 when it ended well or was asked to stop by a signal, else 1. */
export const teardown = <E, A>(exit: Exit.Exit<E, A>, onExit: (code: number) => void): void =>
  onExit(Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause) ? Number(process.exitCode ?? 0) : 1)
