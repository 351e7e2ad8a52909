/** The words of the pages in `pages/companies`. */
export const companies = {}
