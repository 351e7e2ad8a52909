/**
 * The hosts that are simulated, and which fake API answers on each. Sources:
 * https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/authorization-grants,
 * https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/access-tokens, amazon-ads
 * section 1, https://developer-docs.amazon.com/sp-api/docs/marketplace-ids,
 * https://developer.walmart.com/us-marketplace/docs/authentication-authorization,
 * https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access, and the catalogue of
 * marketplaces for the consoles.
 */
import { groupBy, Marketplace } from "@portolan/domain"
import type { Region } from "./World.ts"

/** What stands behind a host. */
export type Place =
  | { readonly kind: "login-page"; readonly region: Region }
  | { readonly kind: "login"; readonly region: Region }
  | { readonly kind: "ads"; readonly region: Region }
  | { readonly kind: "selling-partner"; readonly region: Region; readonly sandbox: boolean }
  | { readonly kind: "central"; readonly account: "seller" | "vendor"; readonly marketplaces: ReadonlyArray<string> }
  | { readonly kind: "storage"; readonly region: Region | null }
  | {
      readonly kind: "walmart-login" | "walmart-marketplace" | "walmart-connect" | "walmart-console" | "walmart-seller"
    }

/** Host of the consent page of Login with Amazon. */
export const loginPage = { NA: "www.amazon.com", EU: "eu.account.amazon.com", FE: "apac.account.amazon.com" } as const
/** Host of the token endpoint. */
export const login = { NA: "api.amazon.com", EU: "api.amazon.co.uk", FE: "api.amazon.co.jp" } as const
/** Host of the Ads API. */
export const ads = {
  NA: "advertising-api.amazon.com",
  EU: "advertising-api-eu.amazon.com",
  FE: "advertising-api-fe.amazon.com"
} as const
/** Host of the Selling Partner API. */
export const sellingPartner = {
  NA: "sellingpartnerapi-na.amazon.com",
  EU: "sellingpartnerapi-eu.amazon.com",
  FE: "sellingpartnerapi-fe.amazon.com"
} as const
/** Host of the sandbox of the Selling Partner API. */
export const sellingPartnerSandbox = {
  NA: `sandbox.${sellingPartner.NA}`,
  EU: `sandbox.${sellingPartner.EU}`,
  FE: `sandbox.${sellingPartner.FE}`
} as const
/** Where advertising reports are downloaded. Only the first is recorded; the others follow its pattern (assumed). */
export const adsStorage = {
  NA: "offline-report-storage-us-east-1-prod.s3.amazonaws.com",
  EU: "offline-report-storage-eu-west-1-prod.s3.amazonaws.com",
  FE: "offline-report-storage-us-west-2-prod.s3.amazonaws.com"
} as const
/** Where selling partner report documents are downloaded (host of the official example). */
export const spStorage = "d34o8swod1owfl.cloudfront.net"

/** Where a Walmart seller lets an application in. */
export const walmartLogin = "login.account.wal-mart.com"
/** Walmart's Marketplace API. */
export const walmart = "marketplace.walmartapis.com"
/** Walmart Connect. */
export const walmartConnect = "developer.api.walmart.com"
/** Its sandbox, which here shows the same world (assumed). */
export const walmartConnectSandbox = "developer.api.stg.walmart.com"
/** Walmart's Seller Center, with the App Store. */
export const walmartSeller = "seller.walmart.com"
/** Walmart's advertising console. */
export const walmartConsole = "advertising.walmart.com"

const regions: ReadonlyArray<Region> = ["NA", "EU", "FE"]

const regional = regions.flatMap((region): ReadonlyArray<readonly [string, Place]> => [
  [loginPage[region], { kind: "login-page", region }],
  [login[region], { kind: "login", region }],
  [ads[region], { kind: "ads", region }],
  [sellingPartner[region], { kind: "selling-partner", region, sandbox: false }],
  [sellingPartnerSandbox[region], { kind: "selling-partner", region, sandbox: true }],
  [adsStorage[region], { kind: "storage", region }]
])

const centralOf = (account: "seller" | "vendor"): ReadonlyArray<readonly [string, Place]> => {
  const hostOf = (marketplace: Marketplace.Marketplace) =>
    account === "seller" ? marketplace.sellerCentral : marketplace.vendorCentral
  const hosts = groupBy(Marketplace.all, hostOf)
  return [...hosts]
    .filter(([host]) => host !== "")
    .map(([host, own]) => [host, { kind: "central", account, marketplaces: own.map(({ id }) => id) }])
}

const places: ReadonlyMap<string, Place> = new Map<string, Place>([
  ...regional,
  [spStorage, { kind: "storage", region: null }],
  [walmartLogin, { kind: "walmart-login" }],
  [walmart, { kind: "walmart-marketplace" }],
  [walmartConnect, { kind: "walmart-connect" }],
  [walmartConnectSandbox, { kind: "walmart-connect" }],
  [walmartConsole, { kind: "walmart-console" }],
  [walmartSeller, { kind: "walmart-seller" }],
  ...centralOf("seller"),
  ...centralOf("vendor")
])

/** What is simulated at a host; undefined when nothing is. */
export const find = (host: string): Place | undefined => places.get(host)

/** Every simulated host. */
export const all: ReadonlyArray<string> = [...places.keys()]

/** The base addresses a client has to know, for a simulator at `base`; the real ones when `base` is empty. */
export const addresses = (base: string) => {
  const under = (host: string) => (base === "" ? `https://${host}` : `${base.replace(/\/$/, "")}/${host}`)
  const each = (hosts: Readonly<Record<Region, string>>) => ({
    NA: under(hosts.NA),
    EU: under(hosts.EU),
    FE: under(hosts.FE)
  })
  return {
    /** Add `/ap/oa`. */
    loginPage: each(loginPage),
    /** Add `/auth/o2/token`. */
    login: each(login),
    ads: each(ads),
    sellingPartner: each(sellingPartner),
    sellingPartnerSandbox: each(sellingPartnerSandbox),
    /** Add `/authorize`. */
    walmartLogin: under(walmartLogin),
    /** Add `/v3/...`. */
    walmart: under(walmart),
    /** Add `/api-proxy/service/WPA/Api/v1/api/v1/...`. */
    walmartConnect: under(walmartConnect),
    walmartConsole: under(walmartConsole),
    /** Add `/app-store`. */
    walmartSeller: under(walmartSeller),
    /** Every simulated host with its base address, for clients that take such a table. */
    byHost: Object.fromEntries(all.map((host) => [host, under(host)])) as Readonly<Record<string, string>>,
    /** Maps any real address, `https://HOST/path`, to where the simulator serves it. */
    map: (real: string): string => (base === "" ? real : real.replace(/^https:\/\//, `${base.replace(/\/$/, "")}/`))
  }
}
