/** The words of the pages in `pages/mailbox`. */
export const mailbox = {}
