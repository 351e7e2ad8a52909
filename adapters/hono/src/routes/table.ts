import type { Route } from "../Route.ts"
import { accounts } from "./accounts.ts"
import { authLinks } from "./authLinks.ts"
import { authorizations } from "./authorizations.ts"
import { companies } from "./companies.ts"
import { connections } from "./connections.ts"
import { events, type StreamOptions } from "./events.ts"
import { organization } from "./organization.ts"
import { requests } from "./requests.ts"

/** Every route of `/v1`: the one table that drives router, document and reference page. */
export const table = (streams: StreamOptions): ReadonlyArray<Route> => [
  ...companies, ...accounts, ...connections, ...authLinks, ...requests, ...authorizations, ...events(streams), ...organization
]
