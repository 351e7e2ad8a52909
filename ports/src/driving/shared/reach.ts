/**
 * What a caller with limited access reaches (rules K-R17, S-R9): every list is narrowed to it, and an id outside it is not
 * found, in the words used for one that never existed. Not a conversation of its own.
 */
import { Access, type Id, type Refused } from "@portolan/domain"
import { Effect } from "effect"
import { Repository, NotFound } from "../../driven/Repository.ts"

/** Builds the checks, once per service. */
export const makeAccessScope = Effect.gen(function* () {
  const store = yield* Repository

  /** Succeeds when the caller's role allows it and the caller reaches everything: for what belongs to no single account. */
  const requireUnrestricted = (caller: Access.Caller, action: Access.Action): Effect.Effect<void, Refused.Refused> =>
    Effect.fromResult(Access.checkEverywhere(caller, action))

  const reachable = (caller: Access.Caller) =>
    caller.accessScope._tag === "Everything"
      ? Effect.succeed(undefined)
      : store.reachable(caller.organizationId, caller.accessScope)

  /** The part of a list's filter that narrows it to what the caller reaches; nothing for somebody without limits. */
  const within = (caller: Access.Caller) =>
    Effect.map(reachable(caller), (accounts) =>
      accounts === undefined ? {} : { accountIds: accounts.map(({ id }) => id) }
    )

  /** The same for lists of companies: those that were chosen, and those of accounts that are reached. */
  const companiesWithin = (caller: Access.Caller) =>
    Effect.map(reachable(caller), (accounts) =>
      accounts === undefined || caller.accessScope._tag === "Everything"
        ? {}
        : {
            companyIds: [
              ...new Set([
                ...caller.accessScope.companies.map(({ id }) => id),
                ...accounts.map(({ companyId }) => companyId)
              ])
            ]
          }
    )

  const hidden = (kind: string, id: string) => new NotFound({ kind, id })

  /** An account the caller may do this with. */
  const account = Effect.fnUntraced(function* (caller: Access.Caller, action: Access.Action, id: string) {
    yield* Effect.fromResult(Access.check(caller, action))
    const found = yield* store.find("account", caller.organizationId, id)
    if (!Access.sees(caller.accessScope, found.state)) return yield* hidden("account", id)
    yield* Effect.fromResult(Access.checkOn(caller, action, found.state))
    return found
  })

  /** Something of an account that the caller may do this with: a connection, an authorization, a link. */
  const ofAccount = <K extends "connection" | "authorization" | "invitation">(kind: K) =>
    Effect.fnUntraced(function* (caller: Access.Caller, action: Access.Action, id: string) {
      yield* Effect.fromResult(Access.check(caller, action))
      const found = yield* store.find(kind, caller.organizationId, id)
      if (caller.accessScope._tag !== "Everything") {
        const { state } = yield* store.find("account", caller.organizationId, found.state.accountId)
        if (!Access.sees(caller.accessScope, state)) return yield* hidden(kind, id)
        yield* Effect.fromResult(Access.checkOn(caller, action, state))
      }
      return found
    })

  /** A company the caller may do this with. */
  const company = Effect.fnUntraced(function* (caller: Access.Caller, action: Access.Action, id: Id.CompanyId) {
    yield* action === "read" ? Effect.fromResult(Access.check(caller, action)) : requireUnrestricted(caller, action)
    const found = yield* store.find("company", caller.organizationId, id)
    const { companyIds } = yield* companiesWithin(caller)
    return companyIds === undefined || companyIds.includes(id) ? found : yield* hidden("company", id)
  })

  return {
    requireUnrestricted,
    within,
    companiesWithin,
    account,
    company,
    connection: ofAccount("connection"),
    authorization: ofAccount("authorization"),
    invitation: ofAccount("invitation")
  }
})
