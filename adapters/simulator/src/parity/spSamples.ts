/** Good requests to the Selling Partner API. */
import { at, type Sample } from "./Sample.ts"

const US = "ATVPDKIKX0DER"

const sellerId: Sample["path"] = (_, { simulator }) => ({
  sellerId:
    Object.values(simulator.world().grants).find((grant) => grant.account?.startsWith("A") === true)?.account ?? ""
})

const reports: ReadonlyArray<Sample> = [
  {
    who: "seller",
    to: "POST /reports/2021-06-30/reports",
    body: () => ({ reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: [US] }),
    learn: (answer, known) => (known.reportId = at(answer, "reportId"))
  },
  { who: "seller", to: "GET /reports/2021-06-30/reports/{reportId}", path: ({ reportId = "" }) => ({ reportId }) },
  {
    who: "seller",
    to: "GET /reports/2021-06-30/reports/{reportId}",
    path: ({ reportId = "" }) => ({ reportId }),
    after: 120_000,
    learn: (answer, known) => (known.documentId = at(answer, "reportDocumentId"))
  },
  {
    who: "seller",
    to: "GET /reports/2021-06-30/documents/{reportDocumentId}",
    path: ({ documentId = "" }) => ({ reportDocumentId: documentId })
  },
  {
    who: "seller",
    to: "POST /reports/2021-06-30/reports",
    body: () => ({ reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: [US] }),
    learn: (answer, known) => (known.reportId = at(answer, "reportId"))
  },
  { who: "seller", to: "DELETE /reports/2021-06-30/reports/{reportId}", path: ({ reportId = "" }) => ({ reportId }) },
  {
    who: "seller",
    to: "GET /reports/2021-06-30/reports",
    query: () => ({ reportTypes: "GET_MERCHANT_LISTINGS_ALL_DATA", pageSize: "1" })
  }
]

const changed = "ACCOUNT_STATUS_CHANGED"

const notifications: ReadonlyArray<Sample> = [
  {
    who: "notifications",
    to: "POST /notifications/v1/destinations",
    body: () => ({
      name: "parity",
      resourceSpecification: { sqs: { arn: "arn:aws:sqs:us-east-2:444455556666:queue1" } }
    }),
    learn: (answer, known) => (known.destinationId = at(answer, "payload", "destinationId"))
  },
  { who: "notifications", to: "GET /notifications/v1/destinations" },
  {
    who: "notifications",
    to: "GET /notifications/v1/destinations/{destinationId}",
    path: ({ destinationId = "" }) => ({ destinationId })
  },
  {
    who: "seller",
    to: "POST /notifications/v1/subscriptions/{notificationType}",
    path: () => ({ notificationType: changed }),
    body: ({ destinationId }) => ({ destinationId, payloadVersion: "1.0" }),
    learn: (answer, known) => (known.subscriptionId = at(answer, "payload", "subscriptionId"))
  },
  {
    who: "seller",
    to: "GET /notifications/v1/subscriptions/{notificationType}",
    path: () => ({ notificationType: changed })
  },
  {
    who: "notifications",
    to: "GET /notifications/v1/subscriptions/{notificationType}/{subscriptionId}",
    path: ({ subscriptionId = "" }) => ({ notificationType: changed, subscriptionId })
  },
  {
    who: "notifications",
    to: "DELETE /notifications/v1/subscriptions/{notificationType}/{subscriptionId}",
    path: ({ subscriptionId = "" }) => ({ notificationType: changed, subscriptionId })
  },
  {
    who: "notifications",
    to: "DELETE /notifications/v1/destinations/{destinationId}",
    path: ({ destinationId = "" }) => ({ destinationId })
  }
]

/** The requests, in their order. */
export const samples: ReadonlyArray<Sample> = [
  { who: "seller", to: "GET /sellers/v1/marketplaceParticipations" },
  { who: "seller", to: "GET /sellers/v1/account" },
  {
    who: "seller",
    to: "GET /orders/v0/orders",
    query: () => ({ MarketplaceIds: US, CreatedAfter: "2026-07-10T00:00:00Z", MaxResultsPerPage: "5" }),
    learn: (answer, known) => (known.orderId = at(answer, "payload", "Orders", 0, "AmazonOrderId"))
  },
  { who: "seller", to: "GET /orders/v0/orders/{orderId}", path: ({ orderId = "" }) => ({ orderId }) },
  { who: "seller", to: "GET /orders/v0/orders/{orderId}/orderItems", path: ({ orderId = "" }) => ({ orderId }) },
  ...reports,
  {
    who: "seller",
    to: "GET /sales/v1/orderMetrics",
    query: () => ({
      marketplaceIds: US,
      interval: "2026-07-01T00:00:00-07:00--2026-07-03T00:00:00-07:00",
      granularity: "Day",
      granularityTimeZone: "America/Los_Angeles"
    })
  },
  {
    who: "seller",
    to: "GET /fba/inventory/v1/summaries",
    query: () => ({ granularityType: "Marketplace", granularityId: US, marketplaceIds: US, details: "true" })
  },
  {
    who: "seller",
    to: "POST /products/fees/v0/items/{Asin}/feesEstimate",
    path: () => ({ Asin: "B000000000" }),
    body: () => ({
      FeesEstimateRequest: {
        MarketplaceId: US,
        Identifier: "parity",
        PriceToEstimateFees: { ListingPrice: { CurrencyCode: "USD", Amount: 20 } }
      }
    })
  },
  {
    who: "seller",
    to: "GET /listings/2021-08-01/items/{sellerId}",
    path: sellerId,
    query: () => ({ marketplaceIds: US })
  },
  {
    who: "seller",
    to: "GET /finances/2024-06-19/transactions",
    query: () => ({ postedAfter: "2026-07-01T00:00:00Z" })
  },
  {
    who: "vendor",
    to: "GET /vendor/orders/v1/purchaseOrders",
    query: () => ({ createdAfter: "2026-07-01T00:00:00Z", createdBefore: "2026-07-08T00:00:00Z" }),
    learn: (answer, known) => (known.purchaseOrderNumber = at(answer, "payload", "orders", 0, "purchaseOrderNumber"))
  },
  {
    who: "vendor",
    to: "GET /vendor/orders/v1/purchaseOrders/{purchaseOrderNumber}",
    path: ({ purchaseOrderNumber = "" }) => ({ purchaseOrderNumber })
  },
  ...notifications,
  { who: "rotation", to: "POST /applications/2023-11-30/clientSecret" }
]
