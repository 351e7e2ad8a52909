/** The words of the pages in `pages/accounts`. */
export const accounts = {}
