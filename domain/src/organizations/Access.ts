/**
 * Permission inside the product: what a member's role allows, and the accounts that it covers. It is independent of
 * what a login may do at the provider (rules C12, S-R10); see `Permission`.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Actor } from "../kernel/Actor.ts"
import { AccountId, BrandId, CompanyId, type OrganizationId } from "../kernel/Id.ts"
import type { Refused } from "../kernel/Refused.ts"
import { type Message, say } from "../messages/Messages.ts"
import { refuse } from "../messages/Refusal.ts"

/** Roles of members, strongest first. Exactly one owner an organization (rules C13, X-R7). */
export const Role = Schema.Literals(["owner", "admin", "member", "viewer"])
export type Role = typeof Role.Type

/** The roles that can be given to somebody; ownership is handed over instead. */
export const GivenRole = Schema.Literals(["admin", "member", "viewer"])
export type GivenRole = typeof GivenRole.Type

/** What may be asked of the product. */
export const Action = Schema.Literals(["own", "manage-people", "administer", "connect", "read"])
export type Action = typeof Action.Type

const allowed: { readonly [R in Role]: readonly [Action, ...ReadonlyArray<Action>] } = {
  owner: ["own", "manage-people", "administer", "connect", "read"],
  admin: ["manage-people", "administer", "connect", "read"],
  member: ["connect", "read"],
  viewer: ["read"]
}

/** What limited access allows with one of the listed things. */
export const Right = Schema.Literals(["read", "write"])
export type Right = typeof Right.Type

const limitedTo = <S extends Schema.Top>(id: S) =>
  Schema.Array(Schema.Struct({ id, right: Right })).check(Schema.isMaxLength(200))

/**
 * The accounts that a member or key can use: all, or those of listed companies, brands or accounts (rules K-R17, S-R9).
 */
export const AccessScope = Schema.TaggedUnion({
  Everything: {},
  Limited: { companies: limitedTo(CompanyId), brands: limitedTo(BrandId), accounts: limitedTo(AccountId) }
})
export type AccessScope = typeof AccessScope.Type
/** Access that is limited. */
export type Limited = Extract<AccessScope, { readonly _tag: "Limited" }>

/** No limit. */
export const everything: AccessScope = { _tag: "Everything" }

/** What decides whether an access scope covers an account: the account, its company and its brands. */
export interface Reached {
  readonly id: AccountId
  readonly companyId: CompanyId
  readonly brandIds: ReadonlyArray<BrandId>
}

/** The caller: the tenant, the actor on record, the role that decides, and the access scope. */
export interface Caller {
  readonly organizationId: OrganizationId
  readonly actor: Actor
  readonly role: Role
  readonly accessScope: AccessScope
  /** What a key was made for; it narrows the role. Absent for people. */
  readonly scopes?: ReadonlyArray<Action>
}

/** Somebody who runs the installation; operators act outside every organization (rule C15). */
export interface Operator {
  readonly actor: Actor
}

const what: { readonly [A in Action]: Message } = {
  own: say("access.action-govern"),
  "manage-people": say("access.action-manage-people"),
  administer: say("access.action-manage"),
  connect: say("access.action-connect"),
  read: say("access.action-read")
}

/** The actions that a role allows, the strongest first. */
export const actionsOf = (role: Role): readonly [Action, ...ReadonlyArray<Action>] => allowed[role]

/** Whether a role allows an action. */
export const may = (role: Role, action: Action): boolean => allowed[role].includes(action)

/** Whether a caller may do it with at least some account. */
export const can = ({ role, scopes }: Pick<Caller, "role" | "scopes">, action: Action): boolean =>
  may(role, action) && (scopes === undefined || scopes.includes(action))

const refused = (action: Action, detail: Message, nextStep: Message) =>
  refuse("Access", action, "not-permitted", { detail, nextStep })

/**
 * Succeeds when the caller may do it; refuses with the roles that may otherwise (rule K-R1: "not allowed", not an empty
 * list).
 */
export const check = (caller: Pick<Caller, "role" | "scopes">, action: Action): Result.Result<void, Refused> => {
  if (can(caller, action)) return Result.succeed(undefined)
  if (may(caller.role, action)) {
    return refused(
      action,
      say("access.key-lacks-scope", { action: what[action] }),
      say("access.use-key-with-scope", { scope: action })
    )
  }
  return refused(
    action,
    say("access.role-too-weak", { role: caller.role, action: what[action] }),
    say("access.ask-role", { roles: Role.literals.filter((role) => may(role, action)) })
  )
}

/** Like `check`, for what belongs to no single account: the access scope must be unlimited as well. */
export const checkEverywhere = (
  caller: Pick<Caller, "role" | "scopes" | "accessScope">,
  action: Action
): Result.Result<void, Refused> => {
  const checked = check(caller, action)
  if (Result.isFailure(checked) || caller.accessScope._tag === "Everything") return checked
  return refused(action, say("access.limited"), say("access.ask-admin"))
}

/**
 * What an access scope allows with an account: the strongest right that the account, a brand of it or its company
 * gives.
 */
export const rightOn = (accessScope: AccessScope, account: Reached): Right | undefined => {
  if (accessScope._tag === "Everything") return "write"
  const rights = [
    ...accessScope.companies.filter(({ id }) => id === account.companyId),
    ...accessScope.brands.filter(({ id }) => account.brandIds.includes(id)),
    ...accessScope.accounts.filter(({ id }) => id === account.id)
  ].map(({ right }) => right)
  return rights.includes("write") ? "write" : rights[0]
}

/** Whether an access scope covers an account. An account outside it is hidden, never greyed out (rule K-R17). */
export const canSee = (accessScope: AccessScope, account: Reached): boolean =>
  rightOn(accessScope, account) !== undefined

/**
 * Like `check`, for one account: reading needs any right on it, everything else the right to write. An account that the
 * access scope does not cover is refused for every action.
 */
export const checkOn = (caller: Pick<Caller, "role" | "scopes" | "accessScope">, action: Action, account: Reached) => {
  const checked = check(caller, action)
  if (Result.isFailure(checked)) return checked
  const right = rightOn(caller.accessScope, account)
  if (right === undefined) return refused(action, say("access.limited"), say("access.ask-admin"))
  if (action === "read" || right === "write") return checked
  return refused(action, say("access.read-only"), say("access.ask-admin-for-right"))
}

/**
 * Whether a caller may give a role to somebody. A person who manages people may give each role. A key may only give
 * what it can do itself; otherwise a stolen key with few scopes could create an admin.
 */
export const checkGives = (caller: Pick<Caller, "role" | "scopes">, given: GivenRole): Result.Result<void, Refused> => {
  const beyond = allowed[given].filter((action) => !can(caller, action))
  const [first] = caller.scopes === undefined ? [] : beyond
  return first === undefined
    ? Result.succeed(undefined)
    : refused(
        "manage-people",
        say("access.key-cannot-appoint", { role: given, action: what[first] }),
        say("access.use-stronger-key", { scopes: allowed[given] })
      )
}

/** The weaker of two roles; a key is never stronger than the member who creates it. */
export const weaker = (one: Role, other: Role): Role =>
  Role.literals.indexOf(one) > Role.literals.indexOf(other) ? one : other
