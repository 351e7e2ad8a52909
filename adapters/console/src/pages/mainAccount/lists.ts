/**
 * The logins of a company and its accounts at the provider: who administers what, who sees what, and telling us so
 * (rules S-R1 to S-R3).
 */
import { type Account, AccountType, type ProviderAccount } from "@portolan/domain"
import type { Consolidations } from "@portolan/ports"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import * as Fields from "../../page/fields.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import { mayWords, press, type Shown } from "./plan.ts"

type Login = ProviderAccount.Credential
type AtProvider = Consolidations.ConsolidationView["consolidation"]["accounts"][number]

interface LoginSelect {
  readonly name: string
  readonly label: string
  readonly id: string
  readonly logins: ReadonlyArray<Login>
  /** What the empty choice is called; absent when there is none. */
  readonly blank?: string
}

const loginSelect = ({ blank, id, label, logins, name }: LoginSelect): Markup =>
  html`<label for="${id}">${label}</label><select id="${id}" name="${name}">${
    blank !== undefined && html`<option value="">${blank}</option>`
  }${logins.map((login) => html`<option value="${login.id}">${login.name}</option>`)}</select>`

/** What a consent serves tells it apart best; the id that Amazon gave its login comes last and may be cut off. */
const consentOption = ({ grant, profiles }: Consolidations.ConsolidationView["consents"][number]): Markup =>
  html`<option value="${grant.id}">${
    profiles.length > 0 &&
    `${profiles.slice(0, 2).join(" and ")}${profiles.length > 2 ? ` and ${profiles.length - 2} more` : ""}: `
  }${Labels.regionName(grant.region)}, ${Format.day(grant.consentedAt)}${
    grant.grantor !== undefined && `, ${grant.grantor}`
  }</option>`

const lookForm = ({ base, view }: Shown, login: Login): Markup => {
  const own = view.consents.some(({ credentialId }) => credentialId === login.id)
  const free = view.consents.filter(({ credentialId }) => credentialId === undefined)
  if (login.provider !== "amazon") return nothing
  if (own) return press({ action: `${base}/look`, fields: { login: login.id }, label: "Look what it sees" })
  if (free.length === 0)
    return html`<p class="muted">To look what it sees, connect Amazon Advertising once with this login.</p>`
  return html`<form method="post" action="${
    base
  }/look" class="press wide-press"><input type="hidden" name="login" value="${login.id}">
    <label for="look-${login.id}">Look through the consent that this login gave</label>
    <div class="joined"><select id="look-${login.id}" name="consent">${free.map(consentOption)}</select>
      <button class="small secondary">Look</button></div></form>`
}

const loginItem = (shown: Shown, login: Login, now: DateTime.Utc): Markup => {
  const { base, mayAct, view } = shown
  const look = view.consolidation.looks.find(({ credentialId }) => credentialId === login.id)
  const { main } = view.plan
  const isMain = main?.id === login.id
  const tone = main === undefined ? "small" : "small secondary outline"
  return html`<li><div class="link-head"><strong>${isolateText(login.name)}</strong>${
    isMain && Components.badge("info", "Main login")
  }
      <span class="muted">${login.email}${
        look !== undefined &&
        html` looked
        ${Components.when(look.at, now)}`
      }</span></div>
    ${
      mayAct &&
      html`<div class="buttons">${
        !isMain && press({ action: `${base}/main`, fields: { login: login.id }, label: "Make it the main login", tone })
      }
      ${
        !isMain &&
        press({
          action: `${base}/remove-login`,
          fields: { login: login.id },
          label: html`Remove<span class="sr-only"> ${login.name}</span>`
        })
      }
      ${lookForm(shown, login)}</div>`
    }</li>`
}

const addLogin = (base: string, added: Fields.FormState): Markup =>
  html`<form method="post" action="${base}/logins" class="form">
  <h3>Add a login</h3>
  ${Fields.textField(added, "name", "Name", {
    hint: "Whose login it is, e.g. “Ada, vendor account”. Never the password."
  })}
  <div class="field"><label for="login-email">E-mail address (optional)</label>
    <input id="login-email" name="email" type="email" value="${added.values["email"] ?? ""}"></div>
  <button class="small">Add login</button></form>`

/** Every login, which of them is the main one, and adding one. */
export const loginsSection = (shown: Shown, now: DateTime.Utc, added: Fields.FormState): Markup =>
  html`<section class="card" aria-labelledby="logins"><h2 id="logins">Logins</h2>
  <ul class="plain rows-list">${shown.view.consolidation.credentials.map((login) => loginItem(shown, login, now))}</ul>
  ${shown.mayAct && addLogin(shown.base, added)}</section>`

const hidden = (fields: { readonly [name: string]: string }): ReadonlyArray<Markup> =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

/** The forms that tell what was done at the provider about one account. */
const changes = ({ base, view }: Shown, account: AtProvider): Markup => {
  const logins = view.consolidation.credentials.filter(({ provider }) => provider === account.provider)
  const { administratorId, id } = account
  if (administratorId === undefined) {
    return html`<form method="post" action="${base}/administrator">${hidden({ account: id })}
      ${loginSelect({
        name: "login",
        label: "Who administers it",
        id: `admin-${id}`,
        logins
      })}<button class="small">Save</button></form>`
  }
  const others = logins.filter((login) => login.id !== administratorId)
  const common = hidden({ account: id, performer: administratorId })
  return html`<form method="post" action="${base}/hand-over">${common}
      ${loginSelect({
        name: "login",
        label: "Administration was handed over to",
        id: `over-${id}`,
        logins: others
      })}<button class="small">Save</button></form>
    <form method="post" action="${base}/grant">${common}
      ${loginSelect({ name: "login", label: "Access was granted to", id: `grant-${id}`, logins: others })}
      <select name="permission" aria-label="Permission">
        <option value="edit">view and edit</option><option value="view">view only</option></select>
      <button class="small">Save</button></form>
    ${secondary(view, account).map(({ credential }) =>
      press({
        action: `${base}/withdraw`,
        fields: { account: id, performer: administratorId, login: credential.id },
        label: `Access of ${credential.name} was withdrawn`
      })
    )}`
}

/** The logins that see an account without administering it. */
const secondary = (view: Consolidations.ConsolidationView, { id }: AtProvider) =>
  (view.coverage.find(({ accountId }) => accountId === id)?.logins ?? []).filter(({ role }) => role !== "administrator")

const accountItem = (shown: Shown, account: AtProvider): Markup => {
  const { base, mayAct, view } = shown
  const administrator = view.consolidation.credentials.find(({ id }) => id === account.administratorId)
  const what = [AccountType.label(account.accountType), ...account.marketplaceIds.map(Labels.marketplaceName)].join(
    ", "
  )
  const alsoSeen = secondary(view, account).map(
    ({ credential, permission }) => html` Also seen by ${isolateText(credential.name)} (${mayWords(permission)}).`
  )
  return html`<li><div class="link-head"><strong>${isolateText(account.name)}</strong><span
    class="muted">${what}</span></div>
    <p>${
      account.administratorId === undefined
        ? html`${Components.badge("wait", "Administrator unknown")}`
        : html`Administered by <strong>${isolateText(administrator?.name ?? "")}</strong>.`
    }
      ${alsoSeen}</p>
    ${
      mayAct &&
      html`<details class="inline-form">
      <summary class="button secondary outline small">Change<span class="sr-only"> ${account.name}</span></summary>
      ${changes(shown, account)}
      ${press({
        action: `${base}/remove-account`,
        fields: { account: account.id },
        label: "Take it off this list"
      })}</details>`
    }</li>`
}

type Unknown = Consolidations.ConsolidationView["consolidation"]["looks"][number]["unknown"][number] & {
  readonly credentialId: Login["id"]
}

const unknownItem = ({ credentialId, id, name }: Unknown, logins: ReadonlyArray<Login>): Markup =>
  html`<li>${isolateText(name === "" ? id : name)}
    <span class="muted">seen by ${isolateText(logins.find((one) => one.id === credentialId)?.name ?? "")}</span></li>`

const namedFields = (added: Fields.FormState, unknown: ReadonlyArray<Unknown>): Markup => html`
  <div class="field"><label for="account-name">Name</label>
    <input id="account-name" name="name" value="${added.values["name"] ?? ""}" autocomplete="off"></div>
  <div class="field"><label for="account-id">The provider's id of it (optional)</label>
    <input id="account-id" name="id" value="${added.values["id"] ?? ""}" autocomplete="off" list="seen-ids">
    <datalist id="seen-ids">${unknown.map(
      ({ id, name }) => html`<option value="${id}">${name}</option>`
    )}</datalist></div>
  <div class="field"><label for="account-type">Kind</label><select id="account-type"
    name="type">${AccountType.all().map(
      (type) => html`<option value="${type}">${AccountType.label(type)}</option>`
    )}</select></div>`

const addAccount = (
  { base, view }: Shown,
  free: ReadonlyArray<Account.Present>,
  unknown: ReadonlyArray<Unknown>,
  added: Fields.FormState
): Markup => {
  const error = added.errors["account"]
  return html`<form method="post" action="${base}/accounts" class="form"><h3>Add an account</h3>
    ${error !== undefined && html`<p class="error" role="alert">${error}</p>`}
    <div class="field"><label for="linked">One of your accounts here</label>
      <select id="linked" name="linked"><option value="">Another one, named below</option>
      ${free.map(
        ({ id, name }) =>
          html`<option value="${id}"${added.values["linked"] === id && html` selected`}>${name}</option>`
      )}</select></div>
    <details class="more"${free.length === 0 && html` open`}>
      <summary>Another one</summary>${namedFields(added, unknown)}</details>
    <div class="field">${loginSelect({
      name: "administrator",
      label: "Administered by",
      id: "account-admin",
      logins: view.consolidation.credentials,
      blank: "Not known yet"
    })}</div>
    <button class="small">Add account</button></form>`
}

/**
 * Every account at the provider, what was seen and is not among them, and adding one. `own`: the company's accounts
 * here.
 */
export const accountsSection = (shown: Shown, own: ReadonlyArray<Account.Present>, added: Fields.FormState): Markup => {
  const { accounts, credentials, looks } = shown.view.consolidation
  const free = own.filter(({ id }) => !accounts.some(({ linkedAccountId }) => linkedAccountId === id))
  const unknown = looks.flatMap(({ credentialId, unknown: found }) => found.map((one) => ({ ...one, credentialId })))
  return html`<section class="card" aria-labelledby="accounts"><h2 id="accounts">Accounts at the provider</h2>
    <ul class="plain rows-list">${accounts.map((account) => accountItem(shown, account))}</ul>
    ${
      unknown.length > 0 &&
      html`<h3>Seen and not added</h3>
      <ul class="plain">${unknown.map((one) => unknownItem(one, credentials))}</ul>`
    }
    ${shown.mayAct && addAccount(shown, free, unknown, added)}</section>`
}
