/** The words of the pages in `pages/campaigns`. */
export const campaigns = {}
