/** Whether an organization is in use, for work that begins without a caller: guests, jobs, and hosts of their own. */
import { type Id, Organization, type Refused } from "@portolan/domain"
import { Effect } from "effect"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { Deps } from "./deps.ts"

/**
 * How an organization stands. A host that keeps its organizations elsewhere has none here; it decides by itself who
 * works.
 */
export const standingOf = (
  { repository }: Deps<"repository">,
  id: Id.OrganizationId
): Effect.Effect<Organization.Present | undefined, StoreError> =>
  repository.find("organization", id, id).pipe(
    Effect.map(({ state }): Organization.Present | undefined => state),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )

/** Refuses to begin something in an organization that is closed; the refusal names the command. */
export const requireOpen = (
  deps: Deps<"repository">,
  id: Id.OrganizationId,
  of: string,
  command: string
): Effect.Effect<void, Refused.Refused | StoreError> =>
  Effect.flatMap(standingOf(deps, id), (organization) =>
    organization === undefined ? Effect.void : Effect.fromResult(Organization.inUse(organization, of, command))
  ).pipe(Effect.asVoid)
