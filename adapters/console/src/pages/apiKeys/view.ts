/** Pages about API keys. */
import { type Access, Actor, ApiKey } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { type DateTime, Redacted } from "effect"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { accessScopeFields, type Choosable, describeAccessScope } from "../members/accessFields.ts"

/** Scopes a key can have, with what they mean. Owning is left to the owner in person. */
export const scopes: ReadonlyArray<readonly [Access.Action, string]> = [
  ["read", "See companies, accounts and how connections stand"],
  ["connect", "Connect accounts and finish what is pending"],
  ["administer", "Manage companies, brands and accounts"],
  ["manage-people", "Manage people, invitations and keys"]
]

/** How long a key can live, in days. */
export const lives: ReadonlyArray<readonly [number, string]> = [
  [30, "30 days"],
  [90, "90 days"],
  [365, "1 year"],
  [730, "2 years"]
]

const endOf = (key: ApiKey.Present, now: DateTime.Utc): Markup => {
  if (key._tag === "Revoked")
    return html`${Components.badge("idle", "Revoked")} <span
      class="muted">${Components.when(key.revokedAt, now)}</span>`
  return ApiKey.isLive(key, now) ? Components.whenFully(key.expiresAt, now) : Components.badge("idle", "Over")
}

const row = (key: ApiKey.Present, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="Key">${isolateText(key.name)}<br><small
    class="muted"><code>${key.start}…</code> by ${isolateText(Actor.describe(key.createdBy))}</small></th>
  <td data-label="May">${key.scopes.join(", ")} <span class="muted">as ${key.role}</span></td>
  <td data-label="Sees">${describeAccessScope(key.accessScope)}</td>
  <td data-label="Ends">${endOf(key, now)}</td>
  <td class="end">${
    ApiKey.isLive(key, now) &&
    Components.confirmed({
      label: "Revoke",
      question: `Revoke ${key.name}? Software that uses it stops working at once.`,
      action: `/api-keys/${key.id}/revoke`,
      yes: "Yes, revoke"
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
  const add = html`<a class="button" href="/api-keys/new">New key</a>`
  return {
    title: "API keys",
    body: html`
    ${Components.pageHead("API keys", {
      lead: html`For software that works with <a href="/docs">the API</a>. A key ends with
      the membership of whoever made it.`,
      ...(page.items.length > 0 ? { actions: add } : {})
    })}
    ${done === "revoked" && Components.notice("good", "The key is revoked")}
    ${
      page.items.length === 0
        ? Components.empty("No keys yet", "Make one for each program, with no more rights than it needs.", add)
        : html`<table class="rows" aria-label="API keys"><thead><tr><th scope="col">Key</th><th scope="col">May</th>
        <th scope="col">Sees</th>
        <th scope="col">Ends</th><th scope="col"><span class="sr-only">Actions</span></th></tr></thead>
          <tbody>${page.items.map((key) => row(key, now))}</tbody></table>`
    }
    ${Components.pagination("/api-keys", { cursor }, page)}`
  }
}

/** What the form of a new key shows. */
export interface NewKeyPageModel {
  readonly all: ReadonlyArray<Choosable>
  readonly key: string
  readonly state: Fields.FormState
  readonly status: Status
  readonly ticked: ReadonlyArray<string>
}

/** The form of a new key. */
export const newKeyPage = ({ all, key, state, status, ticked }: NewKeyPageModel): MemberPage => {
  const days = state.values["days"] ?? "365"
  return {
    title: "New key",
    status,
    body: html`
    ${Components.pageHead("New key", { crumbs: [{ href: "/api-keys", label: "API keys" }] })}
    <form method="post" action="/api-keys" class="card form"><input type="hidden" name="key" value="${key}">
      ${Fields.textField(state, "name", "Name", { hint: "What uses it, e.g. nightly export." })}
      <fieldset class="choices"><legend>What it may do</legend>${scopes.map(
        ([scope, what]) => html`<label class="choice">
        <input type="checkbox" name="scope" value="${scope}"${ticked.includes(scope) && html` checked`}><span><strong>${
          scope
        }</strong><small>${what}</small></span></label>`
      )}
        ${Fields.fieldError(state, "scope")}</fieldset>
      ${accessScopeFields(state, all, "this key")}
      <div class="field"><label for="field-days">Ends after</label><select id="field-days" name="days">${lives.map(
        ([count, label]) => html`<option value="${count}"${String(count) === days && html` selected`}>${label}</option>`
      )}</select></div>
      <div class="buttons"><button>Make the key</button><a class="button secondary outline"
        href="/api-keys">Cancel</a></div>
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
  title: "Key made",
  body: html`
    ${Components.pageHead(isolateText(key.name), { crumbs: [{ href: "/api-keys", label: "API keys" }] })}
    ${
      secret === undefined
        ? Components.notice(
            "wait",
            "This key was made before",
            "Its secret was shown then and cannot be shown again. Revoke it and make another one if it is lost."
          )
        : html`${Components.notice(
            "good",
            "The key is made",
            "Copy it now. It is shown this once and nobody can look it up later."
          )}
        <section class="card form"><label for="secret">The key</label><input id="secret" type="text" readonly
          value="${Redacted.value(secret)}" autocomplete="off">
          <p class="muted">Send it with each request as <code>Authorization: Bearer …</code>. Keep it like a
            password.</p></section>`
    }
    <p><a class="button secondary" href="/api-keys">Done</a></p>`
})
