import { type Access, type Account, Company, Effects, type Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { assertUnchanged, type CommitContext, type Decided, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { connectionsOf, linkedCount } from "./accountConnections.ts"

/** What a command would do, for a page that asks for confirmation (rule C14). Changes nothing. */
export const effects = Effect.fn("Accounts.effects")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  accountId: Id.AccountId,
  command: Parameters<typeof Effects.ofAccount>[0]
) {
  yield* AccessScope.account(deps, caller, "administer", accountId)
  return Effects.ofAccount(command)
})

/** Takes an account off the lists; refused while a connection of it is live (rules P-R18, C14). */
export const remove = Effect.fn("Accounts.remove")((deps: ChangeDeps, caller: Access.Caller, accountId: Id.AccountId) =>
  decideAndCommit(deps, caller, (context) =>
    Effect.gen(function* () {
      const read = yield* AccessScope.account(deps, caller, "administer", accountId)
      const { actor: by, at } = context
      const connected = yield* linkedCount(deps, read.state)
      const removed = yield* decideOn("account", read, { _tag: "Remove", connected, at, by })
      const dropped = removed.events.length === 0 ? [] : yield* dropExpectations(deps, context, read.state)
      return { decided: [removed, ...dropped], result: removed.next as Account.Present }
    })
  )
)

/** What the account's connections wait for ends with the account, for operators too. */
const dropExpectations = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { at, organizationId }: CommitContext,
  account: Account.Present
) {
  const decided: Array<Decided> = []
  for (const { _tag, id } of yield* connectionsOf(deps, account)) {
    if (_tag !== "AwaitingAccess") continue
    const read = yield* deps.repository.find("connection", organizationId, id)
    decided.push(yield* decideOn("connection", read, { _tag: "DropExpectation", at }))
  }
  return decided
})

/** Puts a removed account back; refused while its company is removed. */
export const restore = Effect.fn("Accounts.restore")(
  (deps: ChangeDeps, caller: Access.Caller, accountId: Id.AccountId) =>
    decideAndCommit(deps, caller, ({ actor: by, at, organizationId }) =>
      Effect.gen(function* () {
        const read = yield* AccessScope.account(deps, caller, "administer", accountId)
        const { companyId } = read.state
        const company = yield* deps.repository.find("company", organizationId, companyId)
        yield* Effect.fromResult(Company.inUse(company.state, "Account", "Restore"))
        const restored = yield* decideOn("account", read, { _tag: "Restore", at, by })
        // A company that is removed at this moment gets no account back.
        return {
          decided: [restored, assertUnchanged("company", companyId, company)],
          result: restored.next as Account.Present
        }
      })
    )
)
