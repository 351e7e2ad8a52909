/** A country's store at a provider, with everything that the flows need to know about it. */
import * as Array from "effect/Array"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { text } from "../messages/Messages.ts"
import { type Catalogue, type Marketplace, standard } from "./Catalogue.ts"
import { MarketplaceId, type Provider, type Region } from "./Identifier.ts"

export { MarketplaceId, Provider, unknownMarketplace as unknown } from "./Identifier.ts"
export { Marketplace } from "./Catalogue.ts"

/** Every marketplace of the standard catalogue, in its order. */
export const all: ReadonlyArray<Marketplace> = [...standard.marketplaces.values()]

/**
 * Finds a marketplace by its provider id. Unknown ids are absent, so pseudo marketplaces that a provider lists are
 * filtered by asking here.
 */
export const find = (id: string, catalogue: Catalogue = standard): Option.Option<Marketplace> =>
  Option.fromUndefinedOr(catalogue.marketplaces.get(id as MarketplaceId))

/** Finds a marketplace that is known to exist; a defect otherwise. For ids that were decoded against the catalogue. */
export const get = (id: MarketplaceId, catalogue: Catalogue = standard): Marketplace => {
  const found = catalogue.marketplaces.get(id)
  if (found === undefined) throw new Error(`marketplace ${id} is not in the catalogue`)
  return found
}

/** A marketplace id that is in the catalogue. */
export const known = (catalogue: Catalogue) =>
  MarketplaceId.check(
    Schema.makeFilter((id) => catalogue.marketplaces.has(id), { expected: text("input.known-marketplace") })
  )
/** A marketplace id that is in the standard catalogue. */
export const Known = known(standard)

/**
 * Finds a marketplace by country in either spelling (`GB` and `UK`), case-insensitively.
 * Country spelling is untrusted input (rule K-R7).
 */
export const findByCountry = (
  provider: Provider,
  code: string,
  catalogue: Catalogue = standard
): Option.Option<Marketplace> => {
  const expected = code.trim().toUpperCase()
  return Array.findFirst(
    catalogue.marketplaces.values(),
    (one) => one.provider === provider && (one.countryCode === expected || one.adsCountryCode === expected)
  )
}

/** The marketplaces of one region, in catalogue order. */
export const inRegion = (region: Region, catalogue: Catalogue = standard): ReadonlyArray<Marketplace> =>
  [...catalogue.marketplaces.values()].filter((one) => one.region === region)
