/** The ways to give consent, as forms. */
import { Channel, Connection, Messages } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import { html, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import { linkLives } from "../connections/linkPanel.ts"

/** What the ways to give consent depend on. */
export interface Consenting {
  /** Whether consent was given before. */
  readonly isAgain: boolean
  /** Whether this is the one thing to do on the page; a page has one. */
  readonly isPrimary: boolean
}

/**
 * Where access is given by an advertiser's admin there is nothing to send anybody to; a person links what appeared
 * (rule W-R4).
 */
const partnerAction = (
  connection: Connection.Present,
  isPrimary: boolean
): Markup => html`<div class="ways"><div class="way">
  <h4>${Connection.isLinked(connection) ? words.accounts.lookAtAdvertisers : words.shared.linkAdvertiser}</h4>
  <p>${words.accounts.partnerHow}</p>
  <a class="button${(Connection.isLinked(connection) || !isPrimary) && " secondary"}"
    href="/connections/${connection.id}/advertisers">${
      Connection.isLinked(connection) ? words.shared.seeAdvertisers : words.shared.connect
    }<span class="sr-only"> ${Channel.label(connection.channel)}</span></a>
</div></div>`

/** The ways to give consent: now, by a link, by a request. */
export const consentActions = (
  context: PageContext,
  connection: Connection.Present,
  { isAgain, isPrimary }: Consenting
): Markup => {
  if (!context.offers(connection.channel)) {
    return Components.notice(
      "info",
      Messages.text("page.channel-not-set-up", { channel: Channel.label(connection.channel) }),
      Messages.text("page.add-credentials")
    )
  }
  if (Channel.accessBy(connection.channel) === "partner") return partnerAction(connection, isPrimary)
  const provider = Labels.providerName(connection.channel)
  return html`<div class="ways">
    <form method="post" action="/connections/${connection.id}/authenticate" class="way">
      <h4>${isAgain ? words.accounts.authenticateAgainNow : words.accounts.authenticateNow}</h4>
      <p>${words.accounts.ownLogin({ provider })}</p>
      <button${!isPrimary && html` class="secondary"`}>${
        isAgain
          ? words.accounts.authenticateAgainWith({ channel: Channel.label(connection.channel) })
          : words.accounts.authenticateWith({ channel: Channel.label(connection.channel) })
      }</button>
    </form>
    <form method="post" action="/connections/${connection.id}/links" class="way">
      <h4>${words.accounts.createAuthLink}</h4>
      <p>${words.accounts.sendLink}</p>
      <label for="life-${connection.id}">${words.accounts.linkLife}</label>
      <div class="joined"><select id="life-${connection.id}" name="life">${linkLives.map(
        ({ hours, label }) => html`<option value="${hours}"${hours === 168 && html` selected`}>${label}</option>`
      )}</select>
      <button class="secondary">${words.accounts.createLink({ channel: Channel.label(connection.channel) })}
        </button></div>
    </form>
    <div class="way">
      <h4>${words.shared.requestToConnect}</h4>
      <p>${words.accounts.requestHow}</p>
      <a class="button secondary" href="/connections/${
        connection.id
      }/request">${words.shared.askOwnerFor({ channel: Channel.label(connection.channel) })}</a>
    </div></div>`
}
