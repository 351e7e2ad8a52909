/**
 * Self-serve onboarding (flow F2; rules P-R1 to P-R13): a way of a few steps from the kind of account to a loaded history. The
 * way is read out of the account itself (`Onboarding`), so it can be left and resumed anywhere; nothing is remembered but which
 * account this browser is setting up, so that people who come back from the provider are led on.
 */
import { Access, type Account, AccountType, Channel, Connection, Id, Marketplace, Onboarding, Requirements } from "@portolan/domain"
import { type DateTime, Effect, Option, Redacted, Result } from "effect"
import type { Context } from "hono"
import { setCookie } from "hono/cookie"
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, nothing, theirs } from "../Html.ts"
import * as Input from "../Input.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
import { marketplaceSelect, typeChoice } from "./accountForm.ts"
import * as findings from "./findings.ts"
import { may } from "./may.ts"
import { startCookie } from "./startCookie.ts"

const companiesShown = 50
const accountsShown = 50

const lead = "A few steps: name the account, let us in at the provider, choose which account it is, and we load its history. " +
  "You can leave at any step and come back."

const newPage = Effect.fnUntraced(function*(desk: Desk, c: Context, me: Layout.Me, state: Parts.FormState, key: string, status: Status = 200) {
  const { items: companies } = yield* desk.companies.list(me, undefined, { limit: companiesShown })
  const under = yield* underWay(desk, me)
  return Web.send(c, Layout.memberPage(desk, me, "Connect an account", "companies", html`
    ${Parts.pageHead("Connect an account", { crumbs: [{ href: "/companies", label: "Companies" }], lead })}
    ${state.errors["form"] !== undefined && Parts.notice("act", "The account could not be created", state.errors["form"])}
    ${under.length > 0 && html`<section class="card" aria-labelledby="under-way"><h2 id="under-way">Go on with one you began</h2>
      <ul class="plain">${under.map(({ account, way }) => html`<li><a href="/start/${account.id}">${theirs(account.name)}</a>
        <span class="muted">${Words.marketplaceName(way.marketplaceId)} · next: ${way.steps.find(({ id }) => id === way.current)?.title ?? "done"}</span></li>`)}</ul></section>`}
    <form method="post" action="/start" class="card form"><input type="hidden" name="key" value="${key}">
      <p class="eyebrow">Step 1</p>
      ${typeChoice(desk, state, "What kind of account is it?")}
      ${Parts.textField(state, "name", "Name of the account", { hint: "Usually the brand, e.g. “Nordwind”." })}
      ${companies.length > 0
        ? html`<div class="field"><label for="field-company">Company</label><select id="field-company" name="company">
            ${companies.map(({ id, name }) => html`<option value="${id}"${state.values["company"] === id && html` selected`}>${name}</option>`)}
            <option value="new"${state.values["company"] === "new" && html` selected`}>A new company, named like the account</option></select>
            <small class="hint">A business that sells in several countries is one company.</small></div>`
        : nothing}
      ${marketplaceSelect(desk, state)}
      <div class="buttons"><button>Continue</button><a class="button secondary outline" href="/companies">Cancel</a></div>
    </form>`), status)
})

/** Accounts whose way has not come to its end, the oldest first. */
const underWay = Effect.fnUntraced(function*(desk: Desk, me: Layout.Me) {
  const { items } = yield* desk.accounts.list(me, undefined, { limit: accountsShown })
  const ways = yield* Effect.forEach(items, (account) => Effect.map(wayOf(desk, me, account), ({ way }) => ({ account, way })))
  return ways.filter(({ way }) => !way.connected)
})

/** The way of an account, with its connections. */
export const wayOf = Effect.fnUntraced(function*(desk: Desk, me: Access.Caller, account: Account.Present) {
  const { items } = yield* desk.connections.list(me, { accountId: account.id }, { limit: 100 })
  const way = Onboarding.of(account, items.map(({ connection }) => connection), items.flatMap(({ backfill }) => backfill?.state ?? []))
  return { way, views: items }
})

const stateWords: { readonly [S in Onboarding.StepState]: { readonly label: string; readonly tone: Words.Tone } } = {
  done: { label: "Done", tone: "good" }, now: { label: "Your turn", tone: "wait" }, waiting: { label: "Under way", tone: "info" },
  todo: { label: "Later", tone: "idle" }, optional: { label: "Optional", tone: "idle" }
}

/** All steps, where one is, and what each comes to. */
const trail = (way: Onboarding.Onboarding): Markup => html`<ol class="trail" aria-label="Steps">${way.steps.map((step, index) => {
  const { label, tone } = stateWords[step.state]
  return html`<li class="${tone}"${step.id === way.current && html` aria-current="step"`}><span class="number" aria-hidden="true">${index + 1}</span>
    <div><strong>${step.title}</strong> ${Parts.badge(tone, label)}<p>${step.detail}</p></div></li>`
})}</ol>`

const told = (desk: Desk, account: Account.Present, channel: Channel.Channel): Markup => {
  const list = Requirements.of(channel, account.accountType)
  return list.length === 0 ? nothing : html`<h3>Before you go on</h3>${findings.requirements(list)}
    <p class="muted">${desk.productName} checks this afterwards, too, and says which of it is missing.</p>`
}

const unavailable = (channel: Channel.Channel) =>
  Parts.notice("info", `${Channel.label[channel]} is not set up in this installation`,
    "Your operator can add the provider's credentials; then it can be connected here.")

const accessStep = (desk: Desk, account: Account.Present, step: Onboarding.Step): Markup => {
  const { channel, connectionId } = step
  if (channel === undefined || connectionId === undefined) return nothing
  if (!desk.offers(channel)) return unavailable(channel)
  if (Channel.accessBy(channel) === "partner") {
    return html`${told(desk, account, channel)}<p>There is nothing to sign in to. Tell us which advertiser to wait for, or link one that is here.</p>
      <a class="button" href="/connections/${connectionId}/advertisers">See advertisers</a>`
  }
  return html`${told(desk, account, channel)}
    <form method="post" action="/start/${account.id}/advertising"><button>Connect ${Channel.label[channel]}</button></form>
    <p class="muted">You go to ${Words.providerName(channel)}, sign in, agree, and come back here. Does somebody else have the login? <a href="/accounts/${account.id}">Send an auth link</a>.</p>`
}

const sellingPartnerForm = (account: Account.Present, wrong: string | undefined): Markup => html`
  <form method="post" action="/start/${account.id}/selling-partner">
    <label class="tick"><input type="checkbox" name="agreed" value="yes" required> The login that connected advertising has the advertising
      permission in Seller Central, and I agree that sales, inventory and content are read.</label>
    ${wrong !== undefined && html`<p class="error" role="alert">${wrong}</p>`}
    <button>Confirm and continue to Amazon</button></form>`

const secondStep = (desk: Desk, account: Account.Present, step: Onboarding.Step, pending: string | undefined, wrong: string | undefined): Markup => {
  const { channel } = step
  if (channel === undefined) return nothing
  if (pending !== undefined) return html`<a class="button" href="/pending/${pending}">Confirm the seller</a>`
  if (!desk.offers(channel)) return unavailable(channel)
  return account.accountType === "seller"
    ? html`${told(desk, account, channel)}${sellingPartnerForm(account, wrong)}
      <p class="muted">An agency's user is refused by Amazon until the primary account owner has given the permission. If you end on a page of Amazon that says so, come back here: nothing is lost.</p>`
    : html`<p>${step.detail} It adds sales and traffic.</p>
      <form method="post" action="/start/${account.id}/selling-partner"><button class="secondary">Connect ${Channel.label[channel]}</button></form>`
}

const syncStep = (account: Account.Present, way: Onboarding.Onboarding, overall: number | undefined, now: DateTime.Utc): Markup => {
  const { sync } = way
  return html`<div id="sync"${sync?.state !== "in-sync" && html` hx-get="/start/${account.id}/sync" hx-trigger="every 5s" hx-swap="outerHTML"
      hx-status:4xx="swap:none" hx-status:5xx="swap:none"`}>
    ${sync === undefined ? html`<p role="status">It is being planned and starts in a moment.</p>`
      : sync.state === "in-sync" ? Parts.notice("good", "In sync", "The history is loaded, and new days follow by themselves.")
      : sync.state === "overdue"
      ? Parts.notice("act", "Not in sync after 48 hours", "Support has been told and looks into it. The load goes on by itself; nobody has to start again, and you hear from us when it is complete.")
      : html`<p role="status"><strong>Syncing.</strong> It should be complete ${Parts.whenFully(sync.dueAt, now)}. You can leave this page.</p>`}
    ${overall !== undefined && sync?.state !== "in-sync" && html`${Parts.bar("History loaded", overall, sync?.state === "overdue" ? "act" : "info")}
      <p class="muted">${Words.percent(overall)} % loaded</p>`}
  </div>`
}

const overallOf = (views: Effect.Success<ReturnType<typeof wayOf>>["views"], marketplaceId: Marketplace.MarketplaceId): number | undefined => {
  const shares = views.flatMap(({ backfill, connection }) =>
    connection.marketplaceId === marketplaceId && backfill !== undefined ? [backfill.overall] : [])
  return shares.length === 0 ? undefined : shares.reduce((sum, one) => sum + one, 0) / shares.length
}

const wayPage = Effect.fnUntraced(function*(desk: Desk, c: Context, me: Layout.Me, account: Account.Present, wrong?: string, status: Status = 200) {
  const now = yield* Web.now
  const { views, way } = yield* wayOf(desk, me, account)
  const mayConnect = may(me, "connect", account)
  const current = way.steps.find(({ id }) => id === way.current)
  const optional = way.steps.filter(({ state }) => state === "optional")
  const pendingOf = (step: Onboarding.Step) => {
    const found = views.find(({ connection }) => connection.id === step.connectionId)?.connection
    return found === undefined ? undefined : Connection.pendingOf(found)?.authorizationId
  }
  const body = (step: Onboarding.Step): Markup => {
    switch (step.id) {
      case "access": return step.state === "now" || step.state === "waiting" ? accessStep(desk, account, step) : nothing
      case "choose": {
        const pending = pendingOf(step)
        return pending === undefined ? nothing
          : html`<p>${step.detail} If the one you want is of another country of the same region, choosing it moves the account there after you confirm.</p>
            <p class="buttons"><a class="button" href="/pending/${pending}">Choose</a>
            <a class="button secondary outline" href="/connections/${step.connectionId ?? ""}/diagnosis">Nothing to choose from?</a></p>`
      }
      case "second-channel": return secondStep(desk, account, step, pendingOf(step), wrong)
      default: return nothing
    }
  }
  c.header("Content-Security-Policy", Web.departingPolicy)
  return Web.send(c, Layout.memberPage(desk, me, `Set up ${account.name}`, "companies", html`
    ${Parts.pageHead(html`Set up ${theirs(account.name)}`, {
      crumbs: [{ href: `/accounts/${account.id}`, label: theirs(account.name) }],
      lead: html`${Words.marketplaceName(way.marketplaceId)} · ${AccountType.label[account.accountType]}`
    })}
    ${way.connected && Parts.notice("good", way.steps.some(({ id, state }) => id === "second-channel" && state === "done")
      ? "Selling partner connected" : "Connected", way.complete ? "Everything is in sync." : "Next: syncing. It goes on without you.")}
    <div class="split"><div>
      ${current !== undefined && current.id !== "sync" && html`<section class="card" aria-labelledby="step"><p class="eyebrow">Your next step</p>
        <h2 id="step">${current.title}</h2>${mayConnect ? body(current) : Parts.onlyLooking("An owner, admin or member of your organization")}</section>`}
      ${way.steps.some(({ id, state }) => id === "choose" && state === "done") && html`<section class="card" aria-labelledby="syncing"><h2 id="syncing">Syncing</h2>
        ${syncStep(account, way, overallOf(views, way.marketplaceId), now)}</section>`}
      ${mayConnect && optional.map((step) => html`<section class="card"><h2>${step.title}</h2>${secondStep(desk, account, step, pendingOf(step), wrong)}</section>`)}
    </div><div><section class="card" aria-labelledby="where"><h2 id="where">Where you are</h2>${trail(way)}
      <p class="muted">Leave whenever you like; <a href="/start">Connect an account</a> leads back here.</p></section></div></div>`), status)
})

const readNew = (form: Web.Form) => {
  const type = AccountType.AccountType.literals.find((one) => one === Web.one(form, "type"))
  const marketplace = Marketplace.find(Web.one(form, "marketplace"))
  const fields = {
    type: Result.fromOption(Option.fromUndefinedOr(type), () => "Choose what kind of account it is."),
    name: Input.name(Web.one(form, "name"), "the account"),
    marketplace: Option.match(marketplace, {
      onNone: () => Result.fail("Choose a marketplace from the list."),
      onSome: (found) => type !== undefined && Channel.required(found.provider, type).length === 0
        ? Result.fail("Choose a marketplace of the same provider as the kind of account.") : Result.succeed(found.id)
    })
  }
  return { input: Result.all(fields), errors: Input.errorsOf(fields) }
}

/** `/start` and `/start/{id}`. */
export const routes: Routes = (app, desk) => {
  const remember = (c: Context, accountId: string) => setCookie(c, startCookie, accountId, {
    httpOnly: true, sameSite: "Lax", path: "/", maxAge: 86_400, secure: desk.secureCookies
  })

  app.get("/start", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.member(desk, c)
      yield* Effect.fromResult(Access.check(me, "administer"))
      return yield* newPage(desk, c, me, Parts.blank, Redacted.value(yield* desk.secrets.token))
    })))

  app.post("/start", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.member(desk, c)
      yield* Effect.fromResult(Access.check(me, "administer"))
      const form = yield* Web.readForm(c)
      const key = Web.one(form, "key").slice(0, 90)
      const { errors, input } = readNew(form)
      const again = (found: Parts.FormState["errors"], status: Status) => newPage(desk, c, me, { values: Web.typed(form), errors: found }, key, status)
      if (Result.isFailure(input)) return yield* again(errors, 422)
      const { marketplace, name, type } = input.success
      const once = (what: string) => Effect.map(desk.secrets.digest(Redacted.make(JSON.stringify([what, input.success, Web.one(form, "company")]))),
        (fingerprint) => key === "" ? undefined : { key: `console/${key}/${what}`, fingerprint })
      const { items } = yield* desk.companies.list(me, undefined, { limit: companiesShown })
      const chosen = items.find(({ id }) => id === Web.one(form, "company"))
      const company = chosen ?? (yield* desk.companies.add(me, { name, brand: name }, yield* once("company"))).company
      return yield* desk.accounts.create(me, { companyId: company.id, name, accountType: type, marketplaces: [marketplace] }, yield* once("account")).pipe(
        Effect.map((account) => c.redirect(`/start/${account.id}`, 303)),
        Effect.catchTag("Refused", (refused) => refused.reason === "contradiction" ? again({ form: refused.message }, 422) : Effect.fail(refused))
      )
    })))

  app.get("/start/:id", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.member(desk, c)
      return yield* wayPage(desk, c, me, yield* desk.accounts.view(me, yield* Web.idParam(c, Id.AccountId)))
    })))

  app.get("/start/:id/sync", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.caller(desk, c)
      const account = yield* desk.accounts.view(me, yield* Web.idParam(c, Id.AccountId))
      const { views, way } = yield* wayOf(desk, me, account)
      return Web.send(c, syncStep(account, way, overallOf(views, way.marketplaceId), yield* Web.now))
    })))

  /** Leaves for the provider, and is led back to the way afterwards. */
  const depart = Effect.fnUntraced(function*(c: Context, me: Access.Caller, accountId: Id.AccountId, connectionId: Id.ConnectionId) {
    const departure = yield* desk.connecting.authenticateNow(me, connectionId, Web.browserOf(c))
    remember(c, accountId)
    return Web.depart(desk, c, departure)
  })

  app.post("/start/:id/advertising", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.caller(desk, c)
      const account = yield* desk.accounts.view(me, yield* Web.idParam(c, Id.AccountId))
      const { way } = yield* wayOf(desk, me, account)
      const step = way.steps.find(({ id }) => id === "access")
      return step?.connectionId === undefined || step.state === "done" ? c.redirect(`/start/${account.id}`, 303)
        : yield* depart(c, me, account.id, step.connectionId)
    })))

  app.post("/start/:id/selling-partner", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.member(desk, c)
      const account = yield* desk.accounts.view(me, yield* Web.idParam(c, Id.AccountId))
      const { way } = yield* wayOf(desk, me, account)
      const step = way.steps.find(({ id }) => id === "second-channel")
      if (step?.connectionId === undefined || (step.state !== "now" && step.state !== "optional")) return c.redirect(`/start/${account.id}`, 303)
      if (account.accountType === "seller") {
        const agreed = Web.one(yield* Web.readForm(c), "agreed") === "yes"
        if (!agreed) return yield* wayPage(desk, c, me, account, "Tick the box first; without the permission Amazon refuses the login.", 422)
        // Who said so, and when, is on record (rule P-R10).
        yield* desk.diagnoses.answer(me, step.connectionId, "advertising-permission-in-seller-central", true)
      }
      return yield* depart(c, me, account.id, step.connectionId)
    })))
}
