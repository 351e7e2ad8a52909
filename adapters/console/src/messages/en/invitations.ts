/** The words of the pages in `pages/invitations`. */
export const invitations = {}
