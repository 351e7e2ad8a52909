/** What is around every page: navigation, error pages, labels. */
export const page = {}
