/** The forms that tell what was done at the provider about one account, and put right what was noted wrongly. */
import type { ProviderAccount } from "@portolan/domain"
import type { Consolidations } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import { html, type Markup } from "../../page/html.ts"
import { press, type Shown } from "./plan.ts"

const { mainAccount, shared } = words

/** A login at the provider. */
export type Login = ProviderAccount.Credential
/** An account as the provider knows it. */
export type AtProvider = Consolidations.ConsolidationView["consolidation"]["accounts"][number]

/** A choice of logins. */
export interface LoginSelect {
  readonly name: string
  readonly label: string
  readonly id: string
  readonly logins: ReadonlyArray<Login>
  /** What the empty choice is called; absent when there is none. */
  readonly blank?: string
}

/** The choice of a login. */
export const loginSelect = ({ blank, id, label, logins, name }: LoginSelect): Markup =>
  html`<label for="${id}">${label}</label><select id="${id}" name="${name}">${
    blank !== undefined && html`<option value="">${blank}</option>`
  }${logins.map((login) => html`<option value="${login.id}">${login.name}</option>`)}</select>`

const hidden = (fields: { readonly [name: string]: string }): ReadonlyArray<Markup> =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

/** The forms that tell what was done at the provider about one account. */
export const changes = ({ base, view }: Shown, account: AtProvider): Markup => {
  const logins = view.consolidation.credentials.filter(({ provider }) => provider === account.provider)
  const { administratorId, id } = account
  if (administratorId === undefined) {
    return html`<form method="post" action="${base}/administrator">${hidden({ account: id })}
      ${loginSelect({
        name: "login",
        label: mainAccount.whoAdministers,
        id: `admin-${id}`,
        logins
      })}<button class="small secondary">${shared.save}</button></form>`
  }
  const others = logins.filter((login) => login.id !== administratorId)
  const common = hidden({ account: id, performer: administratorId })
  return html`<form method="post" action="${base}/hand-over">${common}
      ${loginSelect({
        name: "login",
        label: mainAccount.handedOverTo,
        id: `over-${id}`,
        logins: others
      })}<button class="small secondary">${shared.save}</button></form>
    <form method="post" action="${base}/grant">${common}
      ${loginSelect({ name: "login", label: mainAccount.accessGrantedTo, id: `grant-${id}`, logins: others })}
      <select name="permission" aria-label="${mainAccount.permission}">
        <option value="edit">${shared.viewAndEdit}</option>
        <option value="view">${mainAccount.viewOnly}</option></select>
      <button class="small secondary">${shared.save}</button></form>
    <form method="post" action="${base}/correct-administrator">${hidden({ account: id })}
      <p class="muted">${mainAccount.wrongNameEffects}</p>
      ${loginSelect({
        name: "login",
        label: mainAccount.wrongName,
        id: `right-${id}`,
        logins: others,
        blank: mainAccount.notKnownYet
      })}<button class="small secondary outline">${mainAccount.correctName}</button></form>
    ${secondary(view, account).map(({ credential }) =>
      press({
        action: `${base}/withdraw`,
        fields: { account: id, performer: administratorId, login: credential.id },
        label: mainAccount.accessWithdrawn({ login: credential.name })
      })
    )}`
}

/** The logins that see an account without administering it. */
export const secondary = (view: Consolidations.ConsolidationView, { id }: AtProvider) =>
  (view.coverage.find(({ accountId }) => accountId === id)?.logins ?? []).filter(({ role }) => role !== "administrator")
