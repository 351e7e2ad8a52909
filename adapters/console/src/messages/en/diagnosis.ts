/** The words of the pages in `pages/diagnosis`. */
export const diagnosis = {}
