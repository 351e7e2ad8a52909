import { type Effect, Layer } from "effect"
import { AccessTokens } from "./tokens/AccessTokens.ts"
import { Accounts } from "./accounts/Accounts.ts"
import { Advertisers } from "./advertisers/Advertisers.ts"
import { ApiKeys } from "./organizations/ApiKeys.ts"
import { ApplicationSecrets } from "./applications/ApplicationSecrets.ts"
import { Audit } from "./overview/Audit.ts"
import { AuthLinks } from "./authorizations/AuthLinks.ts"
import { BackgroundWork } from "./work/BackgroundWork.ts"
import { Callers } from "./organizations/Callers.ts"
import { Companies } from "./accounts/Companies.ts"
import { Connecting } from "./authorizations/Connecting.ts"
import { Connections } from "./connections/Connections.ts"
import { Consolidations } from "./overview/Consolidations.ts"
import { Diagnoses } from "./overview/Diagnoses.ts"
import { Directory } from "./advertisers/Directory.ts"
import { EventFeed } from "./overview/EventFeed.ts"
import { Grants } from "./tokens/Grants.ts"
import { Incidents } from "./incidents/Incidents.ts"
import * as ProviderWatch from "./incidents/ProviderWatch.ts"
import { JobHandlers } from "./work/JobHandlers.ts"
import { MasterKeys } from "./keys/MasterKeys.ts"
import { Members } from "./organizations/Members.ts"
import { Organizations } from "./organizations/Organizations.ts"
import { PendingAuthorizations } from "./authorizations/PendingAuthorizations.ts"
import { Renewals } from "./renewals/Renewals.ts"
import { Requests } from "./requests/Requests.ts"
import { SecretWatch } from "./applications/SecretWatch.ts"
import { SigningUp } from "./organizations/SigningUp.ts"

/**
 * Every service of the application by the name of its variable: the one list that the layer, the types below, the HTTP
 * API and the console are made from.
 *
 * @example
 * ```ts
 * const { accounts, connecting } = yield* Effect.all(services)
 * ```
 */
export const services = {
  accessTokens: AccessTokens,
  accounts: Accounts,
  advertisers: Advertisers,
  apiKeys: ApiKeys,
  applicationSecrets: ApplicationSecrets,
  audit: Audit,
  authLinks: AuthLinks,
  backgroundWork: BackgroundWork,
  callers: Callers,
  companies: Companies,
  connecting: Connecting,
  connections: Connections,
  consolidations: Consolidations,
  diagnoses: Diagnoses,
  directory: Directory,
  eventFeed: EventFeed,
  grants: Grants,
  incidents: Incidents,
  jobHandlers: JobHandlers,
  masterKeys: MasterKeys,
  members: Members,
  organizations: Organizations,
  pendingAuthorizations: PendingAuthorizations,
  renewals: Renewals,
  requests: Requests,
  secretWatch: SecretWatch,
  signingUp: SigningUp
} as const

type AnyService = (typeof services)[keyof typeof services]

/** Every service of the application, as the requirements of an effect. `useCases` provides them. */
export type UseCases = Effect.Services<AnyService>

/** The driven ports that the services need together: what the adapters of an installation provide. */
export type DrivenPorts = Exclude<Layer.Services<AnyService["layer"]>, UseCases>

const layers = Object.values(services).map(({ layer }) => layer)

/**
 * The layer of every service. It needs the driven ports; an app provides them with the adapters that it chooses. Every
 * call to a provider passes `ProviderWatch`, which sees what many share.
 *
 * @example
 * ```ts
 * const app = useCases.pipe(Layer.provide(myAdapters))
 * ```
 */
export const useCases: Layer.Layer<UseCases, never, DrivenPorts> = Layer.mergeAll(
  ...(layers as unknown as [Layer.Layer<UseCases, never, DrivenPorts | AccessTokens>])
).pipe(Layer.provideMerge(AccessTokens.layer), Layer.provide(ProviderWatch.layer))
