/**
 * A company's main account (flow F4; rules S-R1 to S-R7): its logins, which of them administers what, who sees what, and the plan
 * that gathers everything under one login. Nothing here changes anything at a provider: people do the steps there, and a look
 * with the login marks them done.
 */
import { Access, type Account, AccountType, type Company, Id, type ProviderAccount } from "@portolan/domain"
import { Consolidations } from "@portolan/ports"
import { type DateTime, Effect, Redacted, Result, Schema } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { type Content, html, type Markup, nothing, theirs } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import { BadRequest, type Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
import * as forms from "./mainAccountForms.ts"

type View = Consolidations.ConsolidationView
type Login = ProviderAccount.Credential

const accountsShown = 100

/** A form with nothing but hidden fields and one button. */
const press = (base: string, kind: string, fields: { readonly [name: string]: string }, label: Content, tone = "small secondary outline"): Markup =>
  html`<form method="post" action="${base}/${kind}" class="press">${Object.entries(fields).map(([name, value]) =>
    html`<input type="hidden" name="${name}" value="${value}">`)}<button class="${tone}">${label}</button></form>`

const loginSelect = (name: string, label: string, id: string, logins: ReadonlyArray<Login>, blank?: string): Markup =>
  html`<label for="${id}">${label}</label><select id="${id}" name="${name}">${blank !== undefined && html`<option value="">${blank}</option>`}${
    logins.map((login) => html`<option value="${login.id}">${login.name}</option>`)}</select>`

const planSection = ({ consolidation, plan }: View, base: string, may: boolean): Markup => html`<section class="card" aria-labelledby="plan">
  <h2 id="plan">The plan</h2>
  ${plan.main === undefined
    ? html`<p>Add the logins and the accounts, say who administers what, and choose the login that is to see them all. The plan then stands here.</p>`
    : plan.steps.length === 0
    ? Parts.notice("good", "Nothing is missing", html`${theirs(plan.main.name)} sees every account that could be planned.`)
    : html`<p>Each person signs in once, at the provider, and grants ${theirs(plan.main.name)} access. Then look again, or tell us that it is done.</p>
      <ol class="plan">${plan.steps.map(({ grants, lines, login }) => html`<li><h3>${theirs(login.name)}</h3><ol class="lines">${
        lines.map((line) => html`<li>${line}</li>`)}</ol>${may && grants.map(({ account }) => press(base, "grant",
          { account: account.id, performer: login.id, login: plan.main?.id ?? "", permission: "edit" }, html`Done: ${account.name}`))}</li>`)}</ol>`}
  ${plan.visible.length > 0 && html`<h3>What it sees already</h3><ul class="plain">${plan.visible.map(({ account, permission, role }) =>
    html`<li>${theirs(account.name)} <span class="muted">${role === "administrator" ? "administers it" : permission === "edit" ? "may edit" : "may only view"}</span></li>`)}</ul>`}
  ${plan.unsolved.length > 0 && html`<h3>Cannot be planned yet</h3>${plan.unsolved.map(({ account, detail, nextStep }) =>
    html`<p class="obstacle"><strong>${theirs(account.name)}:</strong> ${detail} ${nextStep}</p>`)}`}
  ${plan.doubts.map(({ detail, nextStep }) => html`<p class="obstacle warns">${detail} ${nextStep}</p>`)}
  ${consolidation.accounts.length === 0 && consolidation.credentials.length > 0 && html`<p class="muted">No account was added yet.</p>`}
</section>`

const shareSection = ({ address }: View, base: string, mailed: Parts.FormState): Markup => {
  const url = address?.url
  return html`<section class="card" aria-labelledby="share"><h2 id="share">Send the plan</h2>
    <p>An address that shows the plan to people without a sign-in here. It shows nothing else, works for 30 days, and can be withdrawn.</p>
    ${url !== undefined && address !== undefined && html`<label for="plan-address">Address to send</label>
      <div class="joined"><input id="plan-address" type="text" readonly value="${Redacted.value(url)}" autocomplete="off" spellcheck="false">
        <button type="button" data-copy="plan-address" hidden>Copy</button></div><p id="plan-address-status" class="copy-status" role="status"></p>
      <p class="muted">Works until ${Words.absolute(address.share.expiresAt)}.${address.share.mails.length > 0 &&
        ` Mailed to ${address.share.mails.map(({ to }) => to).join(", ")}.`} <a href="${new URL(Redacted.value(url)).pathname}">See what they see</a></p>`}
    <div class="buttons">${press(base, "share", {}, url === undefined ? "Make an address" : "Make a new address", "small")}
      ${url !== undefined && press(base, "unshare", {}, "Withdraw it")}</div>
    <details class="inline-form"${mailed.errors["to"] !== undefined && html` open`}><summary class="button secondary outline small">Mail it</summary>
      <form method="post" action="${base}/mail">${Parts.textField(mailed, "to", "E-mail address", { type: "email" })}
        <label for="field-message">A word to go with it</label><textarea id="field-message" name="message" maxlength="1000">${mailed.values["message"] ?? ""}</textarea>
        <button class="small">Send</button></form></details></section>`
}

const lookForm = (view: View, login: Login, base: string): Markup => {
  const own = view.consents.some(({ credentialId }) => credentialId === login.id)
  const free = view.consents.filter(({ credentialId }) => credentialId === undefined)
  if (login.provider !== "amazon") return nothing
  if (own) return press(base, "look", { login: login.id }, "Look what it sees")
  return free.length === 0
    ? html`<p class="muted">To look what it sees, connect Amazon Advertising once with this login.</p>`
    : html`<form method="post" action="${base}/look" class="press wide-press"><input type="hidden" name="login" value="${login.id}">
      <label for="look-${login.id}">Look through the consent that this login gave</label>
      <div class="joined"><select id="look-${login.id}" name="consent">${free.map(({ grant }) => html`<option value="${grant.id}">${Words.regionName[grant.region]}, ${
        Words.day(grant.consentedAt)}${grant.grantor !== undefined && `, ${grant.grantor}`}</option>`)}</select><button class="small secondary">Look</button></div></form>`
}

const loginsSection = (view: View, base: string, may: boolean, now: DateTime.Utc, added: Parts.FormState): Markup => html`<section class="card" aria-labelledby="logins">
  <h2 id="logins">Logins</h2>
  <ul class="plain rows-list">${view.consolidation.credentials.map((login) => {
    const look = view.consolidation.looks.find(({ credentialId }) => credentialId === login.id)
    const isMain = view.plan.main?.id === login.id
    return html`<li><div class="link-head"><strong>${theirs(login.name)}</strong>${isMain && Parts.badge("info", "Main login")}
        <span class="muted">${login.email}${look !== undefined && html` looked ${Parts.when(look.at, now)}`}</span></div>
      ${may && html`<div class="buttons">${!isMain && press(base, "main", { login: login.id }, "Make it the main login", view.plan.main === undefined ? "small" : "small secondary outline")}
        ${lookForm(view, login, base)}${!isMain && press(base, "remove-login", { login: login.id }, html`Remove<span class="sr-only"> ${login.name}</span>`)}</div>`}</li>`
  })}</ul>
  ${may && html`<form method="post" action="${base}/logins" class="form"><h3>Add a login</h3>
    ${Parts.textField(added, "name", "Name", { hint: "Whose login it is, e.g. “Ada, vendor account”. Never the password." })}
    <div class="field"><label for="login-email">E-mail address (optional)</label><input id="login-email" name="email" type="email" value="${added.values["email"] ?? ""}"></div>
    <button class="small">Add login</button></form>`}</section>`

const accountItem = (view: View, account: View["consolidation"]["accounts"][number], base: string, may: boolean): Markup => {
  const logins = view.consolidation.credentials.filter(({ provider }) => provider === account.provider)
  const nameOf = (id: string) => view.consolidation.credentials.find((one) => one.id === id)?.name ?? ""
  const reaching = view.coverage.find(({ accountId }) => accountId === account.id)?.logins ?? []
  const { administratorId } = account
  const others = logins.filter(({ id }) => id !== administratorId)
  return html`<li><div class="link-head"><strong>${theirs(account.name)}</strong><span class="muted">${[AccountType.label[account.accountType],
      ...account.marketplaceIds.map(Words.marketplaceName)].join(", ")}</span></div>
    <p>${administratorId === undefined ? html`${Parts.badge("wait", "Administrator unknown")}` : html`Administered by <strong>${theirs(nameOf(administratorId))}</strong>.`}
      ${reaching.filter(({ role }) => role !== "administrator").map(({ credential, permission }) => html` Also seen by ${theirs(credential.name)} (${permission === "edit" ? "may edit" : "may only view"}).`)}</p>
    ${may && html`<details class="inline-form"><summary class="button secondary outline small">Change<span class="sr-only"> ${account.name}</span></summary>
      ${administratorId === undefined
        ? html`<form method="post" action="${base}/administrator"><input type="hidden" name="account" value="${account.id}">
            ${loginSelect("login", "Who administers it", `admin-${account.id}`, logins)}<button class="small">Save</button></form>`
        : html`<form method="post" action="${base}/hand-over"><input type="hidden" name="account" value="${account.id}"><input type="hidden" name="performer" value="${administratorId}">
            ${loginSelect("login", "Administration was handed over to", `over-${account.id}`, others)}<button class="small">Save</button></form>
          <form method="post" action="${base}/grant"><input type="hidden" name="account" value="${account.id}"><input type="hidden" name="performer" value="${administratorId}">
            ${loginSelect("login", "Access was granted to", `grant-${account.id}`, others)}
            <select name="permission" aria-label="Permission"><option value="edit">view and edit</option><option value="view">view only</option></select><button class="small">Save</button></form>
          ${reaching.filter(({ role }) => role !== "administrator").map(({ credential }) =>
            press(base, "withdraw", { account: account.id, performer: administratorId, login: credential.id }, `Access of ${credential.name} was withdrawn`))}`}
      ${press(base, "remove-account", { account: account.id }, "Take it off this list")}</details>`}</li>`
}

const accountsSection = (view: View, own: ReadonlyArray<Account.Present>, base: string, may: boolean, added: Parts.FormState): Markup => {
  const { accounts, credentials, looks } = view.consolidation
  const free = own.filter(({ id }) => !accounts.some(({ linkedAccountId }) => linkedAccountId === id))
  const unknown = looks.flatMap(({ credentialId, unknown: found }) => found.map((one) => ({ ...one, credentialId })))
  return html`<section class="card" aria-labelledby="accounts"><h2 id="accounts">Accounts at the provider</h2>
    <ul class="plain rows-list">${accounts.map((account) => accountItem(view, account, base, may))}</ul>
    ${unknown.length > 0 && html`<h3>Seen and not added</h3><ul class="plain">${unknown.map(({ credentialId, id, name }) => html`<li>${theirs(name === "" ? id : name)}
      <span class="muted">seen by ${theirs(credentials.find((one) => one.id === credentialId)?.name ?? "")}</span></li>`)}</ul>`}
    ${may && html`<form method="post" action="${base}/accounts" class="form"><h3>Add an account</h3>
      ${added.errors["account"] !== undefined && html`<p class="error" role="alert">${added.errors["account"]}</p>`}
      <div class="field"><label for="linked">One of your accounts here</label><select id="linked" name="linked"><option value="">Another one, named below</option>
        ${free.map(({ id, name }) => html`<option value="${id}"${added.values["linked"] === id && html` selected`}>${name}</option>`)}</select></div>
      <details class="more"${free.length === 0 && html` open`}><summary>Another one</summary>
        <div class="field"><label for="account-name">Name</label><input id="account-name" name="name" value="${added.values["name"] ?? ""}" autocomplete="off"></div>
        <div class="field"><label for="account-id">The provider's id of it (optional)</label><input id="account-id" name="id" value="${added.values["id"] ?? ""}" autocomplete="off" list="seen-ids">
          <datalist id="seen-ids">${unknown.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</datalist></div>
        <div class="field"><label for="account-type">Kind</label><select id="account-type" name="type">${AccountType.AccountType.literals.map((type) =>
          html`<option value="${type}">${AccountType.label[type]}</option>`)}</select></div></details>
      <div class="field">${loginSelect("administrator", "Administered by", "account-admin", credentials, "Not known yet")}</div>
      <button class="small">Add account</button></form>`}</section>`
}

const done: { readonly [kind: string]: readonly [title: string, text: string] } = {
  saved: ["Noted", "The plan below is up to date."],
  looked: ["Looked just now", "What the login sees is in the plan."],
  shared: ["The address is ready", "Send it to the people named in the plan."],
  unshared: ["Address withdrawn", "Whoever opens it is told so."],
  mailed: ["The mail is on its way", "It carries the address of the plan."]
}

/** What was wrong with a form, to show it again. */
interface Again {
  readonly login?: Parts.FormState
  readonly account?: Parts.FormState
  readonly mail?: Parts.FormState
  readonly notice?: Markup
}

const page = Effect.fnUntraced(function*(desk: Desk, c: Context, me: Layout.Me, id: Id.CompanyId, again: Again = {}, status: Status = 200) {
  const view = yield* desk.consolidations.view(me, id)
  const now = yield* Web.now
  const company: Company.Open = view.company
  const { items: own } = yield* desk.accounts.list(me, id, { limit: accountsShown })
  const base = `/companies/${id}/main-account`
  const may = Access.can(me, "connect")
  const said = done[c.req.query("done") ?? ""]
  return Web.send(c, Layout.memberPage(desk, me, `${company.name}: main account`, "companies", html`
    ${Parts.pageHead("Main account", {
      crumbs: [{ href: "/companies", label: "Companies" }, { href: `/companies/${company.id}`, label: theirs(company.name) }],
      lead: "Gather all accounts under one login. Each account has one administrator, and only the administrator can let another login in."
    })}
    ${again.notice ?? nothing}
    ${c.req.method === "GET" && said !== undefined && Parts.notice("good", said[0], said[1])}
    <div class="split"><div>${planSection(view, base, may)}${accountsSection(view, own, base, may, again.account ?? Parts.blank)}</div>
      <div>${loginsSection(view, base, may, now, again.login ?? Parts.blank)}${
        may && (view.plan.main !== undefined || view.address !== undefined) && shareSection(view, base, again.mail ?? Parts.blank)}
      ${!may && Parts.onlyLooking("An owner, admin or member of your organization")}</div></div>`), status)
})

const isLogin = Schema.is(Id.CredentialId)
const isGrant = Schema.is(Id.GrantId)

/** `/companies/{id}/main-account`. */
export const routes: Routes = (app, desk) => {
  const at = "/companies/:id/main-account"
  app.get(at, Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.member(desk, c)
      return yield* page(desk, c, me, yield* Web.idParam(c, Id.CompanyId))
    })))

  app.post(`${at}/:kind`, Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.member(desk, c)
      const id = yield* Web.idParam(c, Id.CompanyId)
      const form = yield* Web.readForm(c)
      const kind = c.req.param("kind") ?? ""
      const to = (what: keyof typeof done) => c.redirect(`/companies/${id}/main-account?done=${what}`, 303)
      const values = Web.typed(form)
      const act = Effect.gen(function*() {
        switch (kind) {
          case "logins": {
            const login = forms.newLogin(form)
            if (Result.isFailure(login)) return yield* page(desk, c, me, id, { login: { values, errors: { name: login.failure } } }, 422)
            yield* desk.consolidations.addCredential(me, id, login.success)
            return to("saved")
          }
          case "accounts": {
            const account = forms.newAccount(form)
            if (Result.isFailure(account)) return yield* page(desk, c, me, id, { account: { values, errors: { account: account.failure } } }, 422)
            yield* desk.consolidations.addAccount(me, id, account.success)
            return to("saved")
          }
          case "look": {
            const login = Web.one(form, "login")
            const consent = Web.one(form, "consent")
            if (!isLogin(login)) return yield* new BadRequest({ detail: "Choose a login from the list." })
            yield* desk.consolidations.observe(me, id, login, isGrant(consent) ? consent : undefined)
            return to("looked")
          }
          case "share": return yield* Effect.as(desk.consolidations.share(me, id), to("shared"))
          case "unshare": return yield* Effect.as(desk.consolidations.unshare(me, id), to("unshared"))
          case "mail": {
            const address = forms.email(Web.one(form, "to"))
            if (Result.isFailure(address) || address.success === undefined) {
              return yield* page(desk, c, me, id, { mail: { values, errors: { to: "Enter an e-mail address." } } }, 422)
            }
            const message = Web.one(form, "message").trim().slice(0, 1000)
            yield* desk.consolidations.mail(me, id, { email: address.success, ...(message === "" ? {} : { message }) })
            return to("mailed")
          }
          default: {
            const told = forms.told(kind, form)
            if (told === undefined) return yield* new BadRequest({ detail: "Choose from what the page offers." })
            yield* desk.consolidations.tell(me, id, told)
            return to("saved")
          }
        }
      })
      return yield* Effect.catchTag(act, "Refused", (refused) => refused.reason === "not-permitted" && refused.subject === "Access"
        ? Effect.fail(refused)
        : page(desk, c, me, id, { notice: Parts.notice("act", refused.detail, refused.nextStep) }, 409))
    })))
}
