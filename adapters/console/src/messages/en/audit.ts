/** The words of the pages in `pages/audit`. */
export const audit = {}
