import { Diagnosis } from "@portolan/domain"
import { DateTime, Effect, Option } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Outcome } from "../../driven/Scheduler.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { complete, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { isWatched, readSubject } from "./diagnosisSubject.ts"
import type { InspectDeps } from "./inspectAccess.ts"
import { inspectAndRecord } from "./recordDiagnosis.ts"

const retryAt = (at: DateTime.Utc): Outcome => ({ _tag: "RetryAt", at })

/**
 * Asks the provider again while a consent sees no profile or a connection is limited (rules S-R5, P-R2, P-R3): as often
 * as the failing checks are worth it, and for at most 14 days after the last change. Two of these jobs for one
 * connection do no harm: the one that finds a recent inspection waits for the next.
 */
export const diagnose = Effect.fnUntraced(function* (
  deps: InspectDeps & ChangeDeps,
  job: JobContext,
  { connectionId }: TaskOf<"Diagnose">
) {
  const { state: connection } = yield* deps.repository.find("connection", job.organizationId, connectionId)
  const subject = yield* readSubject(deps, connection)
  const now = yield* DateTime.now
  if (!isWatched(subject, yield* CurrentCatalogue)) return yield* complete(deps, job, [])
  const known = subject.diagnosis?.state
  const due = known === undefined ? Option.some(now) : Diagnosis.lookAgainAt(known)
  if (Option.isNone(due)) return yield* complete(deps, job, [])
  if (DateTime.isGreaterThan(due.value, now)) return retryAt(due.value)
  const next = Diagnosis.lookAgainAt(yield* inspectAndRecord(deps, job.actor, subject))
  return Option.isNone(next) ? yield* complete(deps, job, []) : retryAt(next.value)
})
