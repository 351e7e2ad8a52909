/**
 * The operations of the Selling Partner API that are called, with their published rates
 * (https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits).
 */

/** One operation. */
export interface SpOperation {
  readonly name: string
  /** Published refill of the token bucket, per selling partner, application and region. */
  readonly perSecond: number
  /**
   * What is missing when Amazon refuses without a word, for a person to act on
   * (https://github.com/amzn/selling-partner-api-docs, https://developer-docs.amazon.com/sp-api/docs/sellers-api).
   */
  readonly needs: string
}

const needs = (kind: "seller" | "vendor", role: string): string =>
  `a ${kind}'s consent for this region with a role ${role}; the account's owner may have to authorise the ` +
  "application again after a role was added"

/** `GET /sellers/v1/marketplaceParticipations`; refills once in 62.5 seconds. */
export const participations: SpOperation = {
  name: "getMarketplaceParticipations",
  perSecond: 0.016,
  needs: needs("seller", "such as Product Listing or Selling Partner Insights")
}

/** `GET /vendor/orders/v1/purchaseOrders`, the probe for vendors. */
export const purchaseOrders: SpOperation = {
  name: "getPurchaseOrders",
  perSecond: 10,
  needs: needs("vendor", "that covers orders, such as Inventory and Order Tracking")
}

/** `GET /vendor/directFulfillment/orders/2021-12-28/purchaseOrders`, the probe for vendors who only ship for Amazon. */
export const directFulfilmentOrders: SpOperation = {
  name: "getOrders (direct fulfilment)",
  perSecond: 10,
  needs: needs("vendor", "that covers orders, such as Direct-to-Consumer Shipping")
}

/** `GET /sales/v1/orderMetrics`. */
export const orderMetrics: SpOperation = {
  name: "getOrderMetrics",
  perSecond: 0.5,
  needs: needs("seller", "that covers sales, such as Selling Partner Insights")
}

/** `GET /fba/inventory/v1/summaries`. */
export const inventorySummaries: SpOperation = {
  name: "getInventorySummaries",
  perSecond: 2,
  needs: needs("seller", "that covers stock, such as Amazon Fulfillment")
}

const listingRole = needs("seller", "that covers listings, such as Product Listing")

/** `POST /reports/2021-06-30/reports`; refills once a minute. */
export const createReport: SpOperation = { name: "createReport", perSecond: 0.0167, needs: listingRole }

/** `GET /reports/2021-06-30/reports/{reportId}`. */
export const getReport: SpOperation = { name: "getReport", perSecond: 2, needs: listingRole }

/** `GET /reports/2021-06-30/documents/{reportDocumentId}`; refills once a minute. */
export const getReportDocument: SpOperation = { name: "getReportDocument", perSecond: 0.0167, needs: listingRole }

/** `POST /products/fees/v0/items/{Asin}/feesEstimate`; which role it needs is not confirmed. */
export const feesEstimate: SpOperation = {
  name: "getMyFeesEstimateForASIN",
  perSecond: 1,
  needs: needs("seller", "such as Pricing or Product Listing")
}

/** `GET /listings/2021-08-01/items/{sellerId}`. */
export const searchListings: SpOperation = { name: "searchListingsItems", perSecond: 5, needs: listingRole }

/** `GET /finances/2024-06-19/transactions`. */
export const listTransactions: SpOperation = {
  name: "listTransactions",
  perSecond: 0.5,
  needs: needs("seller", "that covers finances, such as Finance and Accounting")
}

/** Seconds until the bucket holds a token again, at this rate or the published one. */
export const refillSeconds = (operation: SpOperation, limit: string | undefined): number => {
  const published = limit !== undefined && /^\d+(?:\.\d+)?$/.test(limit.trim()) ? Number(limit) : 0
  const perSecond = published > 0 && published < 10_000 ? published : operation.perSecond
  return Math.min(86_400, Math.ceil(1 / perSecond))
}
