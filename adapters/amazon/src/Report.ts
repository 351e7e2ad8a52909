/**
 * Fetches a finished report from the link that Amazon gave
 * (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started,
 * https://github.com/amzn/selling-partner-api-models).
 */
import { Download } from "@portolan/wire"
import * as Hosts from "./Hosts.ts"
import type { AmazonTransport } from "./Login.ts"
import type * as Settings from "./Settings.ts"

/**
 * Whether a link may be fetched at all: https to one of the allowed hosts or below, or the origin that an operator gave
 * for Amazon's own hosts. An answer must not be able to send this process to other machines of the operator's network.
 */
export const mayFetch = (settings: Settings.Resolved, link: string): boolean => {
  if (!URL.canParse(link)) return false
  const url = new URL(link)
  if (url.username !== "" || url.password !== "") return false
  if (url.protocol === "https:" && url.port === "") {
    const allowed = settings.assumptions.downloadHosts.some(
      (host) => url.hostname === host || url.hostname.endsWith(`.${host}`)
    )
    if (allowed) return true
  }
  return [...Object.values(Hosts.ads), ...Object.values(Hosts.sellingPartner)].some(
    (host) => settings.address(host) !== `https://${host}` && new URL(settings.address(host)).origin === url.origin
  )
}

/**
 * Downloads and unpacks. No Amazon header goes along, because the link carries its own signature. A refusal means that
 * the link is over; asking for the report again gives a new one.
 */
export const download = ({ settings, wire }: AmazonTransport) =>
  Download.download({ wire, mayFetch: (link) => mayFetch(settings, link), reportBytes: settings.limits.reportBytes })
