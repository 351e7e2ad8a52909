/** The ways to give consent, as forms. */
import { Channel, Connection, Messages } from "@portolan/domain"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import { html, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import { linkLives } from "../connections/linkPanel.ts"

/**
 * Where access is given by an advertiser's admin there is nothing to send anybody to; a person links what appeared
 * (rule W-R4).
 */
const partnerAction = (connection: Connection.Present): Markup => html`<div class="ways"><div class="way">
  <h4>${Connection.isLinked(connection) ? "Look at the advertisers" : "Link an advertiser"}</h4>
  <p>An admin of the advertiser adds us as partner in Walmart's console. Then the advertiser appears here, and you link
    it to this
    account.</p>
  <a class="button${Connection.isLinked(connection) && " secondary"}"
    href="/connections/${connection.id}/advertisers">${
      Connection.isLinked(connection) ? "See advertisers" : "Connect"
    }<span class="sr-only"> ${Channel.label(connection.channel)}</span></a>
</div></div>`

/** The ways to give consent: now, by a link, by a request. `isAgain`: it was given before. */
export const consentActions = (context: PageContext, connection: Connection.Present, isAgain: boolean): Markup => {
  if (!context.offers(connection.channel)) {
    return Components.notice(
      "info",
      Messages.text("page.channel-not-set-up", { channel: Channel.label(connection.channel) }),
      Messages.text("page.add-credentials")
    )
  }
  if (Channel.accessBy(connection.channel) === "partner") return partnerAction(connection)
  const provider = Labels.providerName(connection.channel)
  return html`<div class="ways">
    <form method="post" action="/connections/${connection.id}/authenticate" class="way">
      <h4>${isAgain ? "Authenticate again now" : "Authenticate now"}</h4>
      <p>Your own ${provider} login has the rights for this account. You go to ${
        provider
      } and come back. Check first which ${provider} account this browser is logged in to.</p>
      <button>${
        isAgain ? "Authenticate again" : "Authenticate now"
      }<span class="sr-only"> with ${Channel.label(connection.channel)}</span></button>
    </form>
    <form method="post" action="/connections/${connection.id}/links" class="way">
      <h4>Create auth link</h4>
      <p>Somebody else has the rights. Send that person a link; no sign-in here is needed.</p>
      <label for="life-${connection.id}">Link is valid for</label>
      <div class="joined"><select id="life-${connection.id}" name="life">${linkLives.map(
        ({ hours, label }) => html`<option value="${hours}"${hours === 168 && html` selected`}>${label}</option>`
      )}</select>
      <button class="secondary">Create link<span class="sr-only"> for ${Channel.label(connection.channel)}</span>
        </button></div>
    </form>
    <div class="way">
      <h4>Request to connect</h4>
      <p>Only the owner can do it, and that is somebody else. We mail the owner, remind, and tell you when it is
        done.</p>
      <a class="button secondary" href="/connections/${
        connection.id
      }/request">Ask the owner<span class="sr-only"> for ${Channel.label(connection.channel)}</span></a>
    </div></div>`
}
