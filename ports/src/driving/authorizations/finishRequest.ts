import { Access, type Actor, type Connection } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { decideAndCommit, startingFrom } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import type { Link } from "./links/linkAddress.ts"
import { type Choice, choices } from "./profiles/choices.ts"
import { readSelection, selectProfile } from "./profiles/selectProfile.ts"
import { surroundings } from "./profiles/surroundings.ts"
import type { Recorded } from "./recordConsent.ts"

const by: Actor.Actor = { _tag: "System", part: "request" }

/**
 * Finishes the consent for a request to connect, where there is nothing left to choose: exactly one profile fits,
 * nothing speaks against it and it is not held (rule X-R5). Otherwise the consent waits for the requester, who chooses.
 * Gives the authorization.
 */
export const finishRequest = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  recorded: Recorded,
  link: Link | undefined
) {
  const { authorization, connection, grant } = recorded
  const { state } = authorization
  if (state._tag !== "AwaitingSelection" || link?.request === undefined) return state
  if (wasEndedSince(connection.state, link)) return state
  const { accountId, candidates, id, organizationId } = state
  const around = yield* surroundings(deps, organizationId, accountId)
  const all = yield* choices(
    deps,
    { organizationId, accessScope: Access.everything },
    { around, own: connection.state, candidates, grant: grant.state }
  )
  const key = onlyChoice(all, connection.state)?.candidate.key
  if (key === undefined) return state
  const source = startingFrom(
    { authorization, around, own: connection, grant },
    Effect.flatMap(deps.repository.find("authorization", organizationId, id), (read) => readSelection(deps, read))
  )
  return yield* decideAndCommit(deps, { organizationId, actor: by }, ({ at }) =>
    Effect.flatMap(source, (selection) =>
      selectProfile(deps, selection, { key, confirmed: false, keepsReplaced: false, by, at })
    )
  ).pipe(
    // A change that came between leaves the authorization to the requester, who sees it waiting.
    Effect.catchTag(["Refused", "ProfileTaken", "VersionConflict"], () =>
      Effect.map(deps.repository.find("authorization", organizationId, id), (read) => read.state)
    )
  )
})

/** A connection that was ended after the request was sent was meant to end; only a person takes that back. */
const wasEndedSince = (connection: Connection.Present, { issuedAt }: Link) =>
  connection._tag === "Disconnected" && DateTime.isGreaterThan(connection.disconnectedAt, issuedAt)

/**
 * The one choice that fits without a warning. A profile of another country would move the account: that is for people
 * to decide.
 */
const onlyChoice = (all: ReadonlyArray<Choice>, { marketplaceId }: Connection.Present): Choice | undefined => {
  const [only, ...others] = all.filter(
    ({ candidate, heldBy, obstacles }) =>
      heldBy === undefined &&
      !obstacles.some(({ weight }) => weight === "blocks") &&
      candidate.key.marketplaceId === marketplaceId
  )
  return others.length === 0 && only?.obstacles.length === 0 ? only : undefined
}
