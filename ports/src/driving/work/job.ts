import { type Connection, type Failure, type Id } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import type { Versioned } from "../../driven/Repository.ts"
import { loseGrant, recordRights, type Shown } from "../connections/grantRecords.ts"
import { commit, type Commit, type Decided, decideOn } from "../shared/change.ts"
import { deps } from "../shared/deps.ts"
import { done, during, type JobContext } from "./jobContext.ts"

export { done, dueNow, type JobContext } from "./jobContext.ts"

type Acting = Pick<JobContext, "actor" | "organizationId">

/** What handlers share, bound to its ports, for handlers that are not yet written as top-level functions. */
export const makeRecords = Effect.map(deps("repository", "secrets", "unitOfWork"), (read) => {
  const commitContext = ({ actor, organizationId }: Acting) => ({ organizationId, actor })
  const bound: Commit = (context, decided) => commit(read, context, decided)
  return {
    commit: bound,
    commitContext,
    finish: (job: JobContext, at: DateTime.Utc, decided: ReadonlyArray<Decided>) =>
      Effect.as(bound({ ...commitContext(job), at, completes: job.jobId }, decided), done),
    loseGrant: (job: Acting, grantId: Id.GrantId) => loseGrant(read, commitContext(job), grantId),
    prove: (connection: Versioned<Connection.Linked>, command: Shown) => decideOn("connection", connection, command),
    limit: (
      job: JobContext,
      connectionId: Id.ConnectionId,
      grantId: Id.GrantId,
      { missing }: Failure.PermissionMissing
    ) => recordRights(read, during(job), { connectionId, grantId }, missing)
  }
})
