/** Request-interception handlers for msw: the same simulator behind the real addresses. */
import { http } from "msw/http"
import * as Hosts from "./Hosts.ts"
import type { Simulator } from "./Simulator.ts"

const domains = [
  "amazon\\.(com|[a-z]{2}|co\\.[a-z]{2}|com\\.[a-z]{2})",
  "amazon\\.me",
  "vendorcentral\\.in",
  "amazonaws\\.com",
  "cloudfront\\.net",
  "walmart\\.(com|ca|cl)",
  "wal-mart\\.com",
  "walmart\\.com\\.mx",
  "walmartapis\\.com"
]
const providers = new RegExp(`^https?://([^/@]+\\.)?(${domains.join("|")})(:\\d+)?(/|$)`)

/**
 * Handlers for every simulated host. Any other request to a provider's domain fails with 502 `not_simulated` and stands
 * in the journal; none ever passes through to a real one. Requests to other hosts are not touched. (A network error
 * would say it louder, but msw 3.0.5 turns `HttpResponse.error()` into a hanging `fetch` on Node.)
 */
export const handlers = (simulator: Simulator) => [
  ...Hosts.all.map((host) => http.all(`https://${host}/*`, ({ request }) => simulator.fetch(request))),
  http.all(providers, ({ request }) => simulator.fetch(request))
]
