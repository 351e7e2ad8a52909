/** The words of the pages in `pages/countries`. */
export const countries = {}
