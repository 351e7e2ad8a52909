/** The words of the pages in `pages/lifecycle`. */
export const lifecycle = {}
