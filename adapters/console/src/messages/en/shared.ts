/** What several pages say. */
export const shared = {}
