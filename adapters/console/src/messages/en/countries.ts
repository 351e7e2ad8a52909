/** The words of the pages in `pages/countries`. */
export const countries = {
  titles: {
    "already-there": ({ country }: { readonly country: string }) => `${country} belongs to this account already`,
    "add-marketplace": ({ country }: { readonly country: string }) => `${country} joins this account`,
    "add-account": ({ country }: { readonly country: string }) => `${country} needs an account of its own`,
    impossible: ({ country }: { readonly country: string }) => `${country} is not possible for this account`
  },
  add: ({ country }: { readonly country: string }) => `Add ${country}`,
  authorizeOnce: "After that it has to be authorized once.",
  chooseProfile: "After that you choose its profile; nobody has to go to the provider again when the consent lists it.",
  newAccount: "New account in the same company",
  title: "Add a country",
  seeNeeds: "See what it needs",
  lead:
    "A country of the same region and kind joins the account, where the provider treats it as the same seller. " +
    "We look, and say why."
}
