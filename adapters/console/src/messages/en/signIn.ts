/** The words of the pages in `pages/signIn`. */
export const signIn = {}
