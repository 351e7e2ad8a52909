import type { Route } from "../Route.ts"
import { accounts } from "./accounts.ts"
import { advertisers } from "./advertisers.ts"
import { applicationSecrets } from "./applicationSecrets.ts"
import { audit } from "./audit.ts"
import { authLinks } from "./authLinks.ts"
import { authorizations } from "./authorizations.ts"
import { closing } from "./closing.ts"
import { companies } from "./companies.ts"
import { connections } from "./connections.ts"
import { consolidations } from "./consolidations.ts"
import { diagnoses } from "./diagnoses.ts"
import type { StreamOptions } from "../eventStream.ts"
import { events } from "./events.ts"
import { grants, operatorGrants } from "./grants.ts"
import { accountLifecycle, companyLifecycle, connectionLifecycle } from "./lifecycle.ts"
import { operatorOrganizations, organizations } from "./organizations.ts"
import { members } from "./members.ts"
import { invitationsToJoin } from "./invitationsToJoin.ts"
import { onboarding } from "./onboarding.ts"
import { operators } from "./operators.ts"
import { organization } from "./organization.ts"
import { renewals } from "./renewals.ts"
import { requests } from "./requests.ts"
import { signingIn } from "./signingIn.ts"

/** Every route of `/v1`: the one table that drives router, document and reference page. */
export const table = (streams: StreamOptions): ReadonlyArray<Route> => [
  ...companies,
  ...companyLifecycle,
  ...consolidations,
  ...accounts,
  ...accountLifecycle,
  ...onboarding,
  ...connections,
  ...connectionLifecycle,
  ...advertisers,
  ...diagnoses,
  ...grants,
  ...authLinks,
  ...requests,
  ...renewals,
  ...authorizations,
  ...events(streams),
  ...organization,
  ...audit,
  ...organizations,
  ...closing,
  ...members,
  ...invitationsToJoin,
  ...operatorOrganizations,
  ...operatorGrants,
  ...signingIn,
  ...operators,
  ...applicationSecrets
]
