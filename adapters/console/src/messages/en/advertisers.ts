/** The words of the pages in `pages/advertisers`. */
export const advertisers = {}
