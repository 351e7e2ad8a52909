/** Pages about API keys. */
import { type Access, Actor, ApiKey } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { type DateTime, Redacted } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { accessScopeFields, describeAccessScope } from "../members/accessFields.ts"
import type { Offer } from "../members/offer.ts"

/** Scopes a key can have, with what they mean. Owning is left to the owner in person. */
export const scopes: ReadonlyArray<readonly [Access.Action, string]> = [
  ["read", words.apiKeys.mayRead],
  ["connect", words.apiKeys.mayConnect],
  ["administer", words.apiKeys.mayAdminister],
  ["manage-people", words.apiKeys.mayManagePeople]
]

/** How long a key can live, in days. */
export const lives: ReadonlyArray<readonly [number, string]> = [
  [30, words.shared.days30],
  [90, words.apiKeys.days90],
  [365, words.apiKeys.year1],
  [730, words.apiKeys.years2]
]

const endOf = (key: ApiKey.Present, now: DateTime.Utc): Markup => {
  if (key._tag === "Revoked")
    return html`${Components.badge("idle", words.shared.revoked)} <span
      class="muted">${Components.when(key.revokedAt, now)}</span>`
  return ApiKey.isLive(key, now)
    ? Components.whenFully(key.expiresAt, now)
    : Components.badge("idle", words.shared.over)
}

const row = (key: ApiKey.Present, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="${words.apiKeys.key}">${isolateText(key.name)}<br><small
    class="muted"><code>${key.start}…</code> ${words.shared.byActor({
      actor: isolateText(Actor.describe(key.createdBy))
    })}</small></th>
  <td data-label="${words.apiKeys.may}">${key.scopes.join(", ")} <span class="muted">${words.apiKeys.asRole({
    role: key.role
  })}</span></td>
  <td data-label="${words.shared.mayLookAt}">${describeAccessScope(key.accessScope)}</td>
  <td data-label="${words.shared.ends}">${endOf(key, now)}</td>
  <td class="end">${
    ApiKey.isLive(key, now) &&
    Components.confirmed({
      label: words.apiKeys.revoke,
      question: words.apiKeys.revokeQuestion({ name: key.name }),
      action: `/api-keys/${key.id}/revoke`,
      yes: words.apiKeys.yesRevoke
    })
  }</td></tr>`

/** What the list of API keys shows. */
export interface KeysPageModel {
  readonly cursor: string
  readonly done: string | undefined
  readonly now: DateTime.Utc
  readonly page: Repository.Page<ApiKey.Present>
}

/** The list of API keys. */
export const keysPage = ({ cursor, done, now, page }: KeysPageModel): MemberPage => {
  const add = html`<a class="button" href="/api-keys/new">${words.apiKeys.newKey}</a>`
  return {
    title: words.shared.apiKeys,
    body: html`
    ${Components.pageHead(words.shared.apiKeys, {
      lead: words.apiKeys.lead({ api: html`<a href="/docs">${words.apiKeys.theApi}</a>` }),
      ...(page.items.length > 0 ? { actions: add } : {})
    })}
    ${done === "revoked" && Components.notice("good", words.apiKeys.isRevoked)}
    ${
      page.items.length === 0
        ? Components.empty(words.apiKeys.none, words.apiKeys.noneHint, add)
        : html`<table class="rows" aria-label="${
            words.shared.apiKeys
          }"><thead><tr><th scope="col">${words.apiKeys.key}</th><th scope="col">${words.apiKeys.may}</th>
        <th scope="col">${words.shared.mayLookAt}</th>
        <th scope="col">${words.shared.ends}</th><th scope="col"><span class="sr-only">${
          words.shared.actions
        }</span></th></tr></thead>
          <tbody>${page.items.map((key) => row(key, now))}</tbody></table>`
    }
    ${Components.pagination("/api-keys", { cursor }, page)}`
  }
}

/** What the form of a new key shows. */
export interface NewKeyPageModel {
  readonly key: string
  readonly offer: Offer
  readonly state: Fields.FormState
  readonly status: Status
  readonly ticked: ReadonlyArray<string>
}

/** The form of a new key. */
export const newKeyPage = ({ key, offer, state, status, ticked }: NewKeyPageModel): MemberPage => {
  const days = state.values["days"] ?? "365"
  return {
    title: words.apiKeys.newKey,
    status,
    body: html`
    ${Components.pageHead(words.apiKeys.newKey, { crumbs: [{ href: "/api-keys", label: words.shared.apiKeys }] })}
    <form method="post" action="/api-keys" class="card form"><input type="hidden" name="key" value="${key}">
      ${Fields.textField(state, "name", words.shared.name, { hint: words.apiKeys.nameHint })}
      <fieldset class="choices"><legend>${words.apiKeys.whatItMayDo}</legend>${scopes.map(
        ([scope, what]) => html`<label class="choice">
        <input type="checkbox" name="scope" value="${scope}"${ticked.includes(scope) && html` checked`}><span><strong>${
          scope
        }</strong><small>${what}</small></span></label>`
      )}
        ${Fields.fieldError(state, "scope")}</fieldset>
      ${accessScopeFields({ action: "/api-keys", offer, state }, words.apiKeys.whichAccounts)}
      <div class="field"><label for="field-days">${
        words.apiKeys.endsAfter
      }</label><select id="field-days" name="days">${lives.map(
        ([count, label]) => html`<option value="${count}"${String(count) === days && html` selected`}>${label}</option>`
      )}</select></div>
      <div class="buttons"><button>${words.apiKeys.make}</button><a class="button secondary outline"
        href="/api-keys">${words.shared.cancel}</a></div>
    </form>`
  }
}

/** What the page that shows a new key once shows. */
export interface KeyMadePageModel {
  readonly key: ApiKey.Present
  readonly secret: Redacted.Redacted<string> | undefined
}

/** The page that shows a new key once. */
export const keyMadePage = ({ key, secret }: KeyMadePageModel): MemberPage => ({
  title: words.apiKeys.made,
  body: html`
    ${Components.pageHead(isolateText(key.name), { crumbs: [{ href: "/api-keys", label: words.shared.apiKeys }] })}
    ${
      secret === undefined
        ? Components.notice("wait", words.apiKeys.madeBefore, words.apiKeys.madeBeforeHint)
        : html`${Components.notice("good", words.apiKeys.isMade, words.apiKeys.copyNow)}
        <section class="card form"><label for="secret">${
          words.apiKeys.theKey
        }</label><input id="secret" type="text" readonly
          value="${Redacted.value(secret)}" autocomplete="off">
          <p class="muted">${words.apiKeys.howToSend}</p></section>`
    }
    <p><a class="button secondary" href="/api-keys">${words.shared.done}</a></p>`
})
