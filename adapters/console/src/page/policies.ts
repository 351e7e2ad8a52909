/** Content security policies of pages. */

const policy = (formAction: string) =>
  `default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'${formAction}`

/** For pages whose forms stay here. */
export const strictPolicy = policy("; form-action 'self'")

/**
 * For pages with a form that is answered by a redirect to the provider: browsers apply `form-action` to redirects too,
 * and the provider's address depends on marketplace and account type.
 */
export const providerRedirectPolicy = policy("")
