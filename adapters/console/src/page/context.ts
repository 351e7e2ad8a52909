/** What every page has at hand: the conversations, who is calling, and how an answer is sent. */
import type { Channel } from "@portolan/domain"
import type { Hono } from "hono"
import {
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
  Grants,
  Identity,
  Mailer,
  Members,
  Organizations,
  PendingAuthorizations,
  Requests,
  Secrets,
  SigningUp
} from "@portolan/ports"
import { Effect } from "effect"
import * as Assets from "./assets.ts"

/** How the console presents itself and where it runs. */
export interface Options {
  /** Shown on the sign-in page, for trying things out. Never set it where real people's data is. */
  readonly demoSignIn?: { readonly email: string; readonly password: string }
  /**
   * Whether mails of the installation that were kept instead of sent (sign-ups) can be read without signing in. For trying
   * things out on one's own machine only.
   */
  readonly openMailbox?: boolean
  /** The name in header and titles; `Portolan` when left out. */
  readonly productName?: string
  /** Whether cookies carry `Secure`; true wherever people reach the console over https. */
  readonly secureCookies: boolean
}

/** The conversations and ports that the console needs. */
export type Services =
  | Accounts.Accounts
  | Advertisers.Advertisers
  | Audit.Audit
  | AuthLinks.AuthLinks
  | ApiKeys.ApiKeys
  | Organizations.Organizations
  | SigningUp.SigningUp
  | Callers.Callers
  | Companies.Companies
  | Connecting.Connecting
  | Connections.Connections
  | Consolidations.Consolidations
  | Diagnoses.Diagnoses
  | Grants.Grants
  | Directory.Directory
  | Mailer.Mailer
  | Members.Members
  | PendingAuthorizations.PendingAuthorizations
  | Requests.Requests
  | Identity.Identity
  | Secrets.Secrets
  | Deployment.Deployment

/** Everything a page needs, found once. */
export const make = Effect.fnUntraced(function* (options: Options) {
  const deployment = yield* Deployment.Deployment
  return {
    accounts: yield* Accounts.Accounts,
    advertisers: yield* Advertisers.Advertisers,
    audit: yield* Audit.Audit,
    authLinks: yield* AuthLinks.AuthLinks,
    apiKeys: yield* ApiKeys.ApiKeys,
    organizations: yield* Organizations.Organizations,
    signingUp: yield* SigningUp.SigningUp,
    callers: yield* Callers.Callers,
    companies: yield* Companies.Companies,
    connecting: yield* Connecting.Connecting,
    connections: yield* Connections.Connections,
    consolidations: yield* Consolidations.Consolidations,
    diagnoses: yield* Diagnoses.Diagnoses,
    grants: yield* Grants.Grants,
    directory: yield* Directory.Directory,
    pending: yield* PendingAuthorizations.PendingAuthorizations,
    mailer: yield* Mailer.Mailer,
    members: yield* Members.Members,
    requests: yield* Requests.Requests,
    identity: yield* Identity.Identity,
    secrets: yield* Secrets.Secrets,
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

/** Adds pages to an app. */
export type Routes = (app: Hono, context: PageContext) => void
