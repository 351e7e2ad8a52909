/** The services that routes call, by name. */
import { Deployment, Identity, Scheduler, Secrets, services as useCases } from "@portolan/ports"
import { Effect } from "effect"

type UseCases = typeof useCases

/** `Accounts` as `accounts`, and so on. */
type ByName = { readonly [Name in keyof UseCases as Uncapitalize<Name>]: UseCases[Name] }

const driven = {
  deployment: Deployment.Deployment,
  identity: Identity.Identity,
  scheduler: Scheduler.Scheduler,
  secrets: Secrets.Secrets
} as const

const uncapitalized = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1)

const keys = {
  // The type of `fromEntries` forgets the names.
  ...(Object.fromEntries(Object.entries(useCases).map(([name, key]) => [uncapitalized(name), key])) as ByName),
  ...driven
}

type Keys = ByName & typeof driven

/** The services by name. */
export type Services = { readonly [Name in keyof Keys]: Keys[Name]["Service"] }

/** The same, as requirements of an effect. */
export type ServiceKeys = Effect.Services<Keys[keyof Keys]>

/** Reads all services once. */
export const services = Effect.all(keys) as Effect.Effect<Services, never, ServiceKeys>
