/**
 * The kinds of data that every provider may bring, and by when each is due. Deadlines count from finalising the
 * connection: 24 hours, 72 hours, and three days for invoices (rules K-R15, K-R16).
 */
import * as Duration from "effect/Duration"

/** The kinds of data that every catalogue knows. */
export const standardDataClasses = {
  advertising: { label: "Advertising", due: Duration.hours(24) },
  sales: { label: "Sales", due: Duration.hours(24) },
  inventory: { label: "Inventory", due: Duration.hours(24) },
  content: { label: "Content", due: Duration.hours(72) },
  // Reviews have a deadline, but no provider call is known for them; invoices need a further permission (rule K-R16).
  reviews: { label: "Reviews", due: Duration.hours(72) },
  "ad-invoices": { label: "Ad invoices", due: Duration.hours(72) }
} as const
