/** Why there is no access token at the moment, or no more. */
export const tokens = {
  "token.refused-twice": ({ detail }: { detail: string }) => `a fresh access token was refused: ${detail}`,
  "token.loss-not-recorded": "the provider refused the consent, and that could not be put on record yet",
  "token.process-stopping": "the process is stopping",
  "token.refreshed-elsewhere": "another worker took this refresh over",
  "token.refresh-timed-out": "the token endpoint did not answer in time",
  "token.refresh-stuck": "another worker is refreshing this grant for too long",
  "token.grant-ended": ({ end }: { end: string }) => `the grant ended: ${end}`,
  "token.forgotten": "its tokens were forgotten"
}
