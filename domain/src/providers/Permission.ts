/** What a login may do at the provider with one profile. It mirrors the provider's console (rules K-R10, P-R3, C12). */
import * as Schema from "effect/Schema"
import { type Catalogue, standard } from "./Catalogue.ts"
import type { Channel } from "./Identifier.ts"
import { text } from "../messages/Messages.ts"

/** `edit` reads and writes; `view` only reads, so the connection is limited. */
export const Permission = Schema.Literals(["edit", "view"])
export type Permission = typeof Permission.Type

/** What is missing, in words; undefined when nothing is missing (rules K-R10, W-R3). */
export const missing = (
  permission: Permission,
  channel: Channel,
  catalogue: Catalogue = standard
): string | undefined =>
  permission === "edit" ? undefined : (catalogue.channels.get(channel)?.missingRight ?? text("provider.edit"))
