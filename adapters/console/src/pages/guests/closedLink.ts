/** Pages behind an auth link that is closed or unknown. */
import { Messages } from "@portolan/domain"
import type { AuthLinks } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { Page } from "../../page/send.ts"

const { guests } = words

/** What became of a link that is closed. */
interface LinkEnd {
  readonly title: string
  readonly reason: string
  readonly nextStep: string
  readonly status: Status
}

const expired: LinkEnd = {
  title: guests.expired,
  reason: Messages.text("link.not-used"),
  nextStep: guests.askSender,
  status: 410
}

const linkEnds: { readonly [T in AuthLinks.GuestView["link"]["_tag"]]: LinkEnd } = {
  Open: expired,
  Expired: expired,
  Used: { title: guests.used, reason: guests.usedOnce, nextStep: guests.usedNext, status: 410 },
  Revoked: { title: guests.withdrawn, reason: guests.takenBack, nextStep: guests.askSenderWhetherNew, status: 410 }
}

/** The page behind a link that is closed. */
export const closedLinkPage = (view: AuthLinks.GuestView): Page => {
  const end = linkEnds[view.link._tag]
  const isUsed = view.link._tag === "Used"
  return {
    title: end.title,
    status: end.status,
    body: html`<section class="card"><header class="with-badge">
    <h1>${end.title}</h1>${Components.badge("idle", view.outcome.label)}</header>
    ${Components.reasons(end, isUsed ? Labels.mustAct.nobody : view.contact)}
    ${view.request !== undefined && isUsed && html`<p>${guests.onceConnected}</p>`}
    <p class="muted">${guests.itWasFor({
      account: isolateText(view.accountName),
      company: isolateText(view.companyName)
    })}</p></section>`
  }
}

/** The page behind a link that nobody made. */
export const unknownLinkPage: Page = {
  title: Messages.text("page.unknown-link"),
  status: 404,
  body: html`<section class="card">
    <h1>${Messages.text("page.unknown-link")}</h1>
    ${Components.reasons(
      { reason: guests.addressAltered, nextStep: guests.copyWholeAddress },
      Messages.text("page.you")
    )}</section>`
}
