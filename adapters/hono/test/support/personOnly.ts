/** The operations that no key may do, however strong; people do them in tests of their own. */
export const personOnly: ReadonlyArray<string> = [
  "getClosingEffects",
  "closeOrganization",
  "offerOwnership",
  "callOffOwnership",
  "acceptOwnership",
  "declineOwnership",
  "leaveOrganization",
  "getMailPreferences",
  "changeMailPreferences"
]
