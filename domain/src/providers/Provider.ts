/** Which company runs the marketplaces. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type Catalogue, standard } from "./Catalogue.ts"
import type { Provider } from "./Identifier.ts"
import type { ProviderTable } from "./ProviderTable.ts"

export { Provider } from "./Identifier.ts"

/** A provider that is in the catalogue. */
export const known = (catalogue: Catalogue) => Schema.Literals([...catalogue.provider.keys()])
/** A provider that is in the standard catalogue. */
export const Known = known(standard)

/** Every provider of a catalogue, in its order. */
export const all = (catalogue: Catalogue = standard): ReadonlyArray<Provider> => [...catalogue.provider.keys()]

/** The table of a provider. */
export const find = (id: Provider, catalogue: Catalogue = standard): Option.Option<ProviderTable> =>
  Option.fromUndefinedOr(catalogue.provider.get(id))

/** How a person reads it; its name when the catalogue does not know it. */
export const label = (id: Provider, catalogue: Catalogue = standard): string => catalogue.provider.get(id)?.label ?? id
