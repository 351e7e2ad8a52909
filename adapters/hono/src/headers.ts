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

/** What every answer carries; an answer that runs something has a policy of its own. */
export const securityHeaders = (origin: string): { readonly [name: string]: string } => ({
  ...Object.fromEntries(fixed),
  "content-security-policy": nothingRuns,
  // RFC 6797: meaningful over https only.
  ...(origin.startsWith("https:") ? { "strict-transport-security": "max-age=31536000" } : {})
})

/** Adds what every answer carries. A policy that is set already stays. */
export const secured = (response: Response, security: ReturnType<typeof securityHeaders>): Response => {
  const policy = response.headers.get("content-security-policy")
  for (const [name, value] of Object.entries(security)) response.headers.set(name, value)
  if (policy !== null) response.headers.set("content-security-policy", policy)
  return response
}
