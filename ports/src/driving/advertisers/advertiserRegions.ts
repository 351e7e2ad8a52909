import { Region } from "@portolan/domain"

/** The regions whose advertisers are listed. Chile has a marketplace and no advertising that we know. */
export const regions = Region.Region.literals.filter(
  (region) => region.startsWith("WALMART-") && region !== "WALMART-CL"
)
