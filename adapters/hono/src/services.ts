/** The services that routes call, by name. */
import {
  AccessTokens,
  Accounts,
  Advertisers,
  ApiKeys,
  Audit,
  AuthLinks,
  Callers,
  Companies,
  Connecting,
  Connections,
  Consolidations,
  Deployment,
  Diagnoses,
  Directory,
  EventFeed,
  Grants,
  Identity,
  Members,
  Organizations,
  PendingAuthorizations,
  Requests,
  Scheduler,
  Secrets,
  SigningUp
} from "@portolan/ports"
import { Effect } from "effect"

const keys = {
  accessTokens: AccessTokens.AccessTokens,
  accounts: Accounts.Accounts,
  advertisers: Advertisers.Advertisers,
  apiKeys: ApiKeys.ApiKeys,
  audit: Audit.Audit,
  authLinks: AuthLinks.AuthLinks,
  callers: Callers.Callers,
  companies: Companies.Companies,
  connecting: Connecting.Connecting,
  connections: Connections.Connections,
  consolidations: Consolidations.Consolidations,
  deployment: Deployment.Deployment,
  diagnoses: Diagnoses.Diagnoses,
  directory: Directory.Directory,
  eventFeed: EventFeed.EventFeed,
  grants: Grants.Grants,
  identity: Identity.Identity,
  members: Members.Members,
  organizations: Organizations.Organizations,
  pendingAuthorizations: PendingAuthorizations.PendingAuthorizations,
  requests: Requests.Requests,
  scheduler: Scheduler.Scheduler,
  secrets: Secrets.Secrets,
  signingUp: SigningUp.SigningUp
} as const

type Keys = typeof keys

/** The services by name. */
export type Services = { readonly [Name in keyof Keys]: Keys[Name]["Service"] }

/** The same, as requirements of an effect. */
export type ServiceKeys = Effect.Services<Keys[keyof Keys]>

/** Reads all services once. */
export const services: Effect.Effect<Services, never, ServiceKeys> = Effect.all(keys)
