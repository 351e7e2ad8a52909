/** What a login may do at the provider with one profile. It mirrors the provider's console (rules K-R10, P-R3, C12). */
import { Schema } from "effect"
import type { Channel } from "../providers/Channel.ts"

/** `edit` reads and writes; `view` only reads, so the connection is limited (rule DOM-21). */
export const Permission = Schema.Literals(["edit", "view"])
/** `edit` reads and writes; `view` only reads, so the connection is limited (rule DOM-21). */
export type Permission = typeof Permission.Type

/** What is missing, said to a person; nothing when all is there (rules K-R10, W-R3). */
export const missing = (permission: Permission, channel: Channel): string | undefined =>
  permission === "edit"
    ? undefined
    : channel === "walmart-connect"
      ? "write access (the advertiser gave us read access only)"
      : "the right to edit campaigns (this login can only view)"
