/** The words of the pages in `pages/start`. */
export const start = {}
