/** What kind of business an account is at its provider. Chosen before consent (rules P-R7, W-R7). */
import { Schema } from "effect"

/** Amazon: seller or vendor. Walmart: third party (3P, seller) or first party (1P, supplier). */
export const AccountType = Schema.Literals(["seller", "vendor", "walmart-3p", "walmart-1p"])
/** Amazon: seller or vendor. Walmart: third party (3P, seller) or first party (1P, supplier). */
export type AccountType = typeof AccountType.Type

/** How a person reads it. */
export const label: { readonly [T in AccountType]: string } = {
  seller: "Seller",
  vendor: "Vendor",
  "walmart-3p": "Walmart 3P (marketplace seller)",
  "walmart-1p": "Walmart 1P (supplier)"
}
