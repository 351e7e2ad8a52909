/**
 * Self-serve onboarding (flow F2; rules P-R1 to P-R13): a way of a few steps from the kind of account to a loaded history. The
 * way is read out of the account itself (`Onboarding`), so it can be left and resumed anywhere; nothing is remembered but which
 * account and country this browser is setting up, so that people who come back from the provider are led on.
 */
import { Access, AccountType, Channel, Id, Marketplace } from "@portolan/domain"
import { Effect, Option, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, nothing, isolateText } from "../page/html.ts"
import * as Input from "../page/input.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import type { Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import { marketplaceSelect, typeChoice } from "./accountForm.ts"
import { remember } from "./startCookie.ts"
import { syncStep, wayPage } from "./WayPage.ts"
import { currentOf, pathOf, type Ways, waysOf } from "./ways.ts"

const companiesShown = 50
const accountsShown = 50

const lead =
  "A few steps: name the account, let us in at the provider, choose which account it is, and we load its history. " +
  "You can leave at any step and come back."

/** Accounts with a country whose way has not come to its end, the oldest first. */
const underWay = Effect.fnUntraced(function* (context: PageContext, me: Layout.Me) {
  const { items } = yield* context.accounts.list(me, {}, { limit: accountsShown })
  const ways = yield* Effect.forEach(items, (account) => waysOf(context, me, account), { concurrency: 4 })
  return ways.filter(({ way }) => !way.connected)
})

const begun = (under: ReadonlyArray<Ways>): Markup =>
  under.length === 0
    ? nothing
    : html`<section class="card" aria-labelledby="under-way"><h2 id="under-way">Go on with one you began</h2>
    <ul class="plain">${under.map(
      (ways) => html`<li><a href="${pathOf(ways)}">${isolateText(ways.account.name)}</a>
      <span class="muted">${Labels.marketplaceName(ways.way.marketplaceId)} · next: ${
        currentOf(ways.way)?.title ?? "done"
      }</span></li>`
    )}</ul></section>`

const companyChoice = (
  companies: ReadonlyArray<{ readonly id: string; readonly name: string }>,
  chosen: string | undefined
): Markup =>
  companies.length === 0
    ? nothing
    : html`<div class="field"><label for="field-company">Company</label><select id="field-company" name="company">
      ${companies.map(({ id, name }) => html`<option value="${id}"${chosen === id && html` selected`}>${name}</option>`)}
      <option value="new"${chosen === "new" && html` selected`}>A new company, named like the account</option></select>
      <small class="hint">A business that sells in several countries is one company.</small></div>`

const newPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  state: Components.FormState,
  key: string,
  status: Status = 200
) {
  const { items: companies } = yield* context.companies.list(me, undefined, { limit: companiesShown })
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Connect an account",
      "companies",
      html`
    ${Components.pageHead("Connect an account", { crumbs: [{ href: "/companies", label: "Companies" }], lead })}
    ${state.errors["form"] !== undefined && Components.notice("act", "The account could not be created", state.errors["form"])}
    ${begun(yield* underWay(context, me))}
    <form method="post" action="/start" class="card form"><input type="hidden" name="key" value="${key}">
      <p class="eyebrow">Step 1</p>
      ${typeChoice(context, state, "What kind of account is it?")}
      ${Components.textField(state, "name", "Name of the account", { hint: "Usually the brand, e.g. “Nordwind”." })}
      ${companyChoice(companies, state.values["company"])}
      ${marketplaceSelect(context, state)}
      <div class="buttons"><button>Continue</button><a class="button secondary outline" href="/companies">Cancel</a></div>
    </form>`
    ),
    status
  )
})

const readNew = (form: Http.Form) => {
  const type = AccountType.all().find((one) => one === Http.one(form, "type"))
  const marketplace = Marketplace.find(Http.one(form, "marketplace"))
  const fields = {
    type: Result.fromOption(Option.fromUndefinedOr(type), () => "Choose what kind of account it is."),
    name: Input.name(Http.one(form, "name"), "the account"),
    marketplace: Option.match(marketplace, {
      onNone: () => Result.fail("Choose a marketplace from the list."),
      onSome: (found) =>
        type !== undefined && Channel.required(found.provider, type).length === 0
          ? Result.fail("Choose a marketplace of the same provider as the kind of account.")
          : Result.succeed(found.id)
    })
  }
  return { input: Result.all(fields), errors: Input.errorsOf(fields) }
}

/** `/start` and `/start/{id}`. */
export const routes: Routes = (app, context) => {
  /** The account of the address, with the country that was asked for. */
  const asked = Effect.fnUntraced(function* (c: Context, me: Access.Caller) {
    const account = yield* context.accounts.view(me, yield* Http.idParam(c, Id.AccountId))
    return yield* waysOf(context, me, account, c.req.query("country"))
  })

  app.get(
    "/start",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        return yield* newPage(context, c, me, Components.blank, Redacted.value(yield* context.secrets.token))
      })
    )
  )

  app.post(
    "/start",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const form = yield* Http.readForm(c)
        const key = Http.one(form, "key").slice(0, 90)
        const { errors, input } = readNew(form)
        const again = (found: Components.FormState["errors"], status: Status) =>
          newPage(context, c, me, { values: Http.typed(form), errors: found }, key, status)
        if (Result.isFailure(input)) return yield* again(errors, 422)
        const { marketplace, name, type } = input.success
        const wanted = Http.one(form, "company")
        const once = (what: string) =>
          Effect.map(
            context.secrets.digest(Redacted.make(JSON.stringify([what, input.success, wanted]))),
            (fingerprint) => (key === "" ? undefined : { key: `console/${key}/${what}`, fingerprint })
          )
        const { items } = yield* context.companies.list(me, undefined, { limit: companiesShown })
        const company =
          items.find(({ id }) => id === wanted) ??
          (yield* context.companies.add(me, { name, brand: name }, yield* once("company"))).company
        const account = { companyId: company.id, name, accountType: type, marketplaces: [marketplace] as const }
        return yield* context.accounts.create(me, account, yield* once("account")).pipe(
          Effect.map(({ id }) => c.redirect(`/start/${id}`, 303)),
          Effect.catchTag("Refused", (refused) =>
            refused.reason === "contradiction" ? again({ form: refused.message }, 422) : Effect.fail(refused)
          )
        )
      })
    )
  )

  app.get(
    "/start/:id",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        return yield* wayPage(context, c, me, yield* asked(c, me))
      })
    )
  )

  app.get(
    "/start/:id/sync",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const ways = yield* asked(c, yield* Http.caller(context, c))
        return Http.send(c, syncStep(ways, yield* Http.now))
      })
    )
  )

  /** Leaves for the provider, and is led back to the way afterwards. */
  const startAuthorization = Effect.fnUntraced(function* (
    c: Context,
    me: Access.Caller,
    { account, all, way }: Ways,
    connectionId: Id.ConnectionId
  ) {
    const authorizationRedirect = yield* context.connecting.authenticateNow(me, connectionId, {
      browser: Http.browserOf(c)
    })
    remember(context, c, account.id, all.length > 1 ? way.marketplaceId : undefined)
    return Http.startAuthorization(context, c, authorizationRedirect)
  })

  app.post(
    "/start/:id/advertising",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.caller(context, c)
        const ways = yield* asked(c, me)
        const step = ways.way.steps.find(({ id }) => id === "access")
        return step?.connectionId === undefined || step.state === "done"
          ? c.redirect(pathOf(ways), 303)
          : yield* startAuthorization(c, me, ways, step.connectionId)
      })
    )
  )

  app.post(
    "/start/:id/selling-partner",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        const ways = yield* asked(c, me)
        const step = ways.way.steps.find(({ id }) => id === "second-channel")
        if (step?.connectionId === undefined || (step.state !== "now" && step.state !== "optional"))
          return c.redirect(pathOf(ways), 303)
        if (ways.account.accountType === "seller") {
          const agreed = Http.one(yield* Http.readForm(c), "agreed") === "yes"
          if (!agreed)
            return yield* wayPage(
              context,
              c,
              me,
              ways,
              "Tick the box first; without the permission Amazon refuses the login.",
              422
            )
          // Who said so, and when, is on record (rule P-R10).
          yield* context.diagnoses.answer(me, step.connectionId, {
            check: "advertising-permission-in-seller-central",
            holds: true
          })
        }
        return yield* startAuthorization(c, me, ways, step.connectionId)
      })
    )
  )
}
