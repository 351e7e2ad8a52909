/** What routes call, by name: every use case, and the driven ports that are used directly. */
import { Deployment, Identity, Scheduler, Secrets, services as useCases } from "@portolan/ports"
import { Effect } from "effect"

const keys = {
  ...useCases,
  deployment: Deployment.Deployment,
  identity: Identity.Identity,
  scheduler: Scheduler.Scheduler,
  secrets: Secrets.Secrets
} as const

type Keys = typeof keys

/** The services by name. */
export type Services = { readonly [Name in keyof Keys]: Keys[Name]["Service"] }

/** The same, as requirements of an effect. */
export type ServiceKeys = Effect.Services<Keys[keyof Keys]>

/** Reads all services once. */
export const services = Effect.all(keys) as Effect.Effect<Services, never, ServiceKeys>
