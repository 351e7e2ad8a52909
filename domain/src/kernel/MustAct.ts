/** Who has to do something, so that a page can say whom to turn to. */
export type MustAct = "nobody" | "member" | "account-owner" | "operator"
