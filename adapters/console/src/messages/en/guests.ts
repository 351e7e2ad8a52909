/** The words of the pages in `pages/guests`. */
export const guests = {}
