/** What a login may do at the provider with one profile. It mirrors the provider's console (rules K-R10, P-R3, C12). */
import { Schema } from "effect"

/** `edit` reads and writes; `view` only reads, so the connection is limited (rule DOM-21). */
export const Permission = Schema.Literals(["edit", "view"])
/** `edit` reads and writes; `view` only reads, so the connection is limited (rule DOM-21). */
export type Permission = typeof Permission.Type

/** What is missing, said to a person; nothing when all is there. */
export const missing = (permission: Permission): string | undefined =>
  permission === "edit" ? undefined : "the right to edit campaigns (this login can only view)"
