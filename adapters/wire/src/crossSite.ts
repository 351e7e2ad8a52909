/**
 * The one check against cross-site request forgery, for adapters that take requests of browsers. A session cookie
 * travels with every request of a browser, also with those that another site makes it send.
 */

/** Methods that change nothing (RFC 9110, section 9.2.1: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"])

/**
 * Whether a request would change something and does not prove that a page of `origin` sent it. `Sec-Fetch-Site` counts
 * where it is sent, because the browser writes it and pages cannot (https://www.w3.org/TR/fetch-metadata/); older
 * browsers send `Origin`.
 */
export const isCrossSiteWrite = (
  { headers, method }: { readonly headers: Headers; readonly method: string },
  origin: string
): boolean => {
  if (safeMethods.has(method)) return false
  const site = headers.get("sec-fetch-site")
  return site === null ? headers.get("origin") !== origin : site !== "same-origin"
}
