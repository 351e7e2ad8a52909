/**
 * The words of the console in English, a record a room. Text is plain, or a function of named parameters. It gives
 * text, or `Markup` where the words of a person or a link stand inside a sentence.
 */
import { accounts } from "./en/accounts.ts"
import { advertisers } from "./en/advertisers.ts"
import { apiKeys } from "./en/apiKeys.ts"
import { applicationSecrets } from "./en/applicationSecrets.ts"
import { audit } from "./en/audit.ts"
import { authorizations } from "./en/authorizations.ts"
import { campaigns } from "./en/campaigns.ts"
import { companies } from "./en/companies.ts"
import { connections } from "./en/connections.ts"
import { consents } from "./en/consents.ts"
import { countries } from "./en/countries.ts"
import { diagnosis } from "./en/diagnosis.ts"
import { freshness } from "./en/freshness.ts"
import { guests } from "./en/guests.ts"
import { history } from "./en/history.ts"
import { invitations } from "./en/invitations.ts"
import { lifecycle } from "./en/lifecycle.ts"
import { mailbox } from "./en/mailbox.ts"
import { mailPreferences } from "./en/mailPreferences.ts"
import { mainAccount } from "./en/mainAccount.ts"
import { marketplace } from "./en/marketplace.ts"
import { members } from "./en/members.ts"
import { operator } from "./en/operator.ts"
import { operatorTokens } from "./en/operatorTokens.ts"
import { organizations } from "./en/organizations.ts"
import { page } from "./en/page.ts"
import { renewals } from "./en/renewals.ts"
import { requests } from "./en/requests.ts"
import { reuseConsent } from "./en/reuseConsent.ts"
import { shared } from "./en/shared.ts"
import { sharedPlan } from "./en/sharedPlan.ts"
import { signIn } from "./en/signIn.ts"
import { signUp } from "./en/signUp.ts"
import { start } from "./en/start.ts"

/** Every word of a page, by room and key. */
export const en = {
  accounts,
  advertisers,
  apiKeys,
  applicationSecrets,
  audit,
  authorizations,
  campaigns,
  companies,
  connections,
  consents,
  countries,
  diagnosis,
  freshness,
  guests,
  history,
  invitations,
  lifecycle,
  mailbox,
  mailPreferences,
  mainAccount,
  marketplace,
  members,
  operator,
  operatorTokens,
  organizations,
  page,
  renewals,
  requests,
  reuseConsent,
  shared,
  sharedPlan,
  signIn,
  signUp,
  start
}

/** What a language says: another language is another value of this type. */
export type ConsoleWords = typeof en
