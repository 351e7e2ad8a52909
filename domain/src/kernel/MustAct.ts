/** Who must act, so that a page can name them. */
export type MustAct = "nobody" | "member" | "account-owner" | "operator"
