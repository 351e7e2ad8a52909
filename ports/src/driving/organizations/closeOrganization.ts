/** Closing an organization, reopening it, and what ends once it cannot be reopened any more (rule C14). */
import { Access, Connection, Effects, type Id, Organization } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { Person } from "../../driven/Identity.ts"
import { NotFound } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import { change, decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"
import { membershipOf } from "./membershipOf.ts"
import { readOrganizationView } from "./organizationView.ts"
import { sideBySide } from "../shared/sideBySide.ts"

const live = Connection.everyState.filter((tag) => ["Connected", "Limited", "ReauthorizationNeeded"].includes(tag))

/** What closing the caller's organization would do, for a page that asks for confirmation; for its owner. */
export const closingEffects = Effect.fn("Organizations.closingEffects")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller
) {
  yield* AccessScope.check(caller, "own")
  return yield* effectsOf(deps, caller.organizationId)
})

/** The same of any organization that a person owns. */
export const closingEffectsOf = Effect.fn("Organizations.closingEffectsOf")(function* (
  deps: Deps<"repository">,
  { personId }: Person,
  organizationId: Id.OrganizationId
) {
  const { state } = yield* deps.repository.find("organization", organizationId, organizationId)
  yield* requireOwner(deps, state, personId)
  return yield* effectsOf(deps, organizationId)
})

const effectsOf = Effect.fnUntraced(function* ({ repository }: Deps<"repository">, organizationId: Id.OrganizationId) {
  const [members, keys, connections, consents] = yield* sideBySide(
    everyPage((page) => repository.members(organizationId, { states: ["Active"] }, page)),
    everyPage((page) => repository.apiKeys(organizationId, page)),
    everyPage((page) => repository.connections(organizationId, { states: live }, page)),
    everyPage((page) => repository.grants(organizationId, { states: ["Active"] }, page))
  )
  return Effects.ofOrganization({
    members: members.length,
    keys: keys.filter(({ _tag }) => _tag === "Active").length,
    connections: connections.length,
    consents: consents.length,
    until: DateTime.add(yield* DateTime.now, { days: Organization.closingDays })
  })
})

/**
 * Closes the caller's organization: nobody works in it and nothing is fetched, until the owner reopens it or the time
 * for that is over. For its owner in person only.
 */
export const close = Effect.fn("Organizations.close")(function* (deps: ChangeDeps, caller: Access.Caller) {
  yield* AccessScope.check(caller, "own")
  const { organizationId } = caller
  yield* decideAndCommit(deps, caller, ({ actor: by, at }) =>
    Effect.gen(function* () {
      const read = yield* deps.repository.find("organization", organizationId, organizationId)
      yield* requireOwner(deps, read.state, by._tag === "Person" ? by.personId : undefined)
      return { decided: [yield* decideOn("organization", read, { _tag: "Close", at, by })], result: undefined }
    })
  )
  return yield* readOrganizationView(deps, organizationId)
})

/** The same for any organization that a person owns, whichever their session works in. */
export const closeOne = Effect.fn("Organizations.closeOne")(function* (
  deps: ChangeDeps,
  { name, personId }: Person,
  organizationId: Id.OrganizationId
) {
  const by = { _tag: "Person", personId, name } as const
  const read = Effect.tap(deps.repository.find("organization", organizationId, organizationId), ({ state }) =>
    requireOwner(deps, state, personId)
  )
  yield* change(deps, { organizationId, actor: by }, [on("organization", read, (at) => ({ _tag: "Close", at, by }))])
  return yield* readOrganizationView(deps, organizationId)
})

/** The caller was admitted as the owner and may have handed it over since; then it is refused in the usual words. */
const requireOwner = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { id, ownerId }: Organization.Present,
  personId: Id.PersonId | undefined
) {
  if (personId === ownerId) return
  // Somebody who is no member learns nothing, not even that it exists.
  if (personId !== undefined && (yield* membershipOf(deps, id, personId)) === undefined) {
    return yield* new NotFound({ kind: "organization", id })
  }
  yield* Effect.fromResult(Access.check({ role: "admin" }, "own"))
})

/** Reopens a closed organization, as its owner, while the time for that is not over. All is as it was. */
export const reopen = Effect.fn("Organizations.reopen")(function* (
  deps: ChangeDeps,
  { name, personId }: Person,
  organizationId: Id.OrganizationId
) {
  const by = { _tag: "Person", personId, name } as const
  const read = Effect.tap(deps.repository.find("organization", organizationId, organizationId), ({ state }) =>
    requireOwner(deps, state, personId)
  )
  yield* change(deps, { organizationId, actor: by }, [on("organization", read, (at) => ({ _tag: "Reopen", at, by }))])
  return yield* readOrganizationView(deps, organizationId)
})
