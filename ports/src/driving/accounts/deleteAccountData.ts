import type { Access, Account, Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { change, decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { linkedCount } from "./accountConnections.ts"

/**
 * Schedules the erasure of everything loaded for an account, after days of grace; refused while it is connected (rule
 * C14).
 */
export const deleteData = Effect.fn("Accounts.deleteData")(
  (deps: ChangeDeps, caller: Access.Caller, accountId: Id.AccountId) =>
    decideAndCommit(deps, caller, ({ actor: by, at }) =>
      Effect.gen(function* () {
        const read = yield* AccessScope.account(deps, caller, "administer", accountId)
        const connected = yield* linkedCount(deps, read.state)
        const decided = yield* decideOn("account", read, { _tag: "DeleteData", connected, at, by })
        return { decided: [decided], result: decided.next as Account.Present }
      })
    )
)

/** Calls a scheduled erasure off. */
export const keepData = Effect.fn("Accounts.keepData")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  accountId: Id.AccountId
) {
  const read = AccessScope.account(deps, caller, "administer", accountId)
  const [account] = yield* change(deps, caller, [
    on("account", read, (at) => ({ _tag: "KeepData", at, by: caller.actor }))
  ])
  return account
})
