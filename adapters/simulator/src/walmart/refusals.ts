/** Refusals of Walmart, as rows of the rule table (see Rule.ts for what the columns mean). */
import type { Row } from "../Rule.ts"

const unauthorized =
  'Unauthorized token or incorrect authorization header. Please verify correct format: "Authorization: Basic ' +
  'Base64Encode(clientId:clientSecret)" For more information, see ' +
  "https://developer.walmart.com/#/apicenter/marketPlace/latest#apiAuthentication."

/** Walmart Connect: statuses from its table, codes from the Display API's list, texts ours. */
export const connect: ReadonlyArray<Row> = [
  [
    "WMC-403-01",
    403,
    "MISSING_ACCESS_TOKEN",
    "The Authorization header is missing.",
    "no bearer token",
    "documented",
    "walmart B7; body shape unconfirmed"
  ],
  [
    "WMC-403-02",
    403,
    "INVALID_AUTH_TOKEN",
    "The auth token is not valid.",
    "a bearer token that is not this partner's",
    "documented",
    "walmart B7; body shape unconfirmed"
  ],
  [
    "WMC-403-03",
    403,
    "MISSING_AUTH_FIELD",
    "The header {name} is missing.",
    "consumer id, signature, key version, timestamp or correlation id missing",
    "documented",
    "walmart B2, B7; body shape unconfirmed"
  ],
  [
    "WMC-403-04",
    403,
    "USER_AUTHENTICATION_ERROR",
    "Unauthorized, invalid credentials.",
    "unknown consumer id",
    "assumed",
    "walmart B7: status documented"
  ],
  [
    "WMC-403-05",
    403,
    "USER_AUTHENTICATION_ERROR",
    "The signature could not be verified.",
    "signature not over consumer id, timestamp and key version, or by another key",
    "assumed",
    "walmart B3, B7: status documented"
  ],
  [
    "WMC-403-06",
    403,
    "USER_AUTHENTICATION_ERROR",
    "The timestamp is outside the allowed window.",
    "WM_CONSUMER.intimestamp unreadable, or too far from the provider's clock",
    "assumed",
    "walmart B3: 180 s on the sister gateway"
  ],
  [
    "WMC-403-07",
    403,
    "USER_AUTHENTICATION_ERROR",
    "The key version is not known.",
    "a key version without a public key",
    "assumed",
    "walmart B3"
  ],
  [
    "WMC-403-08",
    403,
    "USER_AUTHENTICATION_ERROR",
    "Authentication failed for advertiser {name}.",
    "no access row: never granted, removed, unknown, or of another market",
    "documented",
    "walmart B4, B7; body shape unconfirmed"
  ],
  [
    "WMC-403-09",
    403,
    "USER_ACCESS_PERMISSIONS_ERROR",
    "The advertiser granted read access only.",
    "a write with read access",
    "assumed",
    "walmart B7, B8: code documented, status and body unconfirmed"
  ],
  [
    "WMC-403-10",
    403,
    "USER_ACCESS_PERMISSIONS_ERROR",
    "This partner may only read reports.",
    "a write of a reporting-only partner",
    "assumed",
    "walmart B4: rule documented, answer unconfirmed"
  ],
  ["WMC-400-01", 400, "INVALID_REQUEST_BODY", "{name}", "malformed request", "documented", "walmart B7; texts assumed"],
  [
    "WMC-400-02",
    400,
    "INVALID_ADVERTISER_ID",
    "The advertiser id is missing or not a number.",
    "advertiserId missing or not digits",
    "documented",
    "walmart B7"
  ],
  [
    "WMC-400-03",
    400,
    "INVALID_REQUEST_BODY",
    "The tenant {name} is not known.",
    "unknown wap-tenant-id",
    "assumed",
    "walmart B2"
  ],
  [
    "WMC-400-04",
    400,
    "INVALID_REQUEST_BODY",
    "{name}",
    "a report window that is not allowed: today or later, before the last 90 days, both forms of dates, dates where " +
      "none belong",
    "assumed",
    "walmart B6: rules documented, status unconfirmed"
  ],
  [
    "WMC-404-01",
    404,
    "NOT_FOUND",
    "No such resource.",
    "unknown path, or a method it does not take",
    "documented",
    "walmart B7; body unconfirmed"
  ],
  [
    "WMC-404-02",
    404,
    "NOT_FOUND",
    "No such snapshot or file.",
    "unknown, foreign or expired snapshot or file",
    "assumed",
    "walmart B6"
  ],
  [
    "WMC-404-03",
    404,
    "NOT_FOUND",
    "No such campaign.",
    "a campaign id that is not the advertiser's",
    "documented",
    "walmart B7; body unconfirmed"
  ],
  [
    "WMC-422-01",
    422,
    "UNPROCESSABLE",
    "{name}",
    "a report type that this kind of advertiser does not have",
    "assumed",
    "walmart B7: status documented"
  ],
  [
    "WMC-429-01",
    429,
    "TOO_MANY_REQUESTS",
    "Too many calls in this hour. Try again in 10 minutes.",
    "the hour's budget of calls and changed objects is used up",
    "documented",
    "walmart B7; body and numbers not published"
  ]
]

/** Walmart Marketplace: codes from Walmart's table, texts where recorded. */
export const marketplace: ReadonlyArray<Row> = [
  [
    "WMP-TOK-01",
    401,
    "UNAUTHORIZED.GMP_GATEWAY_API",
    `Unauthorized|${unauthorized}`,
    "no basic authentication, unknown client or wrong secret",
    "observed",
    "walmart A5"
  ],
  [
    "WMP-TOK-02",
    400,
    "MISSING_REQUEST_HEADER.GMP_GATEWAY_API",
    "Missing request header|{name}",
    "WM_SVC.NAME, WM_QOS.CORRELATION_ID or WM_PARTNER.ID missing",
    "documented",
    "walmart A3, A5; suffix and text unconfirmed"
  ],
  [
    "WMP-TOK-03",
    400,
    "INVALID_REQUEST_HEADER.GMP_GATEWAY_API",
    "Invalid request header|{name}",
    "another service name, or WM_PARTNER.ID of another seller",
    "documented",
    "walmart A3, A5; suffix and text unconfirmed"
  ],
  [
    "WMP-TOK-04",
    415,
    "UNSUPPORTED_MEDIA_TYPE.GMP_GATEWAY_API",
    "Unsupported media type",
    "body is not a form",
    "documented",
    "walmart A3, A5; text unconfirmed"
  ],
  [
    "WMP-TOK-05",
    400,
    "MISSING_REQUEST_PARAM.GMP_GATEWAY_API",
    "Missing request parameter|{name}",
    "a field of the form is missing",
    "documented",
    "walmart A5; text unconfirmed"
  ],
  [
    "WMP-TOK-06",
    400,
    "INVALID_REQUEST_PARAM.GMP_GATEWAY_API",
    "Invalid request parameter|grant_type",
    "unknown grant type",
    "documented",
    "walmart A3, A5; text unconfirmed"
  ],
  [
    "WMP-TOK-07",
    400,
    "INVALID_TOKEN.GMP_GATEWAY_API",
    "Invalid Token",
    "unknown code, or another application's",
    "assumed",
    "walmart A2: no source"
  ],
  [
    "WMP-TOK-08",
    400,
    "INVALID_TOKEN.GMP_GATEWAY_API",
    "Invalid Token",
    "code too old",
    "assumed",
    "walmart A2: life time unconfirmed"
  ],
  [
    "WMP-TOK-09",
    400,
    "INVALID_TOKEN.GMP_GATEWAY_API",
    "Invalid Token",
    "code used before",
    "assumed",
    "RFC 6749 section 4.1.2"
  ],
  [
    "WMP-TOK-10",
    400,
    "INVALID_REQUEST_PARAM.GMP_GATEWAY_API",
    "Invalid request parameter|redirect_uri",
    "another redirect address than at consent",
    "assumed",
    "RFC 6749 section 4.1.3"
  ],
  [
    "WMP-TOK-11",
    400,
    "INVALID_TOKEN.GMP_GATEWAY_API",
    "Invalid Token",
    "unknown or damaged refresh token, or another application's",
    "assumed",
    "walmart A5: status and body unconfirmed"
  ],
  [
    "WMP-TOK-12",
    400,
    "INVALID_TOKEN.GMP_GATEWAY_API",
    "Invalid Token",
    "the seller removed the application",
    "assumed",
    "walmart A5: status and body unconfirmed"
  ],
  [
    "WMP-TOK-13",
    400,
    "INVALID_TOKEN.GMP_GATEWAY_API",
    "Invalid Token",
    "refresh token older than a year",
    "assumed",
    "walmart A3, A5: life documented, answer unconfirmed"
  ],
  [
    "WMP-401-01",
    401,
    "UNAUTHORIZED.GMP_GATEWAY_API",
    `Unauthorized|${unauthorized}`,
    "no WM_SEC.ACCESS_TOKEN; a bearer header does not count",
    "observed",
    "walmart A4, A5"
  ],
  [
    "WMP-401-02",
    401,
    "INVALID_TOKEN.GMP_GATEWAY_API",
    "Invalid Token",
    "access token older than 900 seconds, revoked or damaged",
    "observed",
    "walmart A5: 400 in former years"
  ],
  [
    "WMP-400-01",
    400,
    "MISSING_REQUEST_HEADER.GMP_GATEWAY_API",
    "Missing request header|{name}",
    "service name or correlation id missing",
    "documented",
    "walmart A4, A5; text unconfirmed"
  ],
  [
    "WMP-400-02",
    400,
    "INVALID_REQUEST_HEADER.GMP_GATEWAY_API",
    "Invalid request header|{name}",
    "another service name, or a WM_MARKET that is not the seller's",
    "assumed",
    "walmart A4: answer unconfirmed"
  ],
  [
    "WMP-400-03",
    400,
    "INVALID_REQUEST_PARAM.GMP_GATEWAY_API",
    "Invalid request parameter|{name}",
    "bad parameter",
    "documented",
    "walmart A5; text unconfirmed"
  ],
  [
    "WMP-400-04",
    400,
    "INVALID_REQUEST_PARAM.GMP_GATEWAY_API",
    "Not simulated|{name}",
    "a valid filter this simulator does not model",
    "assumed",
    "not a provider rule"
  ],
  [
    "WMP-403-01",
    403,
    "FORBIDDEN.GMP_GATEWAY_API",
    "Forbidden|{name}",
    "the consent lacks the scope, or the token stands for no seller",
    "documented",
    "walmart A5; suffix unconfirmed"
  ],
  [
    "WMP-404-01",
    404,
    "CONTENT_NOT_FOUND.GMP_GATEWAY_API",
    "Content not found|{name}",
    "unknown sku",
    "documented",
    "walmart A5; suffix and text unconfirmed"
  ],
  [
    "WMP-404-02",
    404,
    "URI_NOT_FOUND.GMP_GATEWAY_API",
    "URI not found",
    "unknown path",
    "documented",
    "walmart A5; suffix and text unconfirmed"
  ],
  [
    "WMP-405-01",
    405,
    "METHOD_NOT_ALLOWED.GMP_GATEWAY_API",
    "Method not allowed",
    "a known path with another method",
    "documented",
    "walmart A5; suffix and text unconfirmed"
  ],
  [
    "WMP-429-01",
    429,
    "REQUEST_THRESHOLD_VIOLATED.GMP_GATEWAY_API",
    "Request threshold violated",
    "the bucket of this seller and endpoint is empty",
    "documented",
    "walmart A5, A6; suffix and text unconfirmed"
  ]
]

/** The login page of marketplace sellers and the advertising console. */
export const pages: ReadonlyArray<Row> = [
  [
    "WML-AUT-01",
    400,
    "unknown client",
    "This application is not known.",
    "clientId missing or unknown",
    "assumed",
    "walmart A2: page unconfirmed"
  ],
  [
    "WML-AUT-02",
    400,
    "redirectUri",
    "The return address is not the application's Auth Callback URL.",
    "redirectUri missing or not registered byte for byte",
    "assumed",
    "walmart A2: page unconfirmed"
  ],
  [
    "WML-AUT-03",
    400,
    "responseType",
    "responseType must be code.",
    "responseType missing or another",
    "assumed",
    "walmart A2: page unconfirmed"
  ],
  [
    "WML-AUT-04",
    400,
    "nonce",
    "The nonce is missing or was used before.",
    "no nonce, or one that gave a code already",
    "assumed",
    "walmart A2: mandatory and one-time; page unconfirmed"
  ],
  [
    "WML-AUT-05",
    400,
    "clientType",
    "clientType must be seller, seller-ca or seller-mx.",
    "clientType missing or unknown",
    "assumed",
    "walmart A2: page unconfirmed"
  ],
  [
    "WML-AUT-06",
    400,
    "parameter names",
    "This page takes clientId, redirectUri and responseType, not the names with underscores.",
    "parameters in the wrong case",
    "assumed",
    "walmart A2: camel case documented, page unconfirmed"
  ],
  [
    "WML-AUT-07",
    400,
    "too long",
    "A field of this request is too long.",
    "a query over 8 KiB, or a state or nonce over 2,048 characters",
    "assumed",
    "no source"
  ],
  [
    "WML-NONE",
    403,
    "no seller account",
    "You cannot let an application in: you are not the administrator of an active seller account in this market.",
    "no active seller account of this market with the person as its administrator",
    "assumed",
    "walmart A2: no source"
  ],
  [
    "WMA-NONE",
    403,
    "no advertiser",
    "You have no access to this advertising account.",
    "the person has no part in the advertiser, or it does not exist",
    "assumed",
    "walmart B4"
  ],
  [
    "WMA-ADMIN",
    403,
    "not an account admin",
    "Only an account admin can add, change or remove API partners.",
    "a change by somebody who is not an account admin",
    "documented",
    "walmart B4, W-R1"
  ],
  [
    "WMA-LIMIT",
    400,
    "ten partners",
    "This advertiser has ten API partners already. Remove one before you add another.",
    "an eleventh partner",
    "documented",
    "walmart B4"
  ],
  [
    "WMA-TWICE",
    400,
    "already a partner",
    "This API partner has been added already. Change its access type instead.",
    "a partner that is in the list already",
    "assumed",
    "walmart B4"
  ],
  [
    "WMA-FORM",
    400,
    "incomplete form",
    "Choose a partner and an access type.",
    "an unknown partner, access type or action, or a partner that is not in the list",
    "assumed",
    "no source"
  ]
]
