/** The words of the page in `pages/mailPreferences`. */

/** What the page says on which a person chooses when they get mails. */
export const mailPreferences = {
  title: "Mails to you",
  lead: ({ email }: { readonly email: string }) => `When updates go to ${email}.`,
  kinds: { problems: "Somebody must act", requests: "Your requests to connect", progress: "It went well" },
  hints: {
    problems: "A consent is lost, data is late, or something waits for a choice.",
    requests: "An owner connected, objected, or has not answered.",
    progress: "An account is connected, loaded or in sync."
  },
  timings: { "at-once": "At once", daily: "Once a day", never: "Never" },
  explained: ({ hour, minutes }: { readonly hour: string; readonly minutes: number }) =>
    "A mail at once waits some seconds for what else happens. Mails about what went well come at most " +
    `every ${minutes} minutes. The daily mail goes out at ${hour} in your time zone.`,
  timeZone: "Your time zone",
  timeZoneHint: "By its name: the region, and a large city in it.",
  wrongTimeZone: "Choose your time zone from the list.",
  always:
    "Consents that end come as one list with the daily mail, as soon as somebody should act. " +
    "Mails about signing in, passwords, invitations and the ownership always come at once. So do requests that are " +
    "addressed to you.",
  saved: "Your choice is saved",
  wrongChoice: "Choose when you get mails for each kind of update."
}
