/** Requests to connect as lists show them. */
import { type Access, Evidence, type Invitation } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { NotFound } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"

/** A link that is a request to connect. */
export type RequestLink = Invitation.Present & { readonly request: Invitation.Request }

/** A request, with what became of it. */
export interface RequestView {
  readonly link: RequestLink
  readonly outcome: Evidence.LinkOutcome
  readonly companyName: string
  readonly accountName: string
}

/** Whether a link is a request; a link that is passed on by hand is none. */
export const isRequest = (link: Invitation.Present): link is RequestLink => link.request !== undefined

/** A refusal of a link that is no request: as such it does not exist. */
export const notRequest = (id: string) => new NotFound({ kind: "request", id })

/** Adds to a link what a list shows of it; a link that is no request is not found. */
export const requestView = Effect.fnUntraced(function* ({ repository }: Deps<"repository">, link: Invitation.Present) {
  if (!isRequest(link)) return yield* notRequest(link.id)
  const { accountId, organizationId } = link
  const { state: account } = yield* repository.find("account", organizationId, accountId)
  const { state: company } = yield* repository.find("company", organizationId, account.companyId)
  return {
    link,
    outcome: Evidence.ofInvitation(link, yield* DateTime.now),
    companyName: company.name,
    accountName: account.name
  } satisfies RequestView
})

/** Reads one request that the caller may see. */
export const readRequest = Effect.fnUntraced(function* (deps: Deps<"repository">, caller: Access.Caller, id: string) {
  const { state } = yield* AccessScope.invitation(deps, caller, "read", id)
  return yield* requestView(deps, state)
})
