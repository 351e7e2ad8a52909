/**
 * A global area of a provider. Amazon runs three, each with its own API hosts; Walmart's markets stand alone.
 * Source: Selling Partner API marketplace ids; Amazon Ads API overview.
 */
import { Schema } from "effect"

/** Amazon's North America (with Brazil), Europe (with India, the Gulf, Egypt, Turkey, South Africa) and Far East. */
export const AmazonRegion = Schema.Literals(["NA", "EU", "FE"])
/** One of Amazon's three regions. */
export type AmazonRegion = typeof AmazonRegion.Type

/** Every region of every provider: Amazon's three, and one per Walmart market. */
export const Region = Schema.Literals(["NA", "EU", "FE", "WALMART-US", "WALMART-CA", "WALMART-MX", "WALMART-CL"])
/** The area within which one consent reaches (rule C5). */
export type Region = typeof Region.Type
