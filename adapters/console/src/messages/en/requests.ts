/** The words of the pages in `pages/requests`. */
export const requests = {}
