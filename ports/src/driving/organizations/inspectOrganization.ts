/** What operators see of an organization. They act outside every organization, so no role is checked here. */
import type { Access, Id, Member } from "@portolan/domain"
import { Effect } from "effect"
import { NotFound, type PageRequest } from "../../driven/Repository.ts"
import type { Deps } from "../shared/deps.ts"
import { readOrganizationView } from "./organizationView.ts"
import { sideBySide } from "../shared/sideBySide.ts"

/** Lists the members who could become the owner. */
export const candidates = Effect.fn("Organizations.candidates")(function* (
  { repository }: Deps<"repository">,
  _operator: Access.Operator,
  organizationId: Id.OrganizationId,
  page: PageRequest
) {
  const read = [
    repository.find("organization", organizationId, organizationId),
    repository.members(organizationId, { states: ["Active"] }, page)
  ] as const
  const [, members] = yield* sideBySide(...read)
  return { ...members, items: members.items.filter((one): one is Member.Active => one._tag === "Active") }
})

/** Reads one of those. Somebody who is not a member now is not found. */
export const candidate = Effect.fn("Organizations.candidate")(function* (
  { repository }: Deps<"repository">,
  _operator: Access.Operator,
  organizationId: Id.OrganizationId,
  id: Id.MemberId
) {
  const { state } = yield* repository.find("member", organizationId, id)
  return state._tag === "Active" ? state : yield* new NotFound({ kind: "member", id })
})

/** Reads any organization with its owner. */
export const viewFor = Effect.fn("Organizations.viewFor")(
  (deps: Deps<"repository">, _operator: Access.Operator, organizationId: Id.OrganizationId) =>
    readOrganizationView(deps, organizationId)
)

/** Reads what happened to the organization itself, the youngest first, and nothing of its accounts and people. */
export const pastFor = Effect.fn("Organizations.pastFor")(function* (
  { eventLog, repository }: Deps<"eventLog" | "repository">,
  _operator: Access.Operator,
  organizationId: Id.OrganizationId,
  page: PageRequest
) {
  const read = [
    repository.find("organization", organizationId, organizationId),
    eventLog.all(organizationId, { kinds: ["organization"] }, page)
  ] as const
  const [, past] = yield* sideBySide(...read)
  return past
})
