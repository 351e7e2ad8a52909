/** What a Walmart seller sold and keeps in stock, as pure functions of (seed, seller, day). */
import * as Random from "../core/Random.ts"
import type { Seller } from "./Walmart.ts"
import { currency } from "./Walmart.ts"

/** One article. The price is a decimal text. */
export type Item = {
  readonly sku: string
  readonly wpid: string
  readonly upc: string
  readonly gtin: string
  readonly productName: string
  readonly price: string
  readonly currency: string
}

type SellerKey = Pick<Seller, "id" | "market" | "skuCount">

const goods = ["Desk lamp", "Tea tin", "Wool blanket", "Garden twine", "Enamel mug", "Rain hat", "Bread knife"]
const digitsOf = (seed: string, text: string, length: number) => Random.letters(seed, text, length, "0123456789")

/** The article at a place of the catalogue. */
export const item = (seed: string, seller: SellerKey, index: number): Item => {
  const article = `${seed}/walmart-item/${seller.id}/${index}`
  const upc = digitsOf(seed, article, 12)
  return {
    sku: `W-${seller.id.slice(-4)}-${String(index + 1).padStart(4, "0")}`,
    wpid: Random.letters(seed, `${article}/wpid`, 12, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
    upc,
    gtin: `00${upc}`,
    productName: `${goods[index % goods.length] ?? "Box"} no. ${index + 1}`,
    price: ((700 + (Random.hash32(`${article}/price`) % 6000)) / 100).toFixed(2),
    currency: currency[seller.market]
  }
}

/** The whole catalogue of a seller, in a fixed order. */
export const items = (seed: string, seller: SellerKey): ReadonlyArray<Item> =>
  Array.from({ length: seller.skuCount }, (_, index) => item(seed, seller, index))

/** One purchase order with one line. Amounts are decimal texts, the total is of the line. */
export type Order = {
  readonly purchaseOrderId: string
  readonly customerOrderId: string
  /** Milliseconds. */
  readonly orderDate: number
  readonly sku: string
  readonly productName: string
  readonly quantity: number
  readonly unitPrice: string
  readonly total: string
  readonly currency: string
}

/** The orders of a seller on a day of UTC, in the order of their time: none to seven. */
export const orders = (seed: string, seller: SellerKey, day: string): ReadonlyArray<Order> => {
  const draw = Random.stream(`${seed}/walmart-orders/${seller.id}/${day}`)
  const count = seller.skuCount === 0 ? 0 : Math.floor(draw() * 8)
  return Array.from({ length: count }, (_, index) => {
    const article = item(seed, seller, Math.floor(draw() * seller.skuCount))
    const quantity = 1 + Math.floor(draw() * 3)
    const id = `${seed}/walmart-order/${seller.id}/${day}/${index}`
    const minute = Math.floor(((index + draw()) * 1440) / count)
    return {
      purchaseOrderId: `1${digitsOf(seed, id, 12)}`,
      customerOrderId: `2${digitsOf(seed, `${id}/customer`, 12)}`,
      orderDate: Date.parse(`${day}T00:00:00Z`) + minute * 60_000,
      sku: article.sku,
      productName: article.productName,
      quantity,
      unitPrice: article.price,
      total: ((Math.round(Number(article.price) * 100) * quantity) / 100).toFixed(2),
      currency: article.currency
    }
  })
}

/** How many of an article can be sold on a day of UTC. */
export const stock = (seed: string, seller: SellerKey, sku: string, day: string): number =>
  Random.hash32(`${seed}/walmart-stock/${seller.id}/${sku}/${day}`) % 300
