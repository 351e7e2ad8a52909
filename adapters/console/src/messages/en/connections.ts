/** The words of the pages in `pages/connections`. */
export const connections = {}
