/** The words of the pages in `pages/consents`. */
export const consents = {}
