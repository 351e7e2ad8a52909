/**
 * The console: server-rendered pages over the driving ports, for people at a browser (flow F1). Every page works
 * without scripts; htmx adds the live search and the progress that moves by itself.
 */
import { Effect } from "effect"
import { Hono } from "hono"
import { bodyLimit } from "hono/body-limit"
import * as PageContext from "./page/context.ts"
import * as AccountPages from "./pages/Accounts.ts"
import * as AdvertiserPages from "./pages/Advertisers.ts"
import * as AuditPages from "./pages/Audit.ts"
import * as CampaignPages from "./pages/Campaigns.ts"
import * as CompanyPages from "./pages/Companies.ts"
import * as ConnectionPages from "./pages/Connections.ts"
import * as ConsentPages from "./pages/Consents.ts"
import * as CountryPages from "./pages/Countries.ts"
import * as DiagnosisPages from "./pages/Diagnosis.ts"
import * as GuestPages from "./pages/Guests.ts"
import * as JoiningPages from "./pages/Joining.ts"
import * as KeyPages from "./pages/Keys.ts"
import * as LifecyclePages from "./pages/Lifecycle.ts"
import * as MailboxPages from "./pages/Mailbox.ts"
import * as MainAccountPages from "./pages/MainAccount.ts"
import * as MemberPages from "./pages/Members.ts"
import * as OperatorPages from "./pages/Operator.ts"
import * as OperatorDirectoryPages from "./pages/OperatorDirectory.ts"
import * as OperatorOrganizationPages from "./pages/OperatorOrganizations.ts"
import * as OrganizationPages from "./pages/Organizations.ts"
import * as PendingPages from "./pages/Pending.ts"
import * as RequestPages from "./pages/Requests.ts"
import * as SharedPlanPages from "./pages/SharedPlan.ts"
import * as SignInPages from "./pages/SignIn.ts"
import * as SigningUpPages from "./pages/SigningUp.ts"
import * as StartPages from "./pages/Start.ts"
import { guard } from "./page/guard.ts"
import * as PageError from "./page/errors.ts"
import * as Http from "./page/http.ts"

/** How the console presents itself and where it runs. */
export type Options = PageContext.Options
/** The conversations and ports that the console needs. */
export type Services = PageContext.Services

/** Every page, one group a line. The order counts where one address could be taken for a part of another. */
const pages: ReadonlyArray<{ readonly routes: PageContext.Routes }> = [
  SignInPages,
  SigningUpPages,
  JoiningPages,
  OrganizationPages,
  MemberPages,
  KeyPages,
  LifecyclePages,
  AdvertiserPages,
  AuditPages,
  OperatorPages,
  OperatorDirectoryPages,
  OperatorOrganizationPages,
  CompanyPages,
  AccountPages,
  PendingPages,
  ConnectionPages,
  RequestPages,
  CampaignPages,
  MailboxPages,
  StartPages,
  CountryPages,
  ConsentPages,
  DiagnosisPages,
  MainAccountPages,
  SharedPlanPages,
  GuestPages
]

/** Paths that belong to others; the console neither answers them nor adds headers to them. */
export const foreignPaths: ReadonlyArray<string> = ["/v1", "/docs", "/openapi.json", "/healthz", "/readyz"]

const isForeign = (path: string): boolean =>
  foreignPaths.some((foreign) => path === foreign || path.startsWith(`${foreign}/`))

/**
 * Builds the console. Mount it at `/`, after everything else: it answers each address that it does not know with its
 * own page, except for `foreignPaths`.
 */
export const make = (options: Options): Effect.Effect<Hono, never, Services> =>
  Effect.map(PageContext.make(options), (context) => {
    const app = new Hono()
    const tell = (told: PageError.Told) => Http.handle(context, (c) => Http.tellPage(context, c, told))
    const limit = bodyLimit({ maxSize: Http.bodyLimitBytes, onError: tell(PageError.tooLarge) })
    const guarded = guard(context)
    app.use("*", (c, next) => (isForeign(c.req.path) ? next() : guarded(c, next)))
    app.use("*", (c, next) => (isForeign(c.req.path) ? next() : limit(c, next)))
    for (const { routes } of pages) routes(app, context)
    context.assets.routes(app)
    const unknown = tell(PageError.unknownAddress)
    app.all("*", (c, next) => (isForeign(c.req.path) ? next() : unknown(c)))
    return app
  })
