/**
 * The Selling Partner API: access checks, quotas and read operations (https://github.com/amzn/selling-partner-api-docs,
 * https://developer-docs.amazon.com/sp-api/docs/resolve-common-http-and-authorization-error-codes).
 */
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Consent from "../core/Consent.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Identity from "./Identity.ts"
import * as Inventory from "./Inventory.ts"
import * as Orders from "./Orders.ts"
import type { Partner } from "./Partner.ts"
import * as Quota from "../core/Quota.ts"
import * as Rotation from "./Rotation.ts"
import * as SpReports from "./SpReports.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Region } from "../core/World.ts"
import * as World from "../core/World.ts"

type Operation = {
  readonly name: string
  readonly method: string
  readonly path: RegExp
  readonly kind: "seller" | "vendor" | "any"
  /** One of these roles is needed. */
  readonly roles: ReadonlyArray<string>
  readonly run: (call: Call, partner: Partner, id: string) => WireReply
}

const stock = ["Amazon Fulfillment", "Product Listing", "Inventory and Order Tracking"]
const insight = [
  "Product Listing",
  "Selling Partner Insights",
  "Finance and Accounting",
  "Inventory and Order Tracking",
  "Pricing",
  "Amazon Fulfillment",
  "Brand Analytics"
]

const operations: ReadonlyArray<Operation> = [
  {
    name: "getMarketplaceParticipations",
    method: "GET",
    path: /^\/sellers\/v1\/marketplaceParticipations$/,
    kind: "seller",
    roles: insight,
    run: (call, partner) => participations(call, partner)
  },
  {
    name: "getMyFeesEstimateForASIN",
    method: "POST",
    path: /^\/products\/fees\/v0\/items\/([^/]{1,64})\/feesEstimate$/,
    kind: "seller",
    // Not confirmed: one of the two.
    roles: ["Pricing", "Product Listing"],
    run: Identity.feesEstimate
  },
  {
    name: "searchListingsItems",
    method: "GET",
    path: /^\/listings\/2021-08-01\/items\/([^/]{1,64})$/,
    kind: "seller",
    roles: ["Product Listing"],
    run: Identity.listings
  },
  {
    name: "listTransactions",
    method: "GET",
    path: /^\/finances\/2024-06-19\/transactions$/,
    kind: "seller",
    roles: ["Finance and Accounting"],
    run: (call, partner) => Identity.transactions(call, partner)
  },
  {
    name: "getOrderMetrics",
    method: "GET",
    path: /^\/sales\/v1\/orderMetrics$/,
    kind: "seller",
    roles: ["Inventory and Order Tracking", "Pricing", "Finance and Accounting", "Selling Partner Insights"],
    run: (call, partner) => Orders.metrics(call, partner)
  },
  {
    name: "getInventorySummaries",
    method: "GET",
    path: /^\/fba\/inventory\/v1\/summaries$/,
    kind: "seller",
    roles: stock,
    run: (call, partner) => Inventory.summaries(call, partner)
  },
  {
    name: "createReport",
    method: "POST",
    path: /^\/reports\/2021-06-30\/reports$/,
    kind: "any",
    roles: [],
    run: (call, partner) => SpReports.create(call, partner)
  },
  {
    name: "getReport",
    method: "GET",
    path: /^\/reports\/2021-06-30\/reports\/([^/]{1,64})$/,
    kind: "any",
    roles: [],
    run: (call, partner, id) => SpReports.get(call, partner, id)
  },
  {
    name: "cancelReport",
    method: "DELETE",
    path: /^\/reports\/2021-06-30\/reports\/([^/]{1,64})$/,
    kind: "any",
    roles: [],
    run: (call, partner, id) => SpReports.cancel(call, partner, id)
  },
  {
    name: "getReportDocument",
    method: "GET",
    path: /^\/reports\/2021-06-30\/documents\/([^/]{1,128})$/,
    kind: "any",
    roles: [],
    run: (call, partner, id) => SpReports.document(call, partner, id)
  },
  {
    name: "getPurchaseOrders",
    method: "GET",
    path: /^\/vendor\/orders\/v1\/purchaseOrders$/,
    kind: "vendor",
    roles: ["Inventory and Order Tracking", "Amazon Fulfillment"],
    run: (call, partner) => Orders.purchaseOrders(call, partner)
  }
]

const describe = (
  id: string,
  storeName: string,
  isParticipating: boolean,
  hasSuspendedListings: boolean
): ReadonlyArray<unknown> =>
  Option.match(Marketplace.find(id), {
    onNone: () => [],
    onSome: (one) => [
      {
        marketplace: {
          id,
          name: one.storefront.replace(/^www\.a/, "A"),
          countryCode: one.countryCode,
          defaultCurrencyCode: one.currency,
          defaultLanguageCode: languages[one.countryCode] ?? "en_US",
          domainName: one.storefront
        },
        storeName,
        participation: { isParticipating, hasSuspendedListings }
      }
    ]
  })

const languages: Readonly<Record<string, string>> = {
  US: "en_US",
  CA: "en_CA",
  MX: "es_MX",
  BR: "pt_BR",
  GB: "en_GB",
  DE: "de_DE",
  FR: "fr_FR",
  IT: "it_IT",
  ES: "es_ES",
  NL: "nl_NL",
  SE: "sv_SE",
  PL: "pl_PL",
  BE: "fr_BE",
  TR: "tr_TR",
  JP: "ja_JP",
  AU: "en_AU",
  SG: "en_SG",
  IN: "en_IN",
  AE: "en_AE",
  SA: "ar_AE",
  EG: "ar_AE"
}

/**
 * Marketplaces that exist only in answers; a client keeps those it knows
 * (https://developer-docs.amazon.com/sp-api/docs/sellers-api).
 */
const pseudo: Readonly<
  Record<
    Region,
    {
      readonly id: string
      readonly name: string
      readonly countryCode: string
      readonly currency: string
      readonly domain: string
    }
  >
> = {
  NA: {
    id: "A6W85IYQ5WB1C",
    name: "Non-Amazon",
    countryCode: "US",
    currency: "USD",
    domain: "siprod.stores.amazon.com"
  },
  EU: {
    id: "A2XZLSVIQ0F4JT",
    name: "SI Prod ES Marketplace",
    countryCode: "ES",
    currency: "EUR",
    domain: "siprod.stores.amazon.es"
  },
  FE: {
    id: "A3O5IYQ5WB1CJP",
    name: "Non-Amazon",
    countryCode: "JP",
    currency: "JPY",
    domain: "siprod.stores.amazon.co.jp"
  }
}

const participations = (call: Call, { account }: Partner): WireReply => {
  if (account.kind !== "seller") return refuse(call, "SPA-403-07")
  const extra = pseudo[account.region]
  return Wire.json(200, {
    payload: [
      ...account.participations.flatMap((one) =>
        describe(one.marketplaceId, account.name, one.isParticipating, one.hasSuspendedListings)
      ),
      {
        marketplace: {
          id: extra.id,
          name: extra.name,
          countryCode: extra.countryCode,
          defaultCurrencyCode: extra.currency,
          defaultLanguageCode: "en_US",
          domainName: extra.domain
        },
        storeName: account.name,
        participation: { isParticipating: true, hasSuspendedListings: false }
      }
    ]
  })
}

const admit = (call: Call, region: Region, operation: Operation): Partner | WireReply => {
  const { world, now, request } = call
  const token = request.headers["x-amz-access-token"]
  if (token === undefined || token === "") return refuse(call, "SPA-403-01")
  const access = Credentials.readAccess(world, token)
  if (access === undefined) return refuse(call, "SPA-403-03")
  call.note.application = access.clientId
  call.note.secrets.push(`access:${access.grant === "" ? "grantless" : access.grant}#${access.serial}`)
  const grant = access.grant === "" ? undefined : Wire.own(world.grants, access.grant)
  call.note.grant = grant?.id ?? null
  if (grant !== undefined && !Consent.isActive(grant, now)) return refuse(call, "SPA-403-03")
  if (
    now - access.issuedAt >= world.policy.accessTokenSeconds * 1000 ||
    (grant !== undefined && access.serial <= grant.withdrawnSerial)
  ) {
    return refuse(call, "SPA-403-02")
  }
  const expires = Wire.own(world.applications, access.clientId)?.secretExpiresAt ?? null
  if (expires !== null && now >= expires) return refuse(call, "SPA-403-04")
  const account = Wire.own(world.sellers, grant?.account) ?? Wire.own(world.vendors, grant?.account)
  if (grant === undefined || account === undefined) return refuse(call, "SPA-403-07")
  call.note.account = account.id
  if (account.region !== region) {
    if (world.policy.regionMismatch === "empty" && operation.name === "getMarketplaceParticipations") {
      return Wire.json(200, { payload: [] })
    }
    return refuse(call, "SPA-403-06")
  }
  if (operation.kind !== "any" && operation.kind !== account.kind) return refuse(call, "SPA-403-07")
  if (operation.roles.length > 0 && !operation.roles.some((role) => grant.roles.includes(role))) {
    return refuse(call, "SPA-403-08")
  }
  return account.active ? { account, clientId: access.clientId, roles: grant.roles } : refuse(call, "SPA-403-11")
}

const perform = (call: Call, region: Region, operation: Operation): WireReply => {
  call.note.operation = operation.name
  const partner = admit(call, region, operation)
  if ("status" in partner) return partner
  const rate = Quota.scaled(call.world, operation.name)
  const key = `${partner.clientId}|${partner.account.id}|${operation.name}|${region}`
  if (rate !== undefined && !Quota.take(call.world, key, rate, call.now)) return refuse(call, "SPA-429-01")
  const agent = call.request.headers["user-agent"] ?? ""
  const reply =
    agent === "" || agent.length > 500
      ? refuse(call, "SPA-400-02")
      : operation.run(call, partner, operation.path.exec(call.request.path)?.[1] ?? "")
  // The rate header comes with 20x, 400 and 404 only (https://github.com/amzn/selling-partner-api-docs).
  return rate !== undefined && (reply.status < 300 || reply.status === 400 || reply.status === 404)
    ? { ...reply, headers: { ...reply.headers, "x-amzn-ratelimit-limit": String(rate.perSecond) } }
    : reply
}

/** Answers a request to a Selling Partner API host of one region. */
export const handle = (call: Call, region: Region): WireReply => {
  const { method, path, headers } = call.request
  if (Rotation.isRotation(call.request)) return Rotation.perform(call)
  const operation = operations.find((one) => one.method === method && one.path.test(path))
  const reply =
    operation === undefined
      ? refuse(call, headers["x-amz-access-token"] === undefined ? "SPA-403-10" : "SPA-403-09")
      : perform(call, region, operation)
  return { ...reply, headers: { ...reply.headers, "x-amzn-requestid": World.uuid(call.world, "request") } }
}
