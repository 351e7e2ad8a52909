/**
 * Trouble that many share, for whoever runs the installation (rule C15): what is going on, what was, how many accounts
 * are behind it, and who must act.
 */
import type { Access, Id, Incident, Refused } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as CloseIncident from "./closeIncident.ts"
import * as ListIncidents from "./listIncidents.ts"
import type { IncidentView, SignView } from "./listIncidents.ts"

export type { IncidentView, SignView } from "./listIncidents.ts"

/** Shows and closes incidents. */
export interface Contract {
  /** Every incident: what is going on first, then the latest that is over. */
  readonly list: (operator: Access.Operator) => Effect.Effect<ReadonlyArray<IncidentView>, StoreError>

  /**
   * What was refused in the last 24 hours and is no incident, because too few share it; the latest first. A token that
   * was made a moment ago and is refused is shown from the first one on.
   */
  readonly signs: (operator: Access.Operator) => Effect.Effect<ReadonlyArray<SignView>, StoreError>

  /** What is going on, without a sign-in: for the readiness of a server. It names no customer. */
  readonly open: () => Effect.Effect<ReadonlyArray<Incident.Open>, StoreError>

  /** Closes an incident by hand; it opens again when the trouble is met again. */
  readonly close: (
    operator: Access.Operator,
    id: Id.IncidentId
  ) => Effect.Effect<IncidentView, Refused.Refused | NotFound | WriteError>
}

const verbs = { ...ListIncidents, ...CloseIncident }

/** Shows and closes incidents. */
export class Incidents extends Context.Service<Incidents, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Incidents"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(Incidents, bound(deps("repository", "secrets", "unitOfWork"), verbs))
}
