import type { Access, Account, Authorization, Company } from "@portolan/domain"
import { Effect } from "effect"
import type { Deps } from "../../shared/deps.ts"
import { type Choice, choices } from "../profiles/choices.ts"
import { surroundings } from "../profiles/surroundings.ts"

/** An authorization with its account and its company. */
export interface AuthorizationView {
  readonly authorization: Authorization.Present
  readonly account: Account.Present
  readonly company: Company.Present
  /** Empty unless the authorization waits for a choice. */
  readonly choices: ReadonlyArray<Choice>
}

/** An authorization with its choices, as a caller may see them. */
export const viewOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  authorization: Authorization.Present
) {
  const { accountId, connectionId, organizationId } = authorization
  const around = yield* surroundings(deps, organizationId, accountId)
  const { state: company } = yield* deps.repository.find("company", organizationId, around.account.companyId)
  const view = { authorization, account: around.account, company, choices: [] } satisfies AuthorizationView
  const own = around.connections.find(({ id }) => id === connectionId)
  if (authorization._tag !== "AwaitingSelection" || own === undefined) return view
  const { candidates, grantId } = authorization
  const { state: grant } = yield* deps.repository.find("grant", organizationId, grantId)
  return { ...view, choices: yield* choices(deps, caller, { around, own, candidates, grant }) }
})
