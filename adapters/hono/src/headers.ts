/** Headers of every answer. Set answer by answer, so that other apps mounted beside this one keep their own. */

/** Nothing in an answer of this API is to be run, framed or sniffed (OWASP REST security). */
const fixed: ReadonlyArray<readonly [string, string]> = [
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "same-origin"]
]

/** What a page without scripts, frames and outside assets needs; JSON needs nothing at all. */
export const nothingRuns = "default-src 'none'; frame-ancestors 'none'"

/** Adds what every answer carries. A policy that is set already stays. */
export const secured = (response: Response, origin: string): Response => {
  for (const [name, value] of fixed) response.headers.set(name, value)
  if (!response.headers.has("content-security-policy")) response.headers.set("content-security-policy", nothingRuns)
  // RFC 6797: meaningful over https only.
  if (origin.startsWith("https:")) response.headers.set("strict-transport-security", "max-age=31536000")
  return response
}
