/** The words of the pages in `pages/marketplace`. */
import { html, type Markup } from "../../page/html.ts"

/** What a provider does. */
export interface Of {
  readonly provider: string
}

/** The words of this room. */
export const marketplace = {
  renewTitle: ({ provider }: Of) => `Renew a consent at ${provider}`,
  connectTitle: ({ provider }: Of) => `Connect a seller of ${provider}`,
  lead: ({ provider }: Of) =>
    `${provider} opened this page to finish a consent. Nothing changes until you go on, and the consent itself is ` +
    "given there.",
  seller: ({ provider }: Of) => `Seller, as ${provider} names it`,
  youWorkIn: "You work in",
  otherOrganization: "Work in another organization",
  draft: ({ provider }: Of) => `${provider} says that it tests an application that is not published yet.`,
  renews: "This seller is connected here, and the consent renews it.",
  chooseAccount: ({ organization }: { readonly organization: Markup }) =>
    html`No account of ${organization} is known to be this seller. Choose the account that the consent is for, or add
      it. If the seller belongs to another organization of yours, work in that one first.`,
  chooseUnnamed: "Which account is this consent for? Choose one of yours, or add it.",
  account: "Account",
  otherAccount: "It is for another account",
  noAccount: "No account could take the consent yet.",
  more: "There are more accounts than are listed here. Open the right one under Companies, and authenticate there.",
  addAccount: "Add this account",
  goOn: ({ provider }: Of) => `Go on to ${provider}`,
  chooseOne: "Choose an account first.",
  cannotBegin: "This consent cannot begin here",
  incomplete: ({ provider }: Of) => `What ${provider} sends along is missing or damaged, or it was sent long ago.`,
  foreignAddress: ({ provider }: Of) =>
    `The link would lead on to a page that is not ${provider}’s. Somebody else may have made it; nobody was sent ` +
    "there.",
  otherApplication: "The link is about an application that is not this one.",
  notOffered: "This installation takes no consents that begin there.",
  beginAgain: ({ provider }: Of) =>
    `Begin again at ${provider}, in the page where its applications are managed, or authenticate the account here.`
}
