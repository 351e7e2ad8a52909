/** Pages behind an auth link that is closed or unknown. */
import { Messages } from "@portolan/domain"
import type { AuthLinks } from "@portolan/ports"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { Page } from "../../page/send.ts"

/** What became of a link that is closed. */
interface LinkEnd {
  readonly title: string
  readonly reason: string
  readonly nextStep: string
  readonly status: Status
}

const expired: LinkEnd = {
  title: "This link has expired",
  reason: Messages.text("link.not-used"),
  nextStep: "Ask the person who sent it for a new one.",
  status: 410
}

const linkEnds: { readonly [T in AuthLinks.GuestView["link"]["_tag"]]: LinkEnd } = {
  Open: expired,
  Expired: expired,
  Used: {
    title: "This link has been used",
    reason: "A consent came through this link already. It works once.",
    nextStep: "If that was you, you are done and can close this page. Otherwise tell the person who sent it.",
    status: 410
  },
  Revoked: {
    title: "This link was withdrawn",
    reason: "The person who sent it took it back.",
    nextStep: "Ask the person who sent it whether a new one is coming.",
    status: 410
  }
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
    ${
      view.request !== undefined &&
      isUsed &&
      html`<p>Whoever asked and whoever was asked get a confirmation by mail once the account is connected.</p>`
    }
    <p class="muted">It was for the account ${isolateText(view.accountName)} of ${isolateText(view.companyName)}.</p>
      </section>`
  }
}

/** The page behind a link that nobody made. */
export const unknownLinkPage: Page = {
  title: Messages.text("page.unknown-link"),
  status: 404,
  body: html`<section class="card">
    <h1>${Messages.text("page.unknown-link")}</h1>
    ${Components.reasons(
      {
        reason: "The address is incomplete or altered, for example cut in two by a mail program.",
        nextStep: "Copy the whole address from the message, or ask the person who sent it for a new one."
      },
      "You"
    )}</section>`
}
