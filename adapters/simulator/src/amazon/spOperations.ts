/** Every operation of the Selling Partner API with a rule of this simulator. */
import * as Route from "../describe/Route.ts"
import * as Identity from "./Identity.ts"
import * as Inventory from "./Inventory.ts"
import * as Notifications from "./Notifications.ts"
import * as Orders from "./Orders.ts"
import * as Rotation from "./Rotation.ts"
import * as SalesMetrics from "./SalesMetrics.ts"
import * as Sellers from "./Sellers.ts"
import type { SpOperation } from "./SpOperation.ts"
import * as SpReports from "./SpReports.ts"
import * as VendorOrders from "./VendorOrders.ts"

/** The operations. */
export const all: ReadonlyArray<SpOperation> = [
  ...Sellers.operations,
  ...Identity.operations,
  ...SalesMetrics.operations,
  ...Inventory.operations,
  ...Orders.operations,
  ...SpReports.operations,
  ...VendorOrders.operations,
  ...Rotation.operations,
  ...Notifications.operations
]

const made = (): Route.Table<SpOperation> => {
  const table = Route.table<SpOperation>()
  for (const one of all) Route.add(table, one.described, one)
  return table
}

/** The operations by method and path. */
export const byPath: Route.Table<SpOperation> = made()
