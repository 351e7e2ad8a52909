/**
 * Items and inventory of Walmart Marketplace, in the shapes of the US schemas (highsidelabs/walmart-api-php: items,
 * inventory).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Odd from "../core/Odd.ts"
import * as Wire from "../core/Wire.ts"
import { bad, limitOf, short, unmodelled } from "./listing.ts"
import * as ShopRows from "./ShopRows.ts"
import type { Seller } from "./Walmart.ts"

/** `GET /v3/items`: by `offset` or by `nextCursor`, which begins with `*`. */
export const items = (call: Call, seller: Seller): WireReply => {
  const query = new URLSearchParams(call.request.query)
  const other = unmodelled(call, query, ["limit", "offset", "nextCursor", "sku"])
  if (other !== undefined) return other
  const limit = limitOf(query, 20, 200)
  if (limit === undefined) return bad(call, "limit")
  const cursor = query.get("nextCursor")
  const first = cursor === null ? (query.get("offset") ?? "0") : "0"
  const [at = "", seal] = cursor === null || cursor === "*" ? [first] : cursor.split(".")
  const sign = (text: string) => Credentials.sign(call.world, `walmart-items/${seller.id}/${text}`)
  if (!/^\d{1,6}$/.test(at)) return bad(call, cursor === null ? "offset" : "nextCursor")
  if (cursor !== null && cursor !== "*" && seal !== sign(at)) return bad(call, "nextCursor")
  if (cursor !== null && cursor !== "*" && Odd.isDead(call)) return refuse(call, "WMP-400-06")
  const sku = query.get("sku")
  const all = ShopRows.items(call.world.seed, seller).filter((one) => sku === null || one.sku === sku)
  if (sku !== null && all.length === 0) return refuse(call, "WMP-404-01", "sku")
  const next = Number(at) + limit
  return Wire.json(200, {
    ItemResponse: Odd.entries(
      call,
      short(call, all)
        .slice(Number(at), next)
        .map((one) => ({
          mart: `WALMART_${seller.market}`,
          sku: one.sku,
          wpid: one.wpid,
          upc: one.upc,
          gtin: one.gtin,
          productName: one.productName,
          productType: "Home",
          price: { currency: one.currency, amount: Wire.digits(one.price) },
          publishedStatus: "PUBLISHED",
          lifecycleStatus: "ACTIVE"
        })),
      { sku: null },
      Number(at)
    ),
    totalItems: all.length,
    ...(cursor !== null && next < all.length ? { nextCursor: `${next}.${sign(String(next))}` } : {})
  })
}

/** `GET /v3/inventory?sku=`. */
export const inventory = (call: Call, seller: Seller): WireReply => {
  const query = new URLSearchParams(call.request.query)
  const other = unmodelled(call, query, ["sku"])
  if (other !== undefined) return other
  const sku = query.get("sku") ?? ""
  if (sku === "") return bad(call, "sku")
  if (!ShopRows.items(call.world.seed, seller).some((one) => one.sku === sku)) return refuse(call, "WMP-404-01", "sku")
  const day = new Date(call.now).toISOString().slice(0, 10)
  return Wire.json(200, { sku, quantity: { unit: "EACH", amount: ShopRows.stock(call.world.seed, seller, sku, day) } })
}

/** `GET /v3/inventories`: all articles, each in one ship node, at most 50 a page. */
export const inventories = (call: Call, seller: Seller): WireReply => {
  const query = new URLSearchParams(call.request.query)
  const other = unmodelled(call, query, ["limit", "nextCursor"])
  if (other !== undefined) return other
  const limit = limitOf(query, 10, 50)
  if (limit === undefined) return bad(call, "limit")
  const sign = (at: string) => `${at}.${Credentials.sign(call.world, `walmart-inventories/${seller.id}/${at}`)}`
  const cursor = query.get("nextCursor")
  const at = cursor?.split(".")[0] ?? "0"
  if (cursor !== null && cursor !== sign(at)) return bad(call, "nextCursor")
  if (cursor !== null && Odd.isDead(call)) return refuse(call, "WMP-400-06")
  const day = new Date(call.now).toISOString().slice(0, 10)
  const all = ShopRows.items(call.world.seed, seller)
  const next = Number(at) + limit
  return Wire.json(200, {
    meta: { totalCount: all.length, ...(next < all.length ? { nextCursor: sign(String(next)) } : {}) },
    elements: {
      inventories: Odd.entries(
        call,
        short(call, all)
          .slice(Number(at), next)
          .map(({ sku }) => {
            const quantity = { unit: "EACH", amount: ShopRows.stock(call.world.seed, seller, sku, day) }
            return {
              sku,
              nodes: [
                {
                  shipNode: `1000${seller.id}`,
                  inputQty: quantity,
                  availToSellQty: quantity,
                  reservedQty: { unit: "EACH", amount: 0 }
                }
              ]
            }
          }),
        { sku: null },
        Number(at)
      )
    }
  })
}
