import { type Id, Messages } from "@portolan/domain"
import { Effect } from "effect"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { Deps } from "../shared/deps.ts"

/** The name of an organization; nothing where a host keeps its organizations elsewhere. */
export const organizationName = (
  { repository }: Deps<"repository">,
  id: Id.OrganizationId
): Effect.Effect<string | undefined, StoreError> =>
  repository.find("organization", id, id).pipe(
    Effect.map(({ state }): string | undefined => state.name),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )

/** The name that mails and pages for outsiders have where the organization's own is not known. */
export const namedOr = (name: string | undefined): string => name ?? Messages.text("organization.another")
