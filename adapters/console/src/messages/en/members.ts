/** The words of the pages in `pages/members`. */
export const members = {}
