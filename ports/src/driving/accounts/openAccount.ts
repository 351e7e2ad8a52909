import { type Access, type Account, Company, type Id, Marketplace } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import { assertUnchanged, type CommitContext, decideAndCommit, decideNew } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { type IdempotencyKey, idempotencyRecord, withIdempotency } from "../shared/idempotency.ts"
import { proposeConnections } from "./accountConnections.ts"
import type { NewAccount } from "./accountInput.ts"

/**
 * Opens an account and proposes a connection for every channel it can have, so that each has its tile at once (rules
 * K-R7, K-R11, C2).
 */
export const create = Effect.fn("Accounts.create")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  input: NewAccount,
  idempotencyKey?: IdempotencyKey
) {
  yield* AccessScope.requireUnrestricted(caller, "administer")
  const id = yield* deps.secrets.id("account")
  return yield* withIdempotency(deps, caller, idempotencyKey, {
    create: decideAndCommit(deps, { ...caller, ...idempotencyRecord(idempotencyKey, id) }, (context) =>
      decideAccount(deps, context, id, input)
    ),
    show: (resource) =>
      Effect.map(deps.repository.find("account", caller.organizationId, resource), ({ state }) => state)
  })
})

const decideAccount = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  { at, organizationId }: CommitContext,
  accountId: Id.AccountId,
  { accountType, brandIds, companyId, defaultBrandId, marketplaces, name }: NewAccount
) {
  const read = yield* deps.repository.find("company", organizationId, companyId)
  const { state: company } = read
  yield* Effect.fromResult(Company.inUse(company, "Account", "OpenAccount"))
  const firstBrandId = defaultBrandId ?? brandIds?.[0] ?? company.brands[0].id
  const opened = yield* decideNew("account", accountId, {
    _tag: "OpenAccount",
    account: {
      id: accountId,
      organizationId,
      companyId,
      name,
      accountType,
      marketplaces,
      brandIds: brandIds ?? [firstBrandId],
      defaultBrandId: firstBrandId,
      createdAt: at
    },
    companyBrands: company.brands.map((brand) => brand.id)
  })
  const { provider } = Marketplace.get(marketplaces[0], yield* CurrentCatalogue)
  const account = { organizationId, companyId, accountId, accountType, provider }
  const proposed = yield* Effect.forEach(marketplaces, (marketplaceId) =>
    proposeConnections(deps, { ...account, marketplaceId }, at)
  )
  // A company that is removed at this moment gets no account, and a brand that is removed is given to nobody.
  return {
    decided: [opened, assertUnchanged("company", companyId, read), ...proposed.flat()],
    result: opened.next as Account.Present
  }
})
