/** What every page has at hand: the driving ports, and how the console presents itself. */
import type { Channel } from "@portolan/domain"
import { Deployment, Identity, Mailer, Secrets, services as useCases } from "@portolan/ports"
import { Effect } from "effect"
import * as Assets from "./assets.ts"

/** How the console presents itself and where it runs. */
export interface Options {
  /** Shown on the sign-in page, for trying things out. Never set it where real people's data is. */
  readonly demoSignIn?: { readonly email: string; readonly password: string }
  /**
   * Whether mails of the installation that were kept instead of sent (sign-ups) can be read without signing in. For
   * trying things out on one's own machine only.
   */
  readonly openMailbox?: boolean
  /** The name in header and titles; `Portolan` when left out. */
  readonly productName?: string
  /** Whether cookies carry `Secure`; true wherever people reach the console over https. */
  readonly secureCookies: boolean
}

/** Every use case, and the driven ports that pages use directly, each under the name it has on a page. */
const ports = {
  ...useCases,
  deployment: Deployment.Deployment,
  identity: Identity.Identity,
  mailer: Mailer.Mailer,
  secrets: Secrets.Secrets
} as const

/** Everything a page needs, found once. `open`: asks the console itself, as a browser would. */
export const make = Effect.fnUntraced(function* (options: Options, open: (request: Request) => Promise<Response>) {
  const { deployment, ...found } = yield* Effect.all(ports)
  return {
    ...found,
    /** Asks the console itself, as a browser would: for a page that is shown again with what was typed. */
    open,
    origin: deployment.origin,
    /** Whether this installation can connect a channel at all. */
    offers: (channel: Channel.Channel) => Deployment.offers(deployment, channel),
    assets: yield* Assets.load,
    productName: options.productName ?? "Portolan",
    secureCookies: options.secureCookies,
    demoSignIn: options.demoSignIn,
    openMailbox: options.openMailbox ?? false,
    /** What effects of pages run with. */
    services: yield* Effect.context<never>()
  }
})

/** Everything a page needs. */
export type PageContext = Effect.Success<ReturnType<typeof make>>

/** The driving and driven ports that the console needs. */
export type Services = Effect.Services<ReturnType<typeof make>>
