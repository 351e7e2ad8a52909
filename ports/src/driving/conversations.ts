import { Layer } from "effect"
import { AccessTokens } from "./AccessTokens.ts"
import { Accounts } from "./Accounts.ts"
import { Advertisers } from "./Advertisers.ts"
import { ApiKeys } from "./ApiKeys.ts"
import { Audit } from "./Audit.ts"
import { AuthLinks } from "./AuthLinks.ts"
import { Callers } from "./Callers.ts"
import { Companies } from "./Companies.ts"
import { Connecting } from "./Connecting.ts"
import { Connections } from "./Connections.ts"
import { Consolidations } from "./Consolidations.ts"
import { Diagnoses } from "./Diagnoses.ts"
import { Directory } from "./Directory.ts"
import { EventFeed } from "./EventFeed.ts"
import { Grants } from "./Grants.ts"
import { Members } from "./Members.ts"
import { Organizations } from "./Organizations.ts"
import { PendingAuthorizations } from "./PendingAuthorizations.ts"
import { Requests } from "./Requests.ts"
import { SigningUp } from "./SigningUp.ts"
import { Work } from "./Work.ts"

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
