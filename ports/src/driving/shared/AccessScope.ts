/**
 * What a caller with limited access may see and change (rules K-R17, S-R9): every list is narrowed to it, and an id
 * outside of it is not found, in the words used for one that never existed.
 */
import { Access, type Aggregate, type Id, type Refused } from "@portolan/domain"
import { Effect } from "effect"
import { NotFound, type Versioned } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { Deps } from "./deps.ts"
import { sideBySide } from "./sideBySide.ts"

type Reads = Deps<"repository">

/** Succeeds when the role of the caller allows the action. */
export const check = (caller: Access.Caller, action: Access.Action): Effect.Effect<void, Refused.Refused> =>
  Effect.fromResult(Access.check(caller, action))

/**
 * Succeeds when the role of the caller allows the action and their access is not limited: for what belongs to no single
 * account.
 */
export const requireUnrestricted = (
  caller: Access.Caller,
  action: Access.Action
): Effect.Effect<void, Refused.Refused> => Effect.fromResult(Access.checkEverywhere(caller, action))

const accessible = ({ repository }: Reads, caller: Access.Caller) =>
  caller.accessScope._tag === "Everything"
    ? Effect.succeed(undefined)
    : repository.accessibleAccounts(caller.organizationId, caller.accessScope)

/** The part of a list's filter that narrows it to the accounts of the caller; empty for callers without limits. */
export const limited = (deps: Reads, caller: Access.Caller) =>
  Effect.map(accessible(deps, caller), (accounts) =>
    accounts === undefined ? {} : { accountIds: accounts.map(({ id }) => id) }
  )

/** The same for lists of companies: those in the caller's limits, and those of accounts in these limits. */
export const limitedCompanies = (deps: Reads, caller: Access.Caller) =>
  Effect.map(accessible(deps, caller), (accounts) =>
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

/** Reads an account with which the caller may do this. */
export const account = Effect.fnUntraced(function* (
  { repository }: Reads,
  caller: Access.Caller,
  action: Access.Action,
  id: string
) {
  yield* check(caller, action)
  const found = yield* repository.find("account", caller.organizationId, id)
  if (!Access.canSee(caller.accessScope, found.state)) return yield* new NotFound({ kind: "account", id })
  yield* Effect.fromResult(Access.checkOn(caller, action, found.state))
  return found
})

/** Reads something that belongs to one account, with which the caller may do this. */
const ofAccount =
  <K extends "connection" | "authorization" | "invitation">(kind: K) =>
  (
    { repository }: Reads,
    caller: Access.Caller,
    action: Access.Action,
    id: string
  ): Effect.Effect<Versioned<Aggregate.Present<K>>, Refused.Refused | NotFound | StoreError> =>
    Effect.gen(function* () {
      yield* check(caller, action)
      const found: Versioned<{ readonly accountId: Id.AccountId }> = yield* repository.find(
        kind,
        caller.organizationId,
        id
      )
      if (caller.accessScope._tag !== "Everything") {
        const { state } = yield* repository.find("account", caller.organizationId, found.state.accountId)
        if (!Access.canSee(caller.accessScope, state)) return yield* new NotFound({ kind, id })
        yield* Effect.fromResult(Access.checkOn(caller, action, state))
      }
      return found as Versioned<Aggregate.Present<K>>
    })

/** Reads a connection with which the caller may do this. */
export const connection = ofAccount("connection")

/** Reads an authorization with which the caller may do this. */
export const authorization = ofAccount("authorization")

/** Reads a link or a request to connect with which the caller may do this. */
export const invitation = ofAccount("invitation")

/** Reads a company with which the caller may do this. Changing one needs access without limits. */
export const company = Effect.fnUntraced(function* (
  deps: Reads,
  caller: Access.Caller,
  action: Access.Action,
  id: Id.CompanyId
) {
  yield* action === "read" ? check(caller, action) : requireUnrestricted(caller, action)
  const read = [deps.repository.find("company", caller.organizationId, id), limitedCompanies(deps, caller)] as const
  const [found, { companyIds }] = yield* sideBySide(...read)
  return companyIds === undefined || companyIds.includes(id) ? found : yield* new NotFound({ kind: "company", id })
})
