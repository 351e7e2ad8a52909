/** The words of the pages in `pages/sharedPlan`. */
export const sharedPlan = {}
