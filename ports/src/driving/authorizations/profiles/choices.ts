import { Access, type Connection, type Grant, type Id, Messages, Profile } from "@portolan/domain"
import { Effect } from "effect"
import type { Deps } from "../../shared/deps.ts"
import { obstacles } from "./obstacles.ts"
import type { Viewer } from "./ProfileHeld.ts"
import type { Surroundings } from "./surroundings.ts"
import { forEachSideBySide } from "../../shared/sideBySide.ts"

/** One candidate with all that the person who chooses should know. */
export interface Choice {
  readonly candidate: Profile.Candidate
  /** What speaks against it; one that `blocks` makes it impossible to choose. */
  readonly obstacles: ReadonlyArray<Profile.Obstacle>
  /** The account that holds it already, when it is one of this organization and the caller may see it. */
  readonly heldBy?: {
    readonly accountId: Id.AccountId
    readonly accountName: string
    readonly connectionId: Id.ConnectionId
  }
}

/** What is chosen from, and for which connection. */
export interface Offer {
  readonly around: Surroundings
  readonly own: Connection.Present
  readonly candidates: ReadonlyArray<Profile.Candidate>
  /** The consent that gives access to the candidates; absent for a partnership. */
  readonly grant?: Grant.Present
}

/** What there is to choose from, in the order given. A holder that the caller may not see is not named (rule K-R17). */
export const choices = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { accessScope, organizationId }: Viewer,
  { around, candidates, grant, own }: Offer
) {
  const holders = yield* repository.holders(
    organizationId,
    candidates.map((candidate) => candidate.key)
  )
  return yield* forEachSideBySide(
    candidates,
    Effect.fnUntraced(function* (candidate) {
      const held = holders.find(
        ({ connectionId, key }) => Profile.sameKey(key, candidate.key) && connectionId !== own.id
      )
      const choice: Choice = { candidate, obstacles: obstacles(around, own, candidate, grant) }
      if (held === undefined) return choice
      const { accountId, connectionId } = held
      const { state } = yield* repository.find("account", organizationId, accountId)
      return Access.canSee(accessScope, state)
        ? { ...choice, heldBy: { accountId, accountName: state.name, connectionId } }
        : { ...choice, obstacles: [...choice.obstacles, heldElsewhere] }
    })
  )
})

const heldElsewhere: Profile.Obstacle = { weight: "blocks", detail: Messages.text("profile.taken") }
