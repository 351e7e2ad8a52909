/** What makes a good client of Amazon's advertising, as situations and judgements of the journal. */
import { accounts } from "./accountRules.ts"
import { answers } from "./answerRules.ts"
import type { ClientRule } from "./ClientRule.ts"
import { consents } from "./consentRules.ts"
import { data } from "./dataRules.ts"
import { tokens } from "./tokenRules.ts"

/** Rules of the list that cannot be judged from outside with this driver, and why. */
export const unjudged: Readonly<Record<string, string>> = {
  "CLIENT-12": "steady work under a quota: the Ads API publishes none",
  "CLIENT-22": "signed requests: the Ads API has none",
  "CLIENT-23": "a grant that appears later: a matter of Walmart Connect"
}

/** The rules. */
export const rules: ReadonlyArray<ClientRule> = [...consents, ...tokens, ...answers, ...data, ...accounts]
