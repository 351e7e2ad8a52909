/** What a consent showed when it was recorded. */
import type { Access, Id, Profile } from "@portolan/domain"
import { Effect } from "effect"
import type { Deps } from "../../shared/deps.ts"

/** The most events of an authorization that are looked through, the youngest first. It has a handful. */
const eventsRead = 100

/** What a consent showed when it was recorded, and whether a person still chooses from it. */
export interface FirstSeen {
  /** What the provider listed; empty where the consent has no authorization, or its record cannot be read. */
  readonly candidates: ReadonlyArray<Profile.Candidate>
  readonly awaitsChoice: boolean
}

const nothing: FirstSeen = { candidates: [], awaitsChoice: false }

/** Reads from the history of an organization what a consent of it showed when it was recorded. */
export const firstSeenFor = Effect.fn("Grants.firstSeenFor")(function* (
  { eventLog, repository }: Deps<"eventLog" | "repository">,
  _operator: Access.Operator,
  organizationId: Id.OrganizationId,
  id: Id.GrantId
) {
  const { state: grant } = yield* repository.find("grant", organizationId, id)
  const { authorizationId } = grant
  if (authorizationId === undefined) return nothing
  const { state } = yield* repository.find("authorization", organizationId, authorizationId)
  const { items } = yield* eventLog.of(organizationId, [authorizationId], { limit: eventsRead }).pipe(
    // A first page has no cursor that could be invalid.
    Effect.catchTag("InvalidCursor", Effect.die)
  )
  const recorded = items.map(({ event }) => event).find((event) => event._tag === "ConsentRecorded")
  const awaitsChoice = state._tag === "AwaitingSelection" && state.grantId === id
  return { candidates: recorded?.candidates ?? [], awaitsChoice } satisfies FirstSeen
})
