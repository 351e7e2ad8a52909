/**
 * Self-serve onboarding (flow F2; rules P-R1 to P-R13): a way of a few steps from the kind of account to a loaded history. The
 * way is read out of the account itself (`Onboarding`), so it can be left and resumed anywhere; nothing is remembered but which
 * account and country this browser is setting up, so that people who come back from the provider are led on.
 */
import { Access, AccountType, Channel, Id, Marketplace } from "@portolan/domain"
import { Effect, Option, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, nothing, theirs } from "../Html.ts"
import * as Input from "../Input.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
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
const underWay = Effect.fnUntraced(function* (desk: Desk, me: Layout.Me) {
  const { items } = yield* desk.accounts.list(me, undefined, { limit: accountsShown })
  const ways = yield* Effect.forEach(items, (account) => waysOf(desk, me, account), { concurrency: 4 })
  return ways.filter(({ way }) => !way.connected)
})

const begun = (under: ReadonlyArray<Ways>): Markup =>
  under.length === 0
    ? nothing
    : html`<section class="card" aria-labelledby="under-way"><h2 id="under-way">Go on with one you began</h2>
    <ul class="plain">${under.map(
      (ways) => html`<li><a href="${pathOf(ways)}">${theirs(ways.account.name)}</a>
      <span class="muted">${Words.marketplaceName(ways.way.marketplaceId)} · next: ${
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
  desk: Desk,
  c: Context,
  me: Layout.Me,
  state: Parts.FormState,
  key: string,
  status: Status = 200
) {
  const { items: companies } = yield* desk.companies.list(me, undefined, { limit: companiesShown })
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "Connect an account",
      "companies",
      html`
    ${Parts.pageHead("Connect an account", { crumbs: [{ href: "/companies", label: "Companies" }], lead })}
    ${state.errors["form"] !== undefined && Parts.notice("act", "The account could not be created", state.errors["form"])}
    ${begun(yield* underWay(desk, me))}
    <form method="post" action="/start" class="card form"><input type="hidden" name="key" value="${key}">
      <p class="eyebrow">Step 1</p>
      ${typeChoice(desk, state, "What kind of account is it?")}
      ${Parts.textField(state, "name", "Name of the account", { hint: "Usually the brand, e.g. “Nordwind”." })}
      ${companyChoice(companies, state.values["company"])}
      ${marketplaceSelect(desk, state)}
      <div class="buttons"><button>Continue</button><a class="button secondary outline" href="/companies">Cancel</a></div>
    </form>`
    ),
    status
  )
})

const readNew = (form: Web.Form) => {
  const type = AccountType.all().find((one) => one === Web.one(form, "type"))
  const marketplace = Marketplace.find(Web.one(form, "marketplace"))
  const fields = {
    type: Result.fromOption(Option.fromUndefinedOr(type), () => "Choose what kind of account it is."),
    name: Input.name(Web.one(form, "name"), "the account"),
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
export const routes: Routes = (app, desk) => {
  /** The account of the address, with the country that was asked for. */
  const asked = Effect.fnUntraced(function* (c: Context, me: Access.Caller) {
    const account = yield* desk.accounts.view(me, yield* Web.idParam(c, Id.AccountId))
    return yield* waysOf(desk, me, account, c.req.query("country"))
  })

  app.get(
    "/start",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        return yield* newPage(desk, c, me, Parts.blank, Redacted.value(yield* desk.secrets.token))
      })
    )
  )

  app.post(
    "/start",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const form = yield* Web.readForm(c)
        const key = Web.one(form, "key").slice(0, 90)
        const { errors, input } = readNew(form)
        const again = (found: Parts.FormState["errors"], status: Status) =>
          newPage(desk, c, me, { values: Web.typed(form), errors: found }, key, status)
        if (Result.isFailure(input)) return yield* again(errors, 422)
        const { marketplace, name, type } = input.success
        const wanted = Web.one(form, "company")
        const once = (what: string) =>
          Effect.map(desk.secrets.digest(Redacted.make(JSON.stringify([what, input.success, wanted]))), (fingerprint) =>
            key === "" ? undefined : { key: `console/${key}/${what}`, fingerprint }
          )
        const { items } = yield* desk.companies.list(me, undefined, { limit: companiesShown })
        const company =
          items.find(({ id }) => id === wanted) ??
          (yield* desk.companies.add(me, { name, brand: name }, yield* once("company"))).company
        const account = { companyId: company.id, name, accountType: type, marketplaces: [marketplace] as const }
        return yield* desk.accounts.create(me, account, yield* once("account")).pipe(
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
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        return yield* wayPage(desk, c, me, yield* asked(c, me))
      })
    )
  )

  app.get(
    "/start/:id/sync",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const ways = yield* asked(c, yield* Web.caller(desk, c))
        return Web.send(c, syncStep(ways, yield* Web.now))
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
    const authorizationRedirect = yield* desk.connecting.authenticateNow(me, connectionId, Web.browserOf(c))
    remember(desk, c, account.id, all.length > 1 ? way.marketplaceId : undefined)
    return Web.startAuthorization(desk, c, authorizationRedirect)
  })

  app.post(
    "/start/:id/advertising",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.caller(desk, c)
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
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        const ways = yield* asked(c, me)
        const step = ways.way.steps.find(({ id }) => id === "second-channel")
        if (step?.connectionId === undefined || (step.state !== "now" && step.state !== "optional"))
          return c.redirect(pathOf(ways), 303)
        if (ways.account.accountType === "seller") {
          const agreed = Web.one(yield* Web.readForm(c), "agreed") === "yes"
          if (!agreed)
            return yield* wayPage(
              desk,
              c,
              me,
              ways,
              "Tick the box first; without the permission Amazon refuses the login.",
              422
            )
          // Who said so, and when, is on record (rule P-R10).
          yield* desk.diagnoses.answer(me, step.connectionId, "advertising-permission-in-seller-central", true)
        }
        return yield* startAuthorization(c, me, ways, step.connectionId)
      })
    )
  )
}
