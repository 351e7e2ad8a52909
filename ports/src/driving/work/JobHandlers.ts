/**
 * Carries out jobs: what a worker does with each kind of task. Failures become outcomes in `handle` and nowhere else:
 * temporary trouble waits longer each time and never ends a connection; missing permission limits it; only proof that
 * the grant is dead asks for reauthorization.
 */
import { Context, Effect, Layer } from "effect"
import type { Due, Outcome } from "../../driven/Scheduler.ts"
import { bound, type Service } from "../shared/deps.ts"
import { tokenDeps } from "../tokens/AccessTokens.ts"
import * as Handle from "./handle.ts"
import { handlers } from "./handlers.ts"

/** Carries out jobs. */
export interface Contract {
  /** Carries out one job. Never fails: whatever happens is an outcome. */
  readonly handle: (due: Due) => Effect.Effect<Outcome>
}

const verbs = { ...Handle }

/** Carries out jobs. */
export class JobHandlers extends Context.Service<JobHandlers, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/JobHandlers"
) {
  /** The worker's side of every use case. */
  static readonly layer = Layer.effect(
    JobHandlers,
    bound(
      Effect.gen(function* () {
        const ports = ["dataSink", "deployment", "eventLog", "mailer", "notifier", "provider", "repository"] as const
        return { ...(yield* tokenDeps(...ports, "secrets", "unitOfWork", "vault", "vaultKeys")), handlers }
      }),
      verbs
    )
  )
}
