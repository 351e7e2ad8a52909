import type { Id } from "@portolan/domain"
import { Effect } from "effect"
import type { Incident } from "../../driven/AuditLog.ts"
import type { Deps } from "./deps.ts"

/** Records a security event. What was refused stays refused when the record cannot be written; the log has it then. */
export const recordIncident = (
  { auditLog }: Deps<"auditLog">,
  organizationId: Id.OrganizationId,
  incident: Incident
): Effect.Effect<void> =>
  Effect.catch(auditLog.record(organizationId, incident), (error) =>
    Effect.logWarning("a security event could not be recorded", { kind: incident.kind, because: error.message })
  )
