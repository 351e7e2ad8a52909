/**
 * Refusals as rows of data: an id that never changes its meaning, the status and the words of the real provider, when
 * it happens, and where we know it from. `assumed` rows are the ones to check against a real account first.
 */

import * as refusals from "./walmart/refusals.ts"

/** Which fake API refuses; it decides the shape of the body. */
export type Family =
  | "login"
  | "login-redirect"
  | "page"
  | "ads"
  | "selling-partner"
  | "storage"
  | "walmart-connect"
  | "walmart-marketplace"
/** How well a row is known: written by the provider, seen in the field, or our guess. */
export type Provenance = "documented" | "observed" | "assumed"

/** One refusal. `{name}` in the text is filled in by the caller. */
export type Rule = {
  readonly id: string
  readonly family: Family
  readonly status: number
  readonly code: string
  readonly text: string
  readonly when: string
  readonly provenance: Provenance
  readonly source: string
}

/** A row as it is written down. */
export type Row = readonly [
  id: string,
  status: number,
  code: string,
  text: string,
  when: string,
  provenance: Provenance,
  source: string
]

const rows = (family: Family, list: ReadonlyArray<Row>): ReadonlyArray<Rule> =>
  list.map(([id, status, code, text, when, provenance, source]) => ({
    id,
    family,
    status,
    code,
    text,
    when,
    provenance,
    source
  }))

const login = rows("login", [
  [
    "LWA-TOK-01",
    400,
    "invalid_request",
    "The request is missing a required parameter : {name}",
    "a field is missing",
    "observed",
    "amazon-lwa §5"
  ],
  [
    "LWA-TOK-02",
    400,
    "unsupported_grant_type",
    "The authorization grant type is not supported by the authorization server",
    "unknown grant type, or a body in another content type",
    "observed",
    "amazon-lwa §5"
  ],
  [
    "LWA-TOK-03",
    401,
    "invalid_client",
    "Client authentication failed",
    "unknown client or wrong secret",
    "observed",
    "amazon-lwa §5"
  ],
  [
    "LWA-TOK-04",
    401,
    "invalid_client",
    "Client authentication failed",
    "the secret expired or was rotated away",
    "observed",
    "amazon-lwa §5, §8"
  ],
  [
    "LWA-TOK-05",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : code",
    "unknown code",
    "observed",
    "amazon-lwa §5"
  ],
  [
    "LWA-TOK-06",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : code",
    "code older than five minutes",
    "observed",
    "amazon-lwa §3, §5"
  ],
  [
    "LWA-TOK-07",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : code",
    "code used before",
    "observed",
    "amazon-lwa §3, §5"
  ],
  [
    "LWA-TOK-08",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : code",
    "code of another client",
    "observed",
    "amazon-lwa §5"
  ],
  [
    "LWA-TOK-09",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : code",
    "another return address than at consent",
    "observed",
    "amazon-lwa §5"
  ],
  [
    "LWA-TOK-10",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : code",
    "verifier missing or not matching the challenge (RFC 7636 §4.6)",
    "assumed",
    "amazon-lwa §1; wording not seen"
  ],
  [
    "LWA-TOK-11",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
    "unknown or damaged refresh token",
    "documented",
    "amazon-lwa §5"
  ],
  [
    "LWA-TOK-12",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
    "consent revoked",
    "documented",
    "amazon-lwa §5, §7"
  ],
  [
    "LWA-TOK-13",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
    "consent older than its life time",
    "documented",
    "amazon-lwa §4"
  ],
  [
    "LWA-TOK-14",
    400,
    "unauthorized_client",
    "Not authorized for requested operation",
    "refresh token of another client",
    "assumed",
    "amazon-lwa §5: text observed, status unconfirmed"
  ],
  [
    "LWA-TOK-15",
    400,
    "invalid_scope",
    "The requested scope is invalid, unknown or malformed",
    "unknown scope on client_credentials",
    "assumed",
    "amazon-lwa §5: text unconfirmed"
  ],
  [
    "LWA-TOK-16",
    400,
    "invalid_request",
    "The request method or body is not acceptable",
    "not a POST, or a body over 64 KiB",
    "assumed",
    "no source"
  ],
  [
    "LWA-TOK-17",
    400,
    "invalid_grant",
    "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
    "a refresh token that was rotated away (policy `rotation`)",
    "assumed",
    "adversity; Amazon does not rotate"
  ],
  [
    "LWA-PRO-01",
    400,
    "invalid_request",
    "The request is missing a required parameter : access_token",
    "no access token on the user profile",
    "assumed",
    "amazon-lwa §6: table not read"
  ],
  [
    "LWA-PRO-02",
    400,
    "invalid_token",
    "The request has an invalid parameter : access_token",
    "access token not accepted on the user profile",
    "assumed",
    "amazon-lwa §6: table not read"
  ],
  [
    "LWA-PRO-03",
    403,
    "insufficient_scope",
    "The access token does not have the required scope",
    "the consent had no profile scope",
    "assumed",
    "amazon-lwa §6: table not read"
  ],
  ["LWA-404", 404, "not_found", "No such resource", "unknown path on a login host", "assumed", "no source"]
])

const redirects = rows("login-redirect", [
  [
    "LWA-AUT-04",
    302,
    "unsupported_response_type",
    "The authorization server does not support this response type",
    "response_type is not code",
    "assumed",
    "amazon-lwa §3: wording unconfirmed"
  ],
  [
    "LWA-AUT-05",
    302,
    "invalid_scope",
    "An unknown scope was requested",
    "a scope nobody knows",
    "observed",
    "amazon-lwa §3"
  ],
  [
    "LWA-AUT-06",
    302,
    "invalid_scope",
    "An unknown scope was requested",
    "the client is not approved for the Ads API",
    "observed",
    "amazon-lwa §3, §10"
  ],
  [
    "LWA-AUT-07",
    302,
    "invalid_request",
    "The request is missing a required parameter : {name}",
    "scope or response_type missing",
    "assumed",
    "amazon-lwa §3: wording unconfirmed"
  ],
  [
    "LWA-AUT-08",
    302,
    "invalid_request",
    "The request has an invalid parameter : {name}",
    "unknown challenge method, or a challenge outside RFC 7636",
    "assumed",
    "amazon-lwa §1"
  ],
  ["LWA-AUT-09", 302, "access_denied", "Access not permitted.", "the person cancelled", "observed", "amazon-lwa §3"]
])

const pages = rows("page", [
  [
    "LWA-AUT-01",
    400,
    "unknown client",
    "This application is not known.",
    "client_id missing, unknown or over 100 bytes",
    "assumed",
    "amazon-lwa §3: page unconfirmed"
  ],
  [
    "LWA-AUT-02",
    400,
    "return address",
    "The return address is not one of the application's allowed return addresses.",
    "redirect_uri missing or not registered byte for byte",
    "assumed",
    "amazon-lwa §3: page unconfirmed"
  ],
  [
    "LWA-AUT-03",
    400,
    "too long",
    "A field of this request is too long.",
    "a query over 8 KiB or a state over 2,048 characters",
    "assumed",
    "no source"
  ],
  [
    "LWA-AUT-10",
    400,
    "expired page",
    "This page has expired. Go back to the application and begin again.",
    "decision without a valid page ticket",
    "assumed",
    "no source"
  ],
  [
    "CEN-MD1000",
    400,
    "MD1000",
    "The application is a draft, and version=beta is missing.",
    "draft application without version=beta",
    "documented",
    "amazon-sp-api §6"
  ],
  [
    "CEN-MD5101",
    400,
    "MD5101",
    "The return address is not one of the application's registered addresses.",
    "redirect_uri not registered",
    "documented",
    "amazon-sp-api §6"
  ],
  [
    "CEN-MD5110",
    400,
    "MD5110",
    "The return address contains a fragment.",
    "a # in redirect_uri",
    "documented",
    "amazon-sp-api §6"
  ],
  [
    "CEN-MD9100",
    400,
    "MD9100",
    "The application has no log-in address or no return address configured.",
    "registration incomplete",
    "documented",
    "amazon-sp-api §6"
  ],
  [
    "CEN-SPDC300",
    400,
    "SPDC300",
    "The application id is not acceptable.",
    "application id missing, badly formed or unknown",
    "observed",
    "amazon-sp-api §6"
  ],
  [
    "CEN-SPDC8143",
    403,
    "SPDC8143",
    "You're not permitted to take this action. You must be the Primary user of a Professional selling account.",
    "the person is not the primary user",
    "documented",
    "amazon-sp-api §2, §6"
  ],
  [
    "CEN-SPSA2043",
    403,
    "SPSA2043",
    "Your user does not have the role needed to manage integrations of this vendor group.",
    "vendor user without the integrations right",
    "documented",
    "amazon-sp-api §6"
  ],
  [
    "CEN-NONE",
    403,
    "no account",
    "You do not have permission to view this page.",
    "the person has no account in this console",
    "assumed",
    "amazon-sp-api §2"
  ],
  [
    "CEN-LIMIT",
    400,
    "CONSENT_LIMIT_REACHED",
    "The application has reached the number of sellers that may authorise it.",
    "unlisted application over its limit",
    "documented",
    "amazon-sp-api §6"
  ],
  [
    "CEN-STATE",
    400,
    "state",
    "The state parameter is missing.",
    "no state (strictness: the provider recommends it)",
    "assumed",
    "amazon-sp-api §3"
  ],
  [
    "CEN-CLOSED",
    400,
    "SPDC300",
    "The account is inactive.",
    "the selling account is inactive",
    "observed",
    "amazon-sp-api §6"
  ],
  ["PAGE-404", 404, "not found", "There is no such page.", "unknown path on a page host", "assumed", "no source"]
])

const ads = rows("ads", [
  [
    "ADS-401-01",
    401,
    "401",
    "Unauthorized",
    "no bearer token, or one that is malformed, expired or revoked",
    "documented",
    "amazon-ads §7"
  ],
  [
    "ADS-401-02",
    401,
    "401",
    "Unauthorized",
    "client id header missing",
    "assumed",
    "amazon-ads §2: refusal text unconfirmed"
  ],
  [
    "ADS-401-03",
    401,
    "401",
    "Authentication failed",
    "client id header of another client than the token's",
    "assumed",
    "amazon-ads §7: text observed for neighbouring causes"
  ],
  [
    "ADS-401-04",
    401,
    "401",
    "Authentication failed",
    "client not approved for the Ads API, or consent without the advertising scope",
    "observed",
    "amazon-ads §7, §10"
  ],
  ["ADS-401-05", 401, "401", "Scope header is missing", "no profile header", "documented", "amazon-ads §7"],
  [
    "ADS-401-06",
    401,
    "401",
    "No matching advertiser found for scope: {name}",
    "profile malformed, unknown or of another region",
    "documented",
    "amazon-ads §7; suffix unconfirmed"
  ],
  [
    "ADS-401-07",
    401,
    "401",
    "Not authorized to access scope {name}",
    "the consenting person has no right on this profile",
    "documented",
    "amazon-ads §7"
  ],
  [
    "ADS-401-08",
    401,
    "401",
    "Not authorized to access this advertiser",
    "a write with a view-only right",
    "assumed",
    "amazon-ads §6: status documented, body unconfirmed"
  ],
  [
    "ADS-400-01",
    400,
    "400",
    " The request input is invalid. Advertiser ID cannot be decrypted",
    "agency profile on a sponsored-ads call",
    "observed",
    "amazon-ads §3"
  ],
  ["ADS-400-02", 400, "400", "{name}", "malformed request", "documented", "amazon-ads §7: statuses; texts assumed"],
  [
    "ADS-400-03",
    400,
    "400",
    "KDP authors do not have access to Sponsored Brands functionality",
    "Brands report of a KDP author",
    "observed",
    "amazon-ads §3"
  ],
  ["ADS-404-01", 404, "NOT_FOUND", "HTTP 404 Not Found", "unknown path or id", "observed", "amazon-ads §3, §7"],
  [
    "ADS-406-01",
    406,
    "406",
    "Report date is too far in the past.",
    "report starts before retention",
    "observed",
    "amazon-ads §7"
  ],
  [
    "ADS-406-02",
    406,
    "406",
    "Not Acceptable",
    "Accept is neither the vendored type nor a wildcard",
    "documented",
    "amazon-ads §7: status; text assumed"
  ],
  [
    "ADS-415-01",
    415,
    "415",
    "Unsupported Media Type",
    "body not in the vendored media type",
    "documented",
    "amazon-ads §7: status; text assumed"
  ],
  [
    "ADS-425-01",
    425,
    "425",
    "The Request is a duplicate of : {name}",
    "the same report is being made already",
    "observed",
    "amazon-ads §7"
  ],
  ["ADS-429-01", 429, "429", "Too Many Requests", "throttled", "documented", "amazon-ads §9; numbers not published"]
])

const denied = "Access to requested resource is denied."

const sellingPartner = rows("selling-partner", [
  [
    "SPA-403-01",
    403,
    "Unauthorized",
    `${denied}|Access token is missing in the request header.`,
    "no token header",
    "observed",
    "amazon-sp-api §8"
  ],
  [
    "SPA-403-02",
    403,
    "Unauthorized",
    `${denied}|The access token you provided has expired.`,
    "token over an hour old",
    "observed",
    "amazon-sp-api §8"
  ],
  [
    "SPA-403-03",
    403,
    "Unauthorized",
    `${denied}|The access token you provided is revoked, malformed or invalid.`,
    "revoked or damaged token",
    "observed",
    "amazon-sp-api §8"
  ],
  [
    "SPA-403-04",
    403,
    "Unauthorized",
    `${denied}|The LWA secret token you provided has expired.`,
    "the application's secret died",
    "observed",
    "amazon-sp-api §8"
  ],
  [
    "SPA-403-05",
    403,
    "Unauthorized",
    `${denied}|The marketplaces you provided are not valid for region.`,
    "marketplace of another region",
    "observed",
    "amazon-sp-api §8"
  ],
  [
    "SPA-403-06",
    403,
    "Unauthorized",
    `${denied}|`,
    "token of another region",
    "observed",
    "amazon-sp-api §2, §8: 403 or an empty list"
  ],
  [
    "SPA-403-07",
    403,
    "Unauthorized",
    `${denied}|`,
    "seller token on a vendor call, vendor token on a seller call, grantless or advertising token",
    "observed",
    "amazon-sp-api §8"
  ],
  ["SPA-403-08", 403, "Unauthorized", `${denied}|`, "the consent lacks the role", "observed", "amazon-sp-api §8"],
  ["SPA-403-09", 403, "Unauthorized", `${denied}|`, "unknown path with a token", "observed", "amazon-sp-api §8"],
  [
    "SPA-403-10",
    403,
    "MissingAuthenticationToken",
    denied,
    "unknown path or method without a token; a login call sent here",
    "observed",
    "amazon-sp-api §8"
  ],
  [
    "SPA-403-11",
    403,
    "Unauthorized",
    `${denied}|`,
    "marketplace in which the seller does not take part, or account inactive",
    "assumed",
    "amazon-sp-api §8"
  ],
  [
    "SPA-400-01",
    400,
    "InvalidInput",
    "Invalid Input|{name}",
    "bad parameters",
    "documented",
    "amazon-sp-api §8; details assumed"
  ],
  [
    "SPA-400-02",
    400,
    "InvalidInput",
    "Invalid Input|A user-agent header is required.",
    "no user agent",
    "assumed",
    "amazon-sp-api §7: rule noted, refusal unconfirmed"
  ],
  [
    "SPA-400-03",
    400,
    "InvalidInput",
    "Invalid Input|Not simulated: {name}",
    "a valid filter this simulator does not model",
    "assumed",
    "not a provider rule"
  ],
  [
    "SPA-404-01",
    404,
    "NotFound",
    "Resource not found|{name}",
    "unknown id",
    "documented",
    "amazon-sp-api §8: codes vary by API"
  ],
  [
    "SPA-429-01",
    429,
    "QuotaExceeded",
    "You exceeded your quota for the requested resource.|",
    "quota used up",
    "observed",
    "amazon-sp-api §8, §9"
  ]
])

const storage = rows("storage", [
  [
    "STO-403-01",
    403,
    "AccessDenied",
    "Request has expired",
    "link older than its life time",
    "observed",
    "object storage, presigned links"
  ],
  [
    "STO-403-02",
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided.",
    "altered link",
    "observed",
    "object storage, presigned links"
  ],
  [
    "STO-400-01",
    400,
    "InvalidArgument",
    "Only one auth mechanism allowed",
    "an Authorization header beside a presigned link",
    "observed",
    "object storage, presigned links"
  ],
  ["STO-404-01", 404, "NoSuchKey", "The specified key does not exist.", "unknown file", "observed", "object storage"]
])

/** Every refusal of the simulator. */
export const all: ReadonlyArray<Rule> = [
  ...login,
  ...redirects,
  ...pages,
  ...ads,
  ...sellingPartner,
  ...storage,
  ...rows("page", refusals.pages),
  ...rows("walmart-connect", refusals.connect),
  ...rows("walmart-marketplace", refusals.marketplace)
]

const byId = new Map(all.map((rule) => [rule.id, rule]))

/** The row with an id. A missing row is a defect of the simulator. */
export const get = (id: string): Rule => {
  const rule = byId.get(id)
  if (rule === undefined) throw new Error(`rule ${id} has no row`)
  return rule
}

/** The text of a row with its blank filled in. */
export const text = (rule: Rule, name = ""): string => rule.text.replace("{name}", () => name)
