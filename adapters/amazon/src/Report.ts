/**
 * Fetches a finished report from the link that Amazon gave
 * (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started,
 * https://github.com/amzn/selling-partner-api-models).
 */
import { promisify } from "node:util"
import { gunzip } from "node:zlib"
import { Failure } from "@portolan/domain"
import { Effect } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import type { AmazonTransport } from "./Login.ts"
import type * as Settings from "./Settings.ts"

/** A report, unpacked. */
export interface Report {
  readonly bytes: Uint8Array
  /** From the content type, when it tells. */
  readonly charset?: string
}

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })

const tooLarge = (bytes: number) =>
  new Failure.RequestRefused({ detail: `the report is larger than ${bytes} bytes`, beyondRetention: false })

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

const unpack = promisify(gunzip)
const hasCode = (error: unknown): error is { readonly code: string } =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"

// The first two bytes decide, not what a field says: some transports have unpacked the body already.
const inflated = (bytes: Uint8Array, limit: number) => {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    return bytes.byteLength > limit ? Effect.fail(tooLarge(limit)) : Effect.succeed(bytes)
  }
  return Effect.tryPromise({
    try: (): Promise<Uint8Array> => unpack(bytes, { maxOutputLength: limit }),
    catch: (error) =>
      hasCode(error) && error.code === "ERR_BUFFER_TOO_LARGE"
        ? tooLarge(limit)
        : failed("the report's compression is broken")
  })
}

/**
 * Downloads and unpacks. No Amazon header goes along, because the link carries its own signature. A refusal means that
 * the link is over; asking for the report again gives a new one.
 */
export const download = ({ settings, wire }: AmazonTransport) =>
  Effect.fnUntraced(function* (link: string) {
    if (!mayFetch(settings, link)) return yield* failed("the report's link leads to a host that is not allowed")
    const whole = yield* wire
      .download(HttpClientRequest.get(link))
      .pipe(Effect.catchTag("TooLarge", ({ limit }) => Effect.fail(tooLarge(limit))))
    if (whole.status !== 200) return yield* failed(`the report's link answered with status ${whole.status}`)
    const bytes = yield* inflated(whole.bytes, settings.limits.reportBytes)
    const charset = /;\s*charset="?([A-Za-z0-9_:.-]{1,40})/i.exec(whole.headers["content-type"] ?? "")?.[1]
    const report: Report = charset === undefined ? { bytes } : { bytes, charset }
    return report
  })
