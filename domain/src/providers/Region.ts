/** The area of a provider within which one consent reaches (rule C5). */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type Catalogue, type Entry, standard } from "./Catalogue.ts"
import type { Channel, Region } from "./Identifier.ts"
import type { RegionRow } from "./ProviderTable.ts"

export { Region } from "./Identifier.ts"

/** A region that is in the catalogue. */
export const known = (catalogue: Catalogue) => Schema.Literals([...catalogue.regions.keys()])
/** A region that is in the standard catalogue. */
export const Known = known(standard)

/** Every region of a catalogue, in its order. */
export const all = (catalogue: Catalogue = standard): ReadonlyArray<Region> => [...catalogue.regions.keys()]

/** The row of a region. */
export const find = (id: Region, catalogue: Catalogue = standard): Option.Option<Entry<Region, RegionRow>> =>
  Option.fromUndefinedOr(catalogue.regions.get(id))

/** How a person calls it; its name when the catalogue does not know it. */
export const label = (id: Region, catalogue: Catalogue = standard): string => catalogue.regions.get(id)?.label ?? id

/** The channel whose access comes by partnership in a region (rule W-R4); undefined where none does. */
export const partnership = (id: Region, catalogue: Catalogue = standard): Channel | undefined =>
  catalogue.regions.get(id)?.partnership?.channel

/** The regions whose advertisers the software looks for by itself, in catalogue order. */
export const searched = (catalogue: Catalogue = standard): ReadonlyArray<Region> =>
  [...catalogue.regions.values()].filter(({ partnership: by }) => by?.isSearched === true).map(({ id }) => id)
