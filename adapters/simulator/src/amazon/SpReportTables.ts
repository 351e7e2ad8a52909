/** Reports that are tables of texts with tabs between them. The headings of the inventory are assumed. */
import type { Stock } from "../core/Data.ts"

const table = (head: ReadonlyArray<string>, lines: ReadonlyArray<ReadonlyArray<string | number>>): string =>
  [head, ...lines].map((line) => line.join("\t")).join("\n")

const stockColumns = [
  "sku",
  "fnsku",
  "asin",
  "product-name",
  "condition",
  "afn-fulfillable-quantity",
  "afn-reserved-quantity",
  "afn-total-quantity"
]

/** Every article that is offered, below the headings of a language. */
export const listings = (head: ReadonlyArray<string>, stock: ReadonlyArray<Stock>): string =>
  table(
    head,
    stock.map((item) => [item.productName, item.sellerSku, item.asin, item.fulfillable, "Active"])
  )

/** Every article in the warehouses. */
export const inventory = (stock: ReadonlyArray<Stock>): string =>
  table(
    stockColumns,
    stock.map((item) => [
      item.sellerSku,
      item.fnSku,
      item.asin,
      item.productName,
      "New",
      item.fulfillable,
      item.reserved,
      item.fulfillable + item.reserved + item.inbound
    ])
  )
