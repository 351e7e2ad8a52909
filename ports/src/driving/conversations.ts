import { Layer } from "effect"
import { AccessTokens } from "./tokens/AccessTokens.ts"
import { Accounts } from "./accounts/Accounts.ts"
import { Advertisers } from "./advertisers/Advertisers.ts"
import { ApiKeys } from "./organizations/ApiKeys.ts"
import { Audit } from "./overview/Audit.ts"
import { AuthLinks } from "./authorizations/AuthLinks.ts"
import { Callers } from "./organizations/Callers.ts"
import { Companies } from "./accounts/Companies.ts"
import { Connecting } from "./authorizations/Connecting.ts"
import { Connections } from "./connections/Connections.ts"
import { Consolidations } from "./overview/Consolidations.ts"
import { Diagnoses } from "./overview/Diagnoses.ts"
import { Directory } from "./advertisers/Directory.ts"
import { EventFeed } from "./overview/EventFeed.ts"
import { Grants } from "./tokens/Grants.ts"
import { Members } from "./organizations/Members.ts"
import { Organizations } from "./organizations/Organizations.ts"
import { PendingAuthorizations } from "./authorizations/PendingAuthorizations.ts"
import { Requests } from "./requests/Requests.ts"
import { SigningUp } from "./organizations/SigningUp.ts"
import { Work } from "./work/Work.ts"

/** Every conversation, over whatever adapters provide the driven ports. */
export const conversations = Layer.mergeAll(
  Accounts.layer,
  Advertisers.layer,
  ApiKeys.layer,
  Audit.layer,
  AuthLinks.layer,
  Callers.layer,
  Companies.layer,
  Connecting.layer,
  Connections.layer,
  Consolidations.layer,
  Diagnoses.layer,
  Directory.layer,
  EventFeed.layer,
  Grants.layer,
  Members.layer,
  Organizations.layer,
  PendingAuthorizations.layer,
  Requests.layer,
  SigningUp.layer,
  Work.layer
).pipe(Layer.provideMerge(AccessTokens.layer))
