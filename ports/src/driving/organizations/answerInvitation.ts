import { Actor, type Id, Member, Messages } from "@portolan/domain"
import { DateTime, Effect, type Redacted } from "effect"
import type { Person } from "../../driven/Identity.ts"
import { NotFound } from "../../driven/Repository.ts"
import { commit, decideOn, onConflictAgain } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { requireOpen } from "../shared/openOrganization.ts"
import type { InvitationView } from "./invitationView.ts"

// An invitation that was answered, withdrawn or replaced looks like one that never existed; the page says what may have
// happened.
const notOpen = () => new NotFound({ kind: Messages.text("store.open-invitation"), id: "" })

const byToken = (deps: Deps<"repository" | "secrets">, token: Redacted.Redacted<string>) =>
  deps.secrets.digest(token).pipe(
    Effect.flatMap((digest) => deps.repository.memberByToken(digest)),
    Effect.catchTag("NotFound", () => Effect.fail(notOpen()))
  )

/** One command on the membership that a token belongs to, by the person who holds the token. */
const answer = (
  deps: ChangeDeps,
  { name, personId }: Person,
  token: Redacted.Redacted<string>,
  command: (at: DateTime.Utc, by: Actor.Actor) => Member.Command
) =>
  onConflictAgain(
    Effect.gen(function* () {
      const actor = { _tag: "Person", personId, name } as const
      const read = yield* byToken(deps, token)
      const { organizationId } = read.state
      const at = yield* DateTime.now
      const decided = yield* decideOn("member", read, command(at, actor))
      yield* commit(deps, { organizationId, actor, at }, [decided])
      return decided.next as Member.Present
    })
  )

/**
 * What an open invitation says; one that was answered, withdrawn or sent anew is not found. Reading changes nothing:
 * mail scanners open links (rule X-R5).
 */
export const look = Effect.fn("Members.look")(function* (
  deps: Deps<"repository" | "secrets">,
  token: Redacted.Redacted<string>
) {
  const { state } = yield* byToken(deps, token)
  const { email, organizationId } = state
  const at = yield* DateTime.now
  // Nobody is signed in yet: this decides on an acceptance by the address itself and commits nothing.
  yield* Effect.fromResult(Member.decide(state, { _tag: "Accept", personId: "" as Id.PersonId, name: "", email, at }))
  if (state._tag !== "Invited") return yield* notOpen()
  const { state: organization } = yield* deps.repository.find("organization", organizationId, organizationId)
  return {
    organizationId,
    organizationName: organization.name,
    inviter: Actor.outwardName(state.invitedBy, organization.name),
    email,
    role: state.role,
    isLimited: state.accessScope._tag !== "Everything",
    expiresAt: state.expiresAt
  } satisfies InvitationView
})

/** Joins, as the person whose proven address was invited; refuses anybody else. */
export const accept = Effect.fn("Members.accept")(function* (
  deps: ChangeDeps,
  person: Person,
  token: Redacted.Redacted<string>
) {
  const { email, name, personId } = person
  const { state } = yield* byToken(deps, token)
  yield* requireOpen(deps, state.organizationId, "Member", "Accept")
  const member = yield* answer(deps, person, token, (at) => ({ _tag: "Accept", personId, name, email, at }))
  return member._tag === "Active" ? member : yield* notOpen()
})

/** Turns an invitation down, as the person whose proven address was invited. */
export const decline = Effect.fn("Members.decline")(function* (
  deps: ChangeDeps,
  person: Person,
  token: Redacted.Redacted<string>
) {
  yield* answer(deps, person, token, (at, by) => ({ _tag: "Decline", email: person.email, at, by }))
})
