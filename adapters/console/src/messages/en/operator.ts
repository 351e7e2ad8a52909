/** The words of the pages in `pages/operator`. */
export const operator = {}
