/** Request-interception handlers for msw: the same simulator behind the real addresses. */
import { http, HttpResponse } from "msw/http"
import * as Hosts from "./Hosts.ts"
import type { Simulator } from "./Simulator.ts"

const providers = /^https?:\/\/([^/@]+\.)?(amazon\.(com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})|amazon\.me|vendorcentral\.in|amazonaws\.com|cloudfront\.net|walmart\.(com|ca|cl)|walmart\.com\.mx|walmartapis\.com)(:\d+)?(\/|$)/

/**
 * Handlers for every simulated host. Any other request to a provider's domain fails as a network error; none ever passes
 * through to a real one. Requests to other hosts are not touched.
 */
export const handlers = (simulator: Simulator) => [
  ...Hosts.all.map((host) => http.all(`https://${host}/*`, ({ request }) => simulator.fetch(request))),
  http.all(providers, () => HttpResponse.error())
]
