/** English, the default language: all sentences by key. Each part holds the sentences of one subject. */
import { accounts } from "./en/accounts.ts"
import { api } from "./en/api.ts"
import { authorizations } from "./en/authorizations.ts"
import { checks } from "./en/checks.ts"
import { connections } from "./en/connections.ts"
import { emails } from "./en/emails.ts"
import { errors } from "./en/errors.ts"
import { evidence } from "./en/evidence.ts"
import { labels } from "./en/labels.ts"
import { mail } from "./en/mail.ts"
import { mainAccount } from "./en/mainAccount.ts"
import { organizations } from "./en/organizations.ts"
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
  ...checks,
  ...connections,
  ...emails,
  ...errors,
  ...evidence,
  ...labels,
  ...mail,
  ...mainAccount,
  ...organizations,
  ...providers,
  ...requests,
  ...tokens
}
