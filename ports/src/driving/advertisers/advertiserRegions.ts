import { Catalogue, Region } from "@portolan/domain"

/** The regions whose advertisers are listed. */
export const regions = (catalogue: Catalogue.Catalogue = Catalogue.standard): ReadonlyArray<Region.Region> =>
  Region.searched(catalogue)
