/**
 * Permission inside the product: what a member's role allows. It has nothing to do with what a login may do at the
 * provider (rule C12); that lives in `Permission.ts`.
 */
import { Result, Schema } from "effect"
import type { Actor } from "./Actor.ts"
import type { OrganizationId } from "./Id.ts"
import { Refused } from "./Refused.ts"

/** Roles of members, strongest first. Exactly one owner an organization (rule C13). */
export const Role = Schema.Literals(["owner", "admin", "member", "viewer"])
/** Roles of members, strongest first. */
export type Role = typeof Role.Type

/** What may be asked of the product. */
export type Action = "administer" | "connect" | "read"

const allowed: { readonly [R in Role]: ReadonlyArray<Action> } = {
  owner: ["administer", "connect", "read"],
  admin: ["administer", "connect", "read"],
  member: ["connect", "read"],
  viewer: ["read"]
}

/** Who is calling: the tenant, the actor on record, and the role that decides. */
export interface Caller {
  readonly organizationId: OrganizationId
  readonly actor: Actor
  readonly role: Role
}

const what: { readonly [A in Action]: string } = {
  administer: "manage companies, brands and accounts",
  connect: "connect accounts and finish pending authorizations",
  read: "see this"
}

/** Whether a role allows an action. */
export const may = (role: Role, action: Action): boolean => allowed[role].includes(action)

/** Succeeds when the caller may do it; refuses with the roles that may otherwise (rule K-R1: "not allowed", not an empty list). */
export const check = (caller: Caller, action: Action): Result.Result<void, Refused> =>
  may(caller.role, action) ? Result.succeed(undefined) : Result.fail(
    new Refused({
      subject: "Access",
      asked: action,
      reason: "not-permitted",
      detail: `As ${caller.role} you may not ${what[action]}.`,
      nextStep: `Ask a member with the role ${
        Role.literals.filter((role) => may(role, action)).join(" or ")
      } of your organization.`
    })
  )
