/** The words of the pages in `pages/organizations`. */
export const organizations = {}
