/**
 * The worker's side of diagnoses (rules S-R5, P-R2, P-R3): while a consent sees no profile, or a connection is limited, the
 * provider is looked at again by itself, as often as the failing checks are worth it, and for at most 14 days after the last
 * change. Two pieces of work for one connection do no harm: the one that finds a young look waits for the next.
 */
import { Diagnosis, type Job } from "@portolan/domain"
import { DateTime, Effect, Option } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { makeInspecting } from "./inspecting.ts"
import { type JobContext, makeRecords } from "../work/job.ts"

/** Builds the handler, once per service. */
export const makeDiagnosing = Effect.gen(function* () {
  const store = yield* Repository
  const inspecting = yield* makeInspecting
  const { finish } = yield* makeRecords

  const diagnose = (job: JobContext, { connectionId }: Extract<Job.Task, { readonly _tag: "Diagnose" }>) =>
    Effect.gen(function* () {
      const { state: connection } = yield* store.find("connection", job.organizationId, connectionId)
      const subject = yield* inspecting.subjectOf(connection)
      const now = yield* DateTime.now
      if (!inspecting.isWatched(subject)) return yield* finish(job, now, [])
      const known = subject.diagnosis?.state
      const due = known === undefined ? Option.some(now) : Diagnosis.lookAgainAt(known)
      if (Option.isNone(due)) return yield* finish(job, now, [])
      if (DateTime.isGreaterThan(due.value, now)) return { _tag: "RetryAt", at: due.value } as const
      const { state } = yield* inspecting.observe(job.actor, subject)
      const next = Diagnosis.lookAgainAt(state)
      return Option.isNone(next) ? yield* finish(job, now, []) : ({ _tag: "RetryAt", at: next.value } as const)
    })

  return { diagnose }
})
