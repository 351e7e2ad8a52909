/** The page before an organization is closed, and how one that is closed is shown to its people. */
import type { Effects } from "@portolan/domain"
import type { Organizations } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { effectLists } from "../lifecycle/view.ts"

const { organizations, shared } = words

/** What the page before an organization is closed shows. */
export interface ClosingPageModel {
  readonly effects: ReadonlyArray<Effects.Effect>
  readonly organizationName: string
  readonly status: Status
  readonly wrong: string | undefined
}

/** The page before an organization is closed. */
export const closingPage = ({ effects, organizationName, status, wrong }: ClosingPageModel): MemberPage => ({
  title: organizations.close,
  status,
  body: html`
    ${Components.pageHead(organizations.closeQuestion({ organization: isolateText(organizationName) }), {
      crumbs: [{ href: "/settings", label: shared.organization }]
    })}
    <section class="card form" aria-label="${shared.whatHappens}">${effectLists(effects)}
      <form method="post" action="/settings/close">
      <label class="tick"><input type="checkbox" name="confirmed" value="yes" required${
        wrong !== undefined && html` aria-invalid="true" aria-describedby="confirmed-error"`
      }> ${organizations.closeTick}</label>
      ${wrong !== undefined && html`<p id="confirmed-error" class="error" role="alert">${wrong}</p>`}
      <div class="buttons"><button class="danger">${organizations.closeNow}</button>
      <a class="button secondary outline" href="/settings">${organizations.keepOpen}</a></div></form></section>`
})

/** Leads to closing it, for its owner. */
export const closePart = (isOwner: boolean): Markup =>
  isOwner
    ? html`<section class="card form" aria-labelledby="close"><h2 id="close">${organizations.close}</h2>
    <p>${organizations.closeLead} ${words.lifecycle.seeEffects}</p>
    <a class="button secondary outline small" href="/settings/close">${organizations.closeIt}</a></section>`
    : nothing

/** A closed organization in the list of a person's own: until when it can be reopened, and the button for its owner. */
export const closedEntry = ({ organization, role }: Organizations.Membership, now: DateTime.Utc): Markup => {
  if (organization._tag !== "Closing") return nothing
  const until = Components.whenFully(organization.closing.dueAt, now)
  const name = isolateText(organization.name)
  return html`<li><p>${name} <span class="muted">${organizations.isClosed({ until })}</span></p>
    ${
      role === "owner"
        ? html`<form method="post" action="/organizations/${organization.id}/reopen"><button
          class="small">${organizations.reopen({ organization: organization.name })}</button></form>`
        : html`<p class="muted">${organizations.ownerReopens}</p>`
    }</li>`
}
