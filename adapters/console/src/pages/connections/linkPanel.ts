/** An auth link as its sender sees it: the address to copy, its end, its status, and withdrawing it (rule K-R9). */
import { Actor, Evidence } from "@portolan/domain"
import type { AuthLinks } from "@portolan/ports"
import { DateTime, Redacted } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { html, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"

/** How long a link may be told to live; the domain allows one hour to 30 days. */
export const linkLives: ReadonlyArray<{ readonly hours: number; readonly label: string }> = [
  { hours: 24, label: words.connections.day1 },
  { hours: 72, label: words.connections.days3 },
  { hours: 168, label: words.connections.days7 },
  { hours: 720, label: words.shared.days30 }
]

const tones: { readonly [label: string]: Labels.Tone } = { Open: "info", Used: "good" }

/** One link. The address is shown to those who may connect, because anybody who has it can use it. */
export const linkPanel = ({ link, url }: AuthLinks.LinkWithAddress, now: DateTime.Utc, mayConnect: boolean): Markup => {
  const { isOpen, label, nextStep, reason } = Evidence.ofInvitation(link, now)
  const id = `link-${link.id}`
  return html`<div class="link-panel">
    <div class="link-head"><strong>${
      link.request === undefined
        ? words.shared.authLink
        : html`<a href="/requests/${link.id}">${words.connections.requestTo({ owner: link.request.owner.name })}</a>`
    }</strong> ${Components.badge(tones[label] ?? "idle", label)}
      <span class="muted">${words.connections.createdBy({
        at: Components.when(link.issuedAt, now),
        actor: Actor.describe(link.issuedBy)
      })}</span></div>
    ${
      isOpen &&
      mayConnect &&
      url !== undefined &&
      html`<label for="${id}">${words.shared.addressToSend}</label>
      <div class="joined"><input id="${id}" type="text" readonly value="${Redacted.value(url)}" autocomplete="off"
        spellcheck="false">
        <button type="button" class="secondary outline" data-copy="${id}" hidden>${words.shared.copy}</button></div>
      <p id="${id}-status" class="copy-status" role="status"></p>`
    }
    <p>${reason}${
      isOpen
        ? html` ${words.connections.expires({ at: Components.whenFully(link.expiresAt, now) })}`
        : html` ${nextStep}`
    }</p>
    ${
      isOpen &&
      mayConnect &&
      Components.confirmed({
        label: words.connections.withdraw,
        question: words.connections.withdrawQuestion,
        action: link.request === undefined ? `/links/${link.id}/revoke` : `/requests/${link.id}/revoke`,
        yes: words.shared.withdrawIt
      })
    }
  </div>`
}
