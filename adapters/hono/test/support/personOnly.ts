/** The operations that no key may do, however strong; people do them in tests of their own. */
export const personOnly: ReadonlyArray<string> = [
  "getCalendarFeed",
  "openCalendarFeed",
  "closeCalendarFeed",
  "offerOwnership",
  "callOffOwnership",
  "acceptOwnership",
  "declineOwnership",
  "leaveOrganization",
  "getClosingEffects",
  "closeOrganization",
  "getMailPreferences",
  "changeMailPreferences"
]
