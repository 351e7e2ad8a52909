/**
 * The logins of a company and its accounts at the provider: who administers what, who sees what, and telling us so
 * (rules S-R1 to S-R3).
 */
import { type Account, AccountType } from "@portolan/domain"
import type { Consolidations } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import * as Fields from "../../page/fields.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import { type AtProvider, changes, type Login, loginSelect, secondary } from "./changes.ts"
import { press, type Shown } from "./plan.ts"

const { mainAccount, shared } = words

/** What a consent serves tells it apart best; the id that Amazon gave its login comes last and may be cut off. */
const consentOption = ({ grant, profiles }: Consolidations.ConsolidationView["consents"][number]): Markup =>
  html`<option value="${grant.id}">${
    profiles.length > 0 && `${mainAccount.consentFor({ profiles: profiles.slice(0, 2), more: profiles.length - 2 })}: `
  }${Labels.regionName(grant.region)}, ${Format.day(grant.consentedAt)}${
    grant.grantor !== undefined && `, ${grant.grantor}`
  }</option>`

const lookForm = ({ base, view }: Shown, login: Login): Markup => {
  const own = view.consents.some(({ credentialId }) => credentialId === login.id)
  const free = view.consents.filter(({ credentialId }) => credentialId === undefined)
  if (login.provider !== "amazon") return nothing
  if (own) return press({ action: `${base}/look`, fields: { login: login.id }, label: mainAccount.lookWhatItSees })
  if (free.length === 0) return html`<p class="muted">${mainAccount.connectToLook}</p>`
  return html`<form method="post" action="${
    base
  }/look" class="press wide-press"><input type="hidden" name="login" value="${login.id}">
    <label for="look-${login.id}">${mainAccount.lookThrough}</label>
    <div class="joined"><select id="look-${login.id}" name="consent">${free.map(consentOption)}</select>
      <button class="small secondary">${mainAccount.look}</button></div></form>`
}

const loginItem = (shown: Shown, login: Login, now: DateTime.Utc): Markup => {
  const { base, mayAct, view } = shown
  const look = view.consolidation.looks.find(({ credentialId }) => credentialId === login.id)
  const { main } = view.plan
  const isMain = main?.id === login.id
  const tone = ["small", "secondary", "outline", ...(main === undefined ? ["urgent"] : [])].join(" ")
  return html`<li><div class="link-head"><strong>${isolateText(login.name)}</strong>${
    isMain && Components.badge("info", mainAccount.mainLogin)
  }
      <span class="muted">${login.email}${
        look !== undefined && html` ${mainAccount.looked({ at: Components.when(look.at, now) })}`
      }</span></div>
    ${
      mayAct &&
      html`<div class="buttons">${
        !isMain && press({ action: `${base}/main`, fields: { login: login.id }, label: mainAccount.makeMain, tone })
      }
      ${
        !isMain &&
        press({
          action: `${base}/remove-login`,
          fields: { login: login.id },
          label: html`${shared.remove}<span class="sr-only"> ${login.name}</span>`
        })
      }
      ${lookForm(shown, login)}</div>`
    }</li>`
}

const addLogin = (base: string, added: Fields.FormState): Markup =>
  html`<form method="post" action="${base}/logins" class="form">
  <h3>${mainAccount.addLogin}</h3>
  ${Fields.textField(added, "name", shared.name, { hint: mainAccount.whoseLogin })}
  <div class="field"><label for="login-email">${mainAccount.emailOptional}</label>
    <input id="login-email" name="email" type="email" value="${added.values["email"] ?? ""}"></div>
  <button class="small secondary">${mainAccount.addLoginNow}</button></form>`

/** Every login, which of them is the main one, and adding one. */
export const loginsSection = (shown: Shown, now: DateTime.Utc, added: Fields.FormState): Markup =>
  html`<section class="card" aria-labelledby="logins"><h2 id="logins">${shared.logins}</h2>
  <ul class="plain rows-list">${shown.view.consolidation.credentials.map((login) => loginItem(shown, login, now))}</ul>
  ${shown.mayAct && addLogin(shown.base, added)}</section>`

const accountItem = (shown: Shown, account: AtProvider): Markup => {
  const { base, mayAct, view } = shown
  const administrator = view.consolidation.credentials.find(({ id }) => id === account.administratorId)
  const what = [AccountType.label(account.accountType), ...account.marketplaceIds.map(Labels.marketplaceName)].join(
    ", "
  )
  const alsoSeen = secondary(view, account).map(
    ({ credential, permission }) =>
      html` ${mainAccount.alsoSeenBy({ login: isolateText(credential.name), permission })}`
  )
  return html`<li><div class="link-head"><strong>${isolateText(account.name)}</strong><span
    class="muted">${what}</span></div>
    <p>${
      account.administratorId === undefined
        ? html`${Components.badge("wait", mainAccount.administratorUnknown)}`
        : mainAccount.administeredByLogin({ login: html`<strong>${isolateText(administrator?.name ?? "")}</strong>` })
    }
      ${alsoSeen}</p>
    ${
      mayAct &&
      html`<details class="inline-form">
      <summary
        class="button secondary outline small">${shared.change}<span class="sr-only"> ${account.name}</span></summary>
      ${changes(shown, account)}
      ${
        account.linkedAccountId !== undefined &&
        press({ action: `${base}/unlink-account`, fields: { account: account.id }, label: mainAccount.unlink })
      }
      ${press({
        action: `${base}/remove-account`,
        fields: { account: account.id },
        label: mainAccount.takeOff
      })}</details>`
    }</li>`
}

type Unknown = Consolidations.ConsolidationView["consolidation"]["looks"][number]["unknown"][number] & {
  readonly credentialId: Login["id"]
}

const unknownItem = ({ credentialId, id, name }: Unknown, logins: ReadonlyArray<Login>): Markup =>
  html`<li>${isolateText(name === "" ? id : name)}
    <span class="muted">${mainAccount.seenBy({
      login: isolateText(logins.find((one) => one.id === credentialId)?.name ?? "")
    })}</span></li>`

const namedFields = (added: Fields.FormState, unknown: ReadonlyArray<Unknown>): Markup => html`
  <div class="field"><label for="account-name">${shared.name}</label>
    <input id="account-name" name="name" value="${added.values["name"] ?? ""}"></div>
  <div class="field"><label for="account-id">${mainAccount.idOptional}</label>
    <input id="account-id" name="id" value="${added.values["id"] ?? ""}" list="seen-ids">
    <datalist id="seen-ids">${unknown.map(
      ({ id, name }) => html`<option value="${id}">${name}</option>`
    )}</datalist></div>
  <div class="field"><label for="account-type">${mainAccount.kind}</label><select id="account-type"
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
  return html`<form method="post" action="${base}/accounts" class="form"><h3>${mainAccount.addAccount}</h3>
    ${error !== undefined && html`<p class="error" role="alert">${error}</p>`}
    <div class="field"><label for="linked">${mainAccount.ownAccounts}</label>
      <select id="linked" name="linked"><option value="">${mainAccount.anotherBelow}</option>
      ${free.map(
        ({ id, name }) =>
          html`<option value="${id}"${added.values["linked"] === id && html` selected`}>${name}</option>`
      )}</select></div>
    <details class="more"${free.length === 0 && html` open`}>
      <summary>${mainAccount.anotherOne}</summary>${namedFields(added, unknown)}</details>
    <div class="field">${loginSelect({
      name: "administrator",
      label: mainAccount.administeredBy,
      id: "account-admin",
      logins: view.consolidation.credentials,
      blank: mainAccount.notKnownYet
    })}</div>
    <button class="small secondary">${mainAccount.addAccountNow}</button></form>`
}

/**
 * Every account at the provider, what was seen and is not among them, and adding one. `own`: the company's accounts
 * here.
 */
export const accountsSection = (shown: Shown, own: ReadonlyArray<Account.Present>, added: Fields.FormState): Markup => {
  const { accounts, credentials, looks } = shown.view.consolidation
  const free = own.filter(({ id }) => !accounts.some(({ linkedAccountId }) => linkedAccountId === id))
  const unknown = looks.flatMap(({ credentialId, unknown: found }) => found.map((one) => ({ ...one, credentialId })))
  return html`<section class="card" aria-labelledby="accounts"><h2 id="accounts">${mainAccount.atProvider}</h2>
    <ul class="plain rows-list">${accounts.map((account) => accountItem(shown, account))}</ul>
    ${
      unknown.length > 0 &&
      html`<h3>${mainAccount.seenAndNotAdded}</h3>
      <ul class="plain">${unknown.map((one) => unknownItem(one, credentials))}</ul>`
    }
    ${shown.mayAct && addAccount(shown, free, unknown, added)}</section>`
}
