/** What a person may do with one account, for deciding which buttons a page has; the driving ports decide again. */
import { Access } from "@portolan/domain"
import { Result } from "effect"

/** Whether a caller may do this with an account: by role, and by the accounts that their access covers. */
export const may = (
  me: Pick<Access.Caller, "role" | "scopes" | "accessScope">,
  action: Access.Action,
  account: Access.Reached
): boolean => Result.isSuccess(Access.checkOn(me, action, account))
