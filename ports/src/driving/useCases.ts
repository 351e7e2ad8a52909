import { type Effect, Layer } from "effect"
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
import { JobHandlers } from "./work/JobHandlers.ts"
import { Members } from "./organizations/Members.ts"
import { Organizations } from "./organizations/Organizations.ts"
import { PendingAuthorizations } from "./authorizations/PendingAuthorizations.ts"
import { Requests } from "./requests/Requests.ts"
import { SigningUp } from "./organizations/SigningUp.ts"

/**
 * Every service of the application, by its name: what the layer, the types below and an adapter's lists are made from.
 */
export const services = {
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
  Diagnoses,
  Directory,
  EventFeed,
  Grants,
  JobHandlers,
  Members,
  Organizations,
  PendingAuthorizations,
  Requests,
  SigningUp
} as const

type AnyService = (typeof services)[keyof typeof services]

/** Every service of the application, as the requirements of an effect. */
export type UseCases = Effect.Services<AnyService>

/** The driven ports that the services need together. */
export type DrivenPorts = Exclude<Layer.Services<AnyService["layer"]>, UseCases>

const layers = Object.values(services).map(({ layer }) => layer)

/** Every service, over the adapters that provide the driven ports. */
export const useCases: Layer.Layer<UseCases, never, DrivenPorts> = Layer.mergeAll(
  ...(layers as unknown as [Layer.Layer<UseCases, never, DrivenPorts | AccessTokens>])
).pipe(Layer.provideMerge(AccessTokens.layer))
