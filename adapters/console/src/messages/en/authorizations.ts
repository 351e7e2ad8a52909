/** The words of the pages in `pages/authorizations`. */
export const authorizations = {}
