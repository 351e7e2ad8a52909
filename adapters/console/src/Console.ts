/**
 * The console: server-rendered pages over the driving ports, for people at a browser (flow F1). Every page works
 * without scripts; htmx adds the live search and the progress that moves by itself.
 */
import { Effect } from "effect"
import { Hono } from "hono"
import * as PageContext from "./page/context.ts"
import { type ErrorPage, tooLarge, tooSlow, unknownAddress } from "./page/errorPage.ts"
import { handle, type Routes } from "./page/handle.ts"
import { readBody } from "./page/readBody.ts"
import { secure } from "./page/security.ts"
import { sendError } from "./page/send.ts"
import * as Accounts from "./pages/accounts/routes.ts"
import * as Advertisers from "./pages/advertisers/routes.ts"
import * as ApiKeys from "./pages/apiKeys/routes.ts"
import * as Audit from "./pages/audit/routes.ts"
import * as Authorizations from "./pages/authorizations/routes.ts"
import * as Campaigns from "./pages/campaigns/routes.ts"
import * as Companies from "./pages/companies/routes.ts"
import * as Connections from "./pages/connections/routes.ts"
import * as Consents from "./pages/consents/routes.ts"
import * as Countries from "./pages/countries/routes.ts"
import * as Diagnosis from "./pages/diagnosis/routes.ts"
import * as Guests from "./pages/guests/routes.ts"
import * as Invitations from "./pages/invitations/routes.ts"
import * as AccountCompany from "./pages/accountCompany/routes.ts"
import * as Lifecycle from "./pages/lifecycle/routes.ts"
import * as Mailbox from "./pages/mailbox/routes.ts"
import * as MailPreferences from "./pages/mailPreferences/routes.ts"
import * as MainAccount from "./pages/mainAccount/routes.ts"
import * as Marketplace from "./pages/marketplace/routes.ts"
import * as Members from "./pages/members/routes.ts"
import * as OperatorApplicationSecrets from "./pages/operator/applicationSecrets/routes.ts"
import * as OperatorConsents from "./pages/operator/consents/routes.ts"
import * as OperatorDirectory from "./pages/operator/directory/routes.ts"
import * as OperatorIncidents from "./pages/operator/incidents/routes.ts"
import * as OperatorOrganizations from "./pages/operator/organizations/routes.ts"
import * as OperatorTokens from "./pages/operator/tokens/routes.ts"
import * as OperatorWaiting from "./pages/operator/waiting/routes.ts"
import * as Organizations from "./pages/organizations/routes.ts"
import * as Renewals from "./pages/renewals/routes.ts"
import * as Requests from "./pages/requests/routes.ts"
import * as ReuseConsent from "./pages/reuseConsent/routes.ts"
import * as SharedPlan from "./pages/sharedPlan/routes.ts"
import * as SignIn from "./pages/signIn/routes.ts"
import * as SignUp from "./pages/signUp/routes.ts"
import * as Start from "./pages/start/routes.ts"

/** How the console presents itself and where it runs. */
export type Options = PageContext.Options
/** The driving and driven ports that the console needs. */
export type Services = PageContext.Services

/** Every page, one room a line. The order counts where one address could be taken for a part of another. */
const rooms: ReadonlyArray<{ readonly routes: Routes }> = [
  SignIn,
  SignUp,
  Invitations,
  Organizations,
  Members,
  ApiKeys,
  Lifecycle,
  AccountCompany,
  Advertisers,
  Audit,
  OperatorWaiting,
  OperatorDirectory,
  OperatorOrganizations,
  OperatorTokens,
  OperatorConsents,
  OperatorIncidents,
  OperatorApplicationSecrets,
  Companies,
  Accounts,
  Authorizations,
  Connections,
  Renewals,
  Requests,
  Campaigns,
  Mailbox,
  MailPreferences,
  Start,
  Countries,
  ReuseConsent,
  Consents,
  Diagnosis,
  MainAccount,
  SharedPlan,
  Marketplace,
  Guests
]

/** Paths that belong to others; the console neither answers them nor adds headers to them. */
export const foreignPaths: ReadonlyArray<string> = ["/v1", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics"]

const isForeign = (path: string): boolean =>
  foreignPaths.some((foreign) => path === foreign || path.startsWith(`${foreign}/`))

/** The same request without the slashes that some programs put behind an address; nothing where there are none. */
const withoutSlash = ({ method, url }: Request): URL | undefined => {
  const address = new URL(url)
  if (method !== "GET" || !/[^/]\/+$/.test(address.pathname)) return undefined
  address.pathname = address.pathname.replace(/\/+$/, "")
  return address
}

/**
 * Builds the console. Mount it at `/`, after everything else: it answers each address that it does not know with its
 * own page, except for `foreignPaths`.
 */
export const make = (options: Options): Effect.Effect<Hono, never, Services> => {
  const app = new Hono()
  const open = async (request: Request) => app.fetch(request)
  return Effect.map(PageContext.make(options, open), (context) => {
    const send = (page: ErrorPage) => handle(context, (visit) => sendError(visit, page))
    const body = readBody({ tooLarge: send(tooLarge), tooSlow: send(tooSlow) })
    const secured = secure(context)
    app.use("*", (c, next) => (isForeign(c.req.path) ? next() : secured(c, next)))
    app.use("*", (c, next) => (isForeign(c.req.path) ? next() : body(c, next)))
    for (const { answer, form, method, path } of rooms.flatMap(({ routes }) => routes))
      app[method](path, handle(context, answer, form))
    context.assets.routes(app)
    const unknown = send(unknownAddress)
    app.all("*", (c, next) => {
      if (isForeign(c.req.path)) return next()
      const address = withoutSlash(c.req.raw)
      return address === undefined ? unknown(c) : app.fetch(new Request(address, c.req.raw), c.env)
    })
    return app
  })
}
