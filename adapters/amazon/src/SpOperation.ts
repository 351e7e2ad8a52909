/** The operations of the Selling Partner API that are called, with their published rates (amazon-sp-api section 9). */

/** One operation. */
export interface SpOperation {
  readonly name: string
  /** Published refill of the token bucket, per selling partner, application and region. */
  readonly perSecond: number
  /** What is missing when Amazon refuses without a word, in words a person can act on (amazon-sp-api sections 7, 10). */
  readonly needs: string
}

const consentAgain = "; the account's owner may have to authorise the application again after a role was added"

/** `GET /sellers/v1/marketplaceParticipations`; refills once in 62.5 seconds. */
export const participations: SpOperation = {
  name: "getMarketplaceParticipations",
  perSecond: 0.016,
  needs: "a seller's consent for this region with a role such as Product Listing or Selling Partner Insights" + consentAgain
}

/** `GET /vendor/orders/v1/purchaseOrders`, the probe for vendors. */
export const purchaseOrders: SpOperation = {
  name: "getPurchaseOrders",
  perSecond: 10,
  needs: "a vendor's consent for this region with a role that covers orders, such as Inventory and Order Tracking" + consentAgain
}

/** `GET /sales/v1/orderMetrics`. */
export const orderMetrics: SpOperation = {
  name: "getOrderMetrics",
  perSecond: 0.5,
  needs: "a seller's consent for this region with a role that covers sales, such as Selling Partner Insights" + consentAgain
}

/** `GET /fba/inventory/v1/summaries`. */
export const inventorySummaries: SpOperation = {
  name: "getInventorySummaries",
  perSecond: 2,
  needs: "a seller's consent for this region with a role that covers stock, such as Amazon Fulfillment" + consentAgain
}

const listingRole = "a seller's consent for this region with the role Product Listing" + consentAgain

/** `POST /reports/2021-06-30/reports`; refills once a minute. */
export const createReport: SpOperation = { name: "createReport", perSecond: 0.0167, needs: listingRole }

/** `GET /reports/2021-06-30/reports/{reportId}`. */
export const getReport: SpOperation = { name: "getReport", perSecond: 2, needs: listingRole }

/** `GET /reports/2021-06-30/documents/{reportDocumentId}`; refills once a minute. */
export const getReportDocument: SpOperation = { name: "getReportDocument", perSecond: 0.0167, needs: listingRole }

/** Seconds until the bucket holds a token again, at this rate or the published one. */
export const refillSeconds = (operation: SpOperation, limit: string | undefined): number => {
  const told = limit !== undefined && /^\d+(?:\.\d+)?$/.test(limit.trim()) ? Number(limit) : 0
  const perSecond = told > 0 && told < 10_000 ? told : operation.perSecond
  return Math.min(86_400, Math.ceil(1 / perSecond))
}
