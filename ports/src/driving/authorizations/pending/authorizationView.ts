import type { Access, Account, Authorization, Company } from "@portolan/domain"
import { Effect } from "effect"
import type { Deps } from "../../shared/deps.ts"
import { type Choice, choices } from "../profiles/choices.ts"
import { surroundings } from "../profiles/surroundings.ts"
import { sideBySide } from "../../shared/sideBySide.ts"

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
  const own = around.connections.find(({ id }) => id === connectionId)
  const company = Effect.map(
    deps.repository.find("company", organizationId, around.account.companyId),
    ({ state }) => state
  )
  const offered =
    authorization._tag !== "AwaitingSelection" || own === undefined
      ? Effect.succeed<ReadonlyArray<Choice>>([])
      : Effect.flatMap(deps.repository.find("grant", organizationId, authorization.grantId), ({ state: grant }) =>
          choices(deps, caller, { around, own, candidates: authorization.candidates, grant })
        )
  const [of, offer] = yield* sideBySide(company, offered)
  return { authorization, account: around.account, company: of, choices: offer } satisfies AuthorizationView
})
