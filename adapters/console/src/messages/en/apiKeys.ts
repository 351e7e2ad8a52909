/** The words of the pages in `pages/apiKeys`. */
export const apiKeys = {}
