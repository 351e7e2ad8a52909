/** What several pages say. */
export const shared = {
  account: "Account",
  accountType: "Account type",
  closePage: "You can close this page.",
  company: "Company",
  continueTo: ({ provider }: { readonly provider: string }) => `Continue to ${provider}`,
  marketplace: "Marketplace",
  requestToConnect: "Request to connect",
  sentTo: "Sent to"
}
