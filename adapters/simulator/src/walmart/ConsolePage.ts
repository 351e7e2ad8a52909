/** The pages of the advertising console, in the manner of the other pages of the simulation (see Html.ts). */
import * as Html from "../core/Html.ts"
import { html } from "../core/Html.ts"
import type { AccessType } from "./Walmart.ts"

/**
 * What an access type is called, and what it allows
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
 */
export const accessNames: Readonly<Record<AccessType, string>> = {
  read: "Read access (reporting)",
  write: "Write access (reporting, create and edit)"
}

/** An advertiser to choose. */
export type Choice = { readonly name: string; readonly id: string; readonly line: string; readonly href: string }

/** The accounts of the person signed in. */
export const choose = (view: Html.Presence, choices: ReadonlyArray<Choice>): string =>
  Html.frame(
    "Advertisers",
    "walmart-advertisers",
    html`
<h1>Choose an advertiser</h1>${Html.presence(view)}
${
  choices.length === 0
    ? html`<p data-outcome="no-advertisers">You have no part in any advertising account.</p>`
    : html`
<ul class="people">${choices.map(
        (one) => html`
<li><a href="${one.href}" data-advertiser="${one.id}"><strong>${one.name}</strong></a><br>
<span class="quiet">${one.line}</span></li>`
      )}
</ul>`
}`
  )

/** One partner in the list of an advertiser. */
export type PartnerRow = {
  readonly id: string
  readonly name: string
  readonly type: AccessType
  readonly since: string
}

/** The Admin page of one advertiser. */
export type Admin = Html.Presence & {
  readonly advertiser: string
  readonly line: string
  readonly back: string
  readonly action: string
  readonly ticket: string
  readonly partners: ReadonlyArray<PartnerRow>
  /** Partners that are not in the list yet. */
  readonly others: ReadonlyArray<{ readonly id: string; readonly name: string }>
  /** Whether the list holds ten. */
  readonly full: boolean
  /** Names of the account admins, when the person signed in is not one of them; null for an admin. */
  readonly askInstead: ReadonlyArray<string> | null
  /** What was done just now; empty for nothing. */
  readonly done: string
  readonly wrong: { readonly rule: string; readonly code: string; readonly text: string } | null
}

const types: ReadonlyArray<AccessType> = ["read", "write"]

const select = (id: string, selected: AccessType) => html`<label for="${id}">Access type</label>
<select name="access" id="${id}">${types.map(
  (type) => html`
<option value="${type}"${type === selected ? " selected" : ""}>${accessNames[type]}</option>`
)}
</select>`

const row = (view: Admin, one: PartnerRow) => html`
<li data-partner="${one.id}" data-access="${one.type}"><strong>${one.name}</strong><br>
<span class="quiet">${accessNames[one.type]}, since ${one.since}</span>
${
  view.askInstead !== null
    ? ""
    : html`
<form method="post" action="${view.action}">${Html.hidden({ ticket: view.ticket, partner: one.id })}
${select(`access-${one.id}`, one.type)}
<div class="actions">
<button type="submit" name="action" value="change" data-action="change"
 aria-label="Save access type of ${one.name}">Save access type</button>
<button type="submit" name="action" value="remove" data-action="remove" aria-label="Remove ${one.name}">Remove</button>
</div></form>`
}</li>`

const addForm = (view: Admin) =>
  view.full
    ? html`<p data-outcome="full">Ten API partners are the most. Remove one to add another.</p>`
    : html`<h2>+ Add Partner</h2>
<form method="post" action="${view.action}" data-form="add">${Html.hidden({ ticket: view.ticket })}
<label for="partner">Partner name</label>
<select name="partner" id="partner" required><option value="">Choose a partner</option>${view.others.map(
        (one) => html`
<option value="${one.id}">${one.name}</option>`
      )}
</select>
${select("access", "read")}
<div class="actions">
<button type="submit" class="main" name="action" value="add" data-action="add">Add Partner</button>
</div></form>`

/** Admin, API Partner - Advertiser level. */
export const admin = (view: Admin): string =>
  Html.frame(
    "API Partner - Advertiser level",
    "walmart-admin",
    html`
<h1>${view.advertiser}</h1><p class="quiet">${view.line}</p>${Html.presence(view)}
<p><a href="${view.back}" data-action="back">Choose another advertiser</a></p>
<h2>API Partner - Advertiser level</h2>
${view.done === "" ? "" : html`<p role="status" data-outcome="done">${view.done}</p>`}
${
  view.wrong === null
    ? ""
    : html`<p role="alert" class="wrong" data-error-code="${view.wrong.code}"
 data-rule="${view.wrong.rule}">${view.wrong.text}</p>`
}
${
  view.askInstead === null
    ? ""
    : html`<p data-outcome="not-admin">Only an account admin can add, change or remove API
partners.
Ask ${view.askInstead.length === 0 ? "the owner to name an account admin" : view.askInstead.join(" or ")}.</p>`
}
${
  view.partners.length === 0
    ? html`
<p data-outcome="no-partners">No API partner has access to this account.</p>`
    : html`
<ul class="people">${view.partners.map((one) => row(view, one))}
</ul>`
}
${view.askInstead === null ? addForm(view) : ""}`
  )
