/** Incidents: trouble that many share. */
export const incidents = {
  "incident.application-rejected": "the provider rejects our application",
  "incident.refused-for-many": "permission is refused to many at once",
  "incident.fresh-token-refused": "new access tokens are refused to many",
  "incident.outage": "the provider does not answer",
  "incident.mass-withdrawal": "consents of many organizations are refused at once",
  "incident.place": ({ channel, region }: { channel: string; region: string }) => `${channel}, ${region}`,
  "incident.title": ({ place, what }: { place: string; what: string }) => `${place}: ${what}`,
  "incident.over-title": ({ title }: { title: string }) => `Over: ${title}`,
  "incident.nobody-blamed":
    "No customer is blamed and none has to act: connections keep their state, and work waits until it is over.",
  "incident.replace-secret":
    "Check the client id and the secret of this installation with the provider; a secret that has expired or was " +
    "rotated has to be replaced in the settings.",
  "incident.check-approval":
    "Check with the provider that this application is approved for these calls, and whether the provider reports " +
    "trouble.",
  "incident.ask-provider":
    "Check whether the provider reports trouble. When it does not, ask its support with the words above.",
  "incident.watch-provider": "The provider has to act. Check whether it reports trouble.",
  "incident.known-at-provider": ({ provider }: { provider: string }) =>
    `Known trouble at ${provider}: many accounts meet it at once. Nobody of you has to act; work goes on by itself.`,
  "incident.known-here": ({ provider }: { provider: string }) =>
    `Known trouble between this installation and ${provider}. Its operators have been told and have to act, not you; ` +
    "the work waits and goes on by itself.",
  "incident.met": ({ accounts, grants, organizations }: { accounts: number; grants: number; organizations: number }) =>
    `Accounts behind it: ${accounts}. Consents seen to be refused so far: ${grants}, of ${organizations} ` +
    "organizations.",
  "incident.words": ({ detail }: { detail: string }) => `The provider's last words: ${detail}`,
  "incident.since": ({ at }: { at: string }) => `Since ${at}.`,
  "incident.healed": "It works again, and work that waited goes on.",
  "incident.quiet": "Nobody has met it for a long time. It counts as over.",
  "incident.believed":
    "It lasted so long that the refusals are believed: from now on each connection is judged by its own.",
  "incident.by-operator": "An operator closed it.",
  "incident.nothing-met": "Nothing to do: no such trouble was ever met.",
  "incident.wait-or-close": "Wait until it heals by itself, or close it.",
  "incident.held-back": ({ detail, what }: { detail: string; what: string }) =>
    `Known trouble, ${what}: ${detail} It is tried again by itself.`
}
