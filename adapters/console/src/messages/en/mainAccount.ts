/** The words of the pages in `pages/mainAccount`. */
export const mainAccount = {}
