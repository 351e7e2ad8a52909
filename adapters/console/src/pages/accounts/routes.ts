/** A new account, and one account with a tile per channel: authenticate now, or create an auth link (steps 3 and 4). */
import { Access, type Account, AccountType, type Connection, Id, Marketplace } from "@portolan/domain"
import type { AuthLinks } from "@portolan/ports"
import { Duration, Effect, Redacted, Result } from "effect"
import { words } from "../../messages/words.ts"
import type { PageContext } from "../../page/context.ts"
import { BadRequest, type Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Layout from "../../page/layout.ts"
import { providerRedirectPolicy } from "../../page/policies.ts"
import { sendMember } from "../../page/send.ts"
import type { CallerVisit, MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { linkLives } from "../connections/linkPanel.ts"
import { readNew } from "./form.ts"
import { newAccountPage } from "./newAccountView.ts"
import { inOrder } from "./tiles.ts"
import { accountPage } from "./view.ts"

const linksShown = 4

/**
 * The latest authorization of a connection that does not work now; one that works needs no word about how it came to
 * be.
 */
const lastAuthorizationOf = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  connection: Connection.Present
) {
  if (connection._tag === "Connected" || connection._tag === "Limited") return undefined
  const { items } = yield* context.pendingAuthorizations.ofConnection(me, connection.id, { limit: 1 })
  return items[0]
})

/** The links of a connection worth showing: all open ones with their address, and the latest of the others. */
export const linksOf = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  connectionId: Id.ConnectionId
) {
  const { items } = yield* context.authLinks.list(me, connectionId, { limit: linksShown })
  const worth = items.filter((link, index) => link._tag === "Open" || index === 0)
  return yield* Effect.forEach(
    worth,
    (link) =>
      // Who may not connect this account sees that there is a link, and not its address.
      Effect.catchTag(context.authLinks.view(me, link.id), "Refused", () =>
        Effect.succeed<AuthLinks.LinkWithAddress>({ link })
      ),
    together
  )
})

const sendAccount = Effect.fnUntraced(function* (visit: MemberVisit, account: Account.Present) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const granted = Effect.map(
    context.grants.list(me, { region: account.region, states: ["Active"] }, { limit: 100 }),
    ({ items: all }) => all
  )
  const [company, { items }, consents] = yield* Effect.all(
    [
      context.companies.view(me, account.companyId),
      context.connections.list(me, { accountId: account.id }, { limit: 100 }),
      me.accessScope._tag === "Everything" ? granted : Effect.succeed([])
    ],
    together
  )
  const tiles = yield* Effect.forEach(
    inOrder(items),
    (view) =>
      Effect.map(
        Effect.all(
          [linksOf(context, me, view.connection.id), lastAuthorizationOf(context, me, view.connection)],
          together
        ),
        ([links, lastAuthorization]) => ({
          view,
          links,
          lastAuthorization,
          isFurther: consents.some(({ grant }) => grant.channel === view.connection.channel)
        })
      ),
    together
  )
  const done = c.req.query("done")
  c.header("Content-Security-Policy", providerRedirectPolicy)
  return yield* sendMember(visit, accountPage({ account, company, context, done, me, now, tiles }))
})

const isType = (type: string): boolean => AccountType.find(type)._tag === "Some"

const showNewForm = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  const company = yield* context.companies.view(me, yield* Http.idParam(c, Id.CompanyId))
  const key = Redacted.value(yield* context.secrets.token)
  // Whoever comes from an account that cannot have a country finds that country, and its kind, chosen.
  const { marketplace = "", type = "" } = c.req.query()
  const values = {
    ...(Marketplace.find(marketplace)._tag === "Some" && { marketplace }),
    ...(isType(type) && { type })
  }
  const state = { values, errors: {} }
  return yield* sendMember(visit, newAccountPage({ brands: [], company, context, key, state, status: 200 }))
})

const createAccount = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  const company = yield* context.companies.view(me, yield* Http.idParam(c, Id.CompanyId))
  const form = yield* Http.readForm(c)
  const key = Http.one(form, "key").slice(0, 100)
  const again = (errors: Fields.FormState["errors"], status: Status) =>
    sendMember(
      visit,
      newAccountPage({
        brands: Http.many(form, "brands"),
        company,
        context,
        key,
        state: { values: Http.typed(form), errors },
        status
      })
    )
  const { errors, input } = readNew(form, company)
  if (Result.isFailure(input)) return yield* again(errors, 422)
  const { brands, default: defaultBrandId, marketplace, name, type } = input.success
  const fingerprint = yield* context.secrets.digest(
    Redacted.make(JSON.stringify(["account", company.id, input.success]))
  )
  return yield* context.accounts
    .create(
      me,
      { companyId: company.id, name, accountType: type, marketplaces: [marketplace], brandIds: brands, defaultBrandId },
      key === "" ? undefined : { key: `console/${key}`, fingerprint }
    )
    .pipe(
      Effect.map((account) => c.redirect(`/accounts/${account.id}?done=account-created`, 303)),
      Effect.catchTag("Refused", (refused) =>
        refused.reason === "contradiction" ? again({ type: refused.message }, 422) : Effect.fail(refused)
      )
    )
})

const showAccount = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  return yield* sendAccount(visit, yield* context.accounts.view(me, yield* Http.idParam(c, Id.AccountId)))
})

const authenticate = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const authorizationRedirect = yield* context.connecting.authenticateNow(me, yield* Http.idParam(c, Id.ConnectionId), {
    browser: Http.browserOf(c)
  })
  return Http.startAuthorization(visit, authorizationRedirect)
})

const createLink = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.ConnectionId)
  const form = yield* Http.readForm(c)
  const life = linkLives.find(({ hours }) => String(hours) === Http.one(form, "life"))
  if (life === undefined) return yield* new BadRequest({ detail: words.accounts.chooseLife })
  const { link } = yield* context.authLinks.create(me, id, { life: Duration.hours(life.hours) })
  return c.redirect(`/accounts/${link.accountId}?done=link-created#${link.channel}`, 303)
})

const revokeLink = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const link = yield* context.authLinks.revoke(me, yield* Http.idParam(c, Id.InvitationId))
  return c.redirect(`/accounts/${link.accountId}?done=link-revoked#${link.channel}`, 303)
})

/** `/companies/{id}/accounts`, `/accounts/{id}`, and what starts on it. */
export const routes: Routes = [
  get("/companies/:id/accounts/new", asMember(showNewForm)),
  post("/companies/:id/accounts", asMember(createAccount), "/companies/:id/accounts/new"),
  get("/accounts/:id", asMember(showAccount)),
  post("/connections/:id/authenticate", asCaller(authenticate)),
  post("/connections/:id/links", asCaller(createLink)),
  post("/links/:id/revoke", asCaller(revokeLink))
]
