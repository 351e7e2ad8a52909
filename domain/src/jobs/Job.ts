/**
 * Follow-up work as data. A store saves it together with the events that call for it; a worker does it later, exactly
 * once in effect. The functions here read events and name the work; they never do it.
 */
import type { Catalogue } from "../providers/Catalogue.ts"
import type { Kind, Present, Types } from "./Aggregate.ts"
import { ofAuthorization, ofInvitation } from "./job/ofAuthorizations.ts"
import { ofBackfill, ofConnection } from "./job/ofConnections.ts"
import { ofAccount, ofAdvertiser, ofConsolidation, ofIncident, ofMember, ofOrganization } from "./job/ofOthers.ts"
import type { JobRequest } from "./job/task.ts"

export {
  Job,
  type JobRequest,
  Task,
  choiceMinutes,
  fallbackMinutes,
  identityMinutes,
  lookAgainHours,
  firstProofHours,
  readAgainMinutes,
  straggleMinutes
} from "./job/task.ts"
export { ofAuthorization, ofInvitation } from "./job/ofAuthorizations.ts"
export { ofAccount, ofAdvertiser, ofConsolidation, ofIncident, ofMember, ofOrganization } from "./job/ofOthers.ts"
export { ofBackfill, ofConnection } from "./job/ofConnections.ts"

export { RequestNews, Topic } from "../kernel/Topic.ts"

/** What an event of any aggregate calls for; `next` is the state it led to. */
export const of: {
  readonly [K in Kind]: (next: Present<K>, event: Types[K]["event"], catalogue?: Catalogue) => ReadonlyArray<JobRequest>
} = {
  organization: ofOrganization,
  member: ofMember,
  apiKey: () => [],
  company: () => [],
  account: (_, event) => ofAccount(event),
  grant: () => [],
  advertiser: ofAdvertiser,
  awaited: () => [],
  connection: ofConnection,
  authorization: ofAuthorization,
  invitation: ofInvitation,
  backfill: ofBackfill,
  window: () => [],
  consolidation: ofConsolidation,
  diagnosis: () => [],
  incident: ofIncident
}
