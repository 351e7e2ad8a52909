/** Moves an authorization on after its browser came back. */
import { type Actor, type Authorization, Evidence, Messages } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { Versioned } from "../../driven/Repository.ts"
import { afterCommit, decideAndCommit, decideOn, on, type Part, startingFrom } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"

/** An authorization as it was read or written last. */
export type Read<State extends Authorization.Present = Authorization.Present> = Versioned<State>

/** The person or the link that an authorization is made for, as the actor of what happens to it. */
export const actorOf = ({ origin }: Authorization.Present): Actor.Actor =>
  origin._tag === "Direct" ? origin.actor : { _tag: "Guest", invitationId: origin.invitationId }

/** Reads an authorization for a change: what is at hand first, then what is stored. */
export const sourceOf = ({ repository }: Deps<"repository">, read: Read) =>
  startingFrom(read, repository.find("authorization", read.state.organizationId, read.state.id))

/** Decides a command on an authorization, with further parts, and commits; gives the authorization as it is then. */
export const advance = <E = never>(
  deps: ChangeDeps,
  read: Read,
  command: (at: DateTime.Utc) => Authorization.Command,
  parts: ReadonlyArray<Part<"invitation", E>>
) => {
  const { organizationId } = read.state
  const source = sourceOf(deps, read)
  return decideAndCommit(deps, { organizationId, actor: actorOf(read.state) }, (context) =>
    Effect.gen(function* () {
      const authorization = yield* decideOn("authorization", yield* source, command(context.at))
      const others = yield* Effect.forEach(parts, (part) => part(deps, context))
      return { decided: [authorization, ...others], result: afterCommit(authorization) }
    })
  )
}

/** Puts on the link of an authorization that the attempt ended, and how. Nothing for authorizations without a link. */
export const endAttempt = ({ id, origin }: Authorization.Present, outcome: string) =>
  origin._tag === "ByLink"
    ? [on("invitation", origin.invitationId, (at) => ({ _tag: "EndAttempt", authorizationId: id, outcome, at }))]
    : []

/** Ends an authorization that came to nothing. */
export const fail = (deps: ChangeDeps, read: Read, reason: Authorization.FailureReason, detail: string) =>
  Effect.map(
    advance(
      deps,
      read,
      (at) => ({ _tag: "Fail", reason, detail, at }),
      endAttempt(read.state, Messages.render(Evidence.failureReason(reason)))
    ),
    ({ state }) => state
  )
