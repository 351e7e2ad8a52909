/** The names of the checks about preconditions at a provider. */
import * as Schema from "effect/Schema"

/** Identifies a check. The first six are those of rule S-R5 in their order. */
export const CheckId = Schema.Literals([
  "campaign-exists",
  "payment-valid",
  "campaign-editable",
  "ad-group-editable",
  "marketplace-enabled",
  "login-used",
  "advertising-permission-in-seller-central",
  "participates",
  "partner-added",
  "write-access"
])
export type CheckId = typeof CheckId.Type
