/** English, the default language: all sentences by key. Each part holds the sentences of one subject. */
import { accounts } from "./en/accounts.ts"
import { api } from "./en/api.ts"
import { authorizations } from "./en/authorizations.ts"
import { catalogues } from "./en/catalogues.ts"
import { checks } from "./en/checks.ts"
import { connections } from "./en/connections.ts"
import { emails } from "./en/emails.ts"
import { errors } from "./en/errors.ts"
import { evidence } from "./en/evidence.ts"
import { identity } from "./en/identity.ts"
import { incidents } from "./en/incidents.ts"
import { inputs } from "./en/inputs.ts"
import { labels } from "./en/labels.ts"
import { mainAccount } from "./en/mainAccount.ts"
import { notices } from "./en/notices.ts"
import { organizations } from "./en/organizations.ts"
import { pages } from "./en/pages.ts"
import { providers } from "../providers/en.ts"
import { requests } from "./en/requests.ts"
import { shared } from "./en/shared.ts"
import { tokens } from "./en/tokens.ts"

/** English. Text that depends on something is a function of it; its parameters are part of the key's meaning. */
export const en = {
  ...shared,
  ...accounts,
  ...api,
  ...authorizations,
  ...catalogues,
  ...checks,
  ...connections,
  ...emails,
  ...errors,
  ...evidence,
  ...identity,
  ...incidents,
  ...inputs,
  ...labels,
  ...mainAccount,
  ...notices,
  ...organizations,
  ...pages,
  ...providers,
  ...requests,
  ...tokens
}
