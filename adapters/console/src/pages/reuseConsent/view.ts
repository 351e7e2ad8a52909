/** The page to use a consent that is there for another connection. */
import { type Account, Channel, type Connection, type Id, Profile, Messages } from "@portolan/domain"
import type { Grants, PendingAuthorizations } from "@portolan/ports"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { MemberPage } from "../../page/send.ts"
import { isBlocked, obstaclesOf, verdict, warnings } from "../authorizations/choice.ts"
import { named } from "../consents/view.ts"

/** Leads from a connection that is not bound to the consents that could serve it. */
export const useConsent = (connection: Connection.Present): Markup =>
  Channel.accessBy(connection.channel) === "partner"
    ? nothing
    : html`<p><a href="/connections/${connection.id}/consents">${Messages.text("page.use-consent")}<span
      class="sr-only"> for ${Channel.label(connection.channel)}</span></a></p>`

const profileCard = (
  connection: Connection.Present,
  grantId: Id.GrantId,
  one: PendingAuthorizations.Choice
): Markup => {
  const { candidate, heldBy } = one
  return html`<li class="card profile${isBlocked(one) && " blocked"}"><header><h3>${isolateText(
    candidate.name
  )}</h3>${verdict(one, "country")}</header>
    <dl class="facts"><div><dt>Id</dt><dd><code>${candidate.key.externalId}</code></dd></div>
      <div><dt>Country</dt><dd>${candidate.countryCode}</dd></div>
      <div><dt>Currency</dt><dd>${candidate.currency}</dd></div></dl>
    ${
      heldBy !== undefined &&
      html`<p class="obstacle">Already connected to <a href="/connections/${
        heldBy.connectionId
      }">${isolateText(heldBy.accountName)}</a>.</p>`
    }
    ${obstaclesOf(one)}
    ${
      !isBlocked(one) &&
      html`<form method="post" action="/connections/${
        connection.id
      }/consents"><input type="hidden" name="consent" value="${grantId}">
      <input type="hidden" name="profile" value="${Profile.keyText(candidate.key)}">
      ${
        warnings(one).length > 0 &&
        html`<label class="tick"><input type="checkbox" name="confirmed" value="yes" required> I
        have checked this; it is the right one.</label>`
      }
      <button>Use this one<span class="sr-only">: ${candidate.name}, ${candidate.countryCode}</span></button></form>`
    }</li>`
}

/** What the page to choose a consent shows. */
export interface ReuseConsentPageModel {
  readonly account: Account.Present
  readonly connection: Connection.Present
  /** The consents that could serve the connection. */
  readonly consents: ReadonlyArray<Grants.GrantView>
  /** The id of the one that is shown; text that may name none. */
  readonly consentId: string | undefined
  /** The consent that is shown, with the profiles that it sees. */
  readonly shown:
    | { readonly grantId: Id.GrantId; readonly choices: ReadonlyArray<PendingAuthorizations.Choice> }
    | undefined
  /** Why the chosen one could not be used. */
  readonly wrong: string | undefined
  readonly status: Status
}

const consentSelect = ({ account, connection, consentId, consents }: ReuseConsentPageModel): Markup => {
  if (consents.length === 0)
    return Components.empty(
      "No consent for this region",
      "Nobody has consented to this channel in the account's region yet.",
      html`<a class="button" href="/accounts/${account.id}">Authenticate</a>`
    )
  return html`<form method="get" action="/connections/${connection.id}/consents" class="card form">
        <div class="field"><label for="consent">Consent</label>
          <select id="consent" name="consent">${consents.map(
            (view) =>
              html`<option value="${view.grant.id}"${view.grant.id === consentId && html` selected`}>${named(view)}${
                view.connections[0] !== undefined && ` · ${view.connections[0].link.profile.name}`
              }</option>`
          )}</select></div>
          <div class="buttons"><button class="secondary">See what it offers</button></div></form>`
}

const offered = ({ connection, shown }: ReuseConsentPageModel): Content => {
  if (shown === undefined) return ""
  if (shown.choices.length === 0)
    return Components.notice(
      "wait",
      "This consent sees nothing here",
      "The seller may not take part in the country yet. Authorize anew once it does."
    )
  return html`<ul class="profiles">${shown.choices
    .toSorted((one, other) => Number(isBlocked(one)) - Number(isBlocked(other)))
    .map((one) => profileCard(connection, shown.grantId, one))}</ul>`
}

/** Chooses a consent that is there, and one of the profiles that it sees. */
export const reuseConsentPage = (model: ReuseConsentPageModel): MemberPage => {
  const { account, connection, status, wrong } = model
  return {
    title: Messages.text("page.use-consent"),
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(Messages.text("page.use-consent"), {
      crumbs: [
        { href: `/accounts/${account.id}`, label: isolateText(account.name) },
        { href: `/connections/${connection.id}`, label: Labels.shortChannel(connection.channel) }
      ],
      lead: html`${Labels.marketplaceName(connection.marketplaceId)} · ${Channel.label(
        connection.channel
      )}. One login may see several accounts; nobody has to go to the provider again.`
    })}
    ${wrong !== undefined && Components.notice("act", "Nothing was connected", wrong)}
    ${consentSelect(model)}
    ${offered(model)}
    <p><a href="/accounts/${account.id}">Authorize anew instead</a></p>`
  }
}
