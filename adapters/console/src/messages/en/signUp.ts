/** The words of the pages in `pages/signUp`. */
export const signUp = {}
