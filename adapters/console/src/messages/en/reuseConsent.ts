/** The words of the pages in `pages/reuseConsent`. */
export const reuseConsent = {}
