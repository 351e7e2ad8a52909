/** What kind of business an account is at its provider. Chosen before consent (rules P-R7, W-R7). */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type Catalogue, type Entry, standard } from "./Catalogue.ts"
import type { AccountType } from "./Identifier.ts"
import type { AccountTypeRow } from "./ProviderTable.ts"

export { AccountType } from "./Identifier.ts"

/** An account type that is in the catalogue. */
export const known = (catalogue: Catalogue) => Schema.Literals([...catalogue.accountTypes.keys()])
/** An account type that is in the standard catalogue. */
export const Known = known(standard)

/** Every account type of a catalogue, in its order. */
export const all = (catalogue: Catalogue = standard): ReadonlyArray<AccountType> => [...catalogue.accountTypes.keys()]

/** The row of an account type. */
export const find = (
  id: AccountType,
  catalogue: Catalogue = standard
): Option.Option<Entry<AccountType, AccountTypeRow>> => Option.fromUndefinedOr(catalogue.accountTypes.get(id))

/** How a person reads it in a list; its name when the catalogue does not know it. */
export const label = (id: AccountType, catalogue: Catalogue = standard): string =>
  catalogue.accountTypes.get(id)?.label ?? id

/** How a person reads it within a sentence: `it is a ... account`. */
export const noun = (id: AccountType, catalogue: Catalogue = standard): string =>
  catalogue.accountTypes.get(id)?.noun ?? id

/** What it means, in one line; empty when the catalogue does not know it. */
export const hint = (id: AccountType, catalogue: Catalogue = standard): string =>
  catalogue.accountTypes.get(id)?.hint ?? ""

/** Whether accounts of this type sell in their own name, so that one merchant id is behind all their channels. */
export const sells = (id: AccountType, catalogue: Catalogue = standard): boolean =>
  catalogue.accountTypes.get(id)?.merchant === "seller"
