/** The page to use a consent that is there for another connection. */
import { type Account, Channel, type Connection, type Id, Profile, Messages } from "@portolan/domain"
import type { Grants, PendingAuthorizations } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Format from "../../page/format.ts"
import * as Labels from "../../page/labels.ts"
import type { MemberPage } from "../../page/send.ts"
import { isBlocked, obstaclesOf, verdict, warnings, onlyFitOf, weightOf } from "../authorizations/choice.ts"
import { named } from "../consents/view.ts"

const { reuseConsent, shared } = words

/** Leads from a connection that is not bound to the consents that could serve it. */
export const useConsent = (connection: Connection.Present): Markup =>
  Channel.accessBy(connection.channel) === "partner"
    ? nothing
    : html`<p><a href="/connections/${connection.id}/consents">${Messages.text("page.use-consent")}<span
      class="sr-only"> ${reuseConsent.forChannel({ channel: Channel.label(connection.channel) })}</span></a></p>`

const profileCard = (
  connection: Connection.Present,
  { choices, grantId }: NonNullable<ReuseConsentPageModel["shown"]>,
  one: PendingAuthorizations.Choice
): Markup => {
  const onlyFit = onlyFitOf(choices)
  const { candidate, heldBy } = one
  return html`<li class="card profile${isBlocked(one) && " blocked"}"><header><h3>${isolateText(
    candidate.name
  )}</h3>${verdict(one, "country")}</header>
    <dl class="facts"><div><dt>${shared.id}</dt><dd><code>${candidate.key.externalId}</code></dd></div>
      <div><dt>${shared.country}</dt><dd>${candidate.countryCode}</dd></div>
      <div><dt>${shared.currency}</dt><dd>${candidate.currency}</dd></div></dl>
    ${
      heldBy !== undefined &&
      html`<p class="obstacle">${reuseConsent.alreadyConnected({
        account: html`<a href="/connections/${heldBy.connectionId}">${isolateText(heldBy.accountName)}</a>`
      })}</p>`
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
        html`<label class="tick"><input type="checkbox" name="confirmed" value="yes" required>
        ${reuseConsent.checked}</label>`
      }
      <button class="${weightOf(one, onlyFit)}">${reuseConsent.useThis}<span
        class="sr-only">: ${candidate.name}, ${candidate.countryCode}</span></button></form>`
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

/** What tells a consent from others that the same login gave: what lives on it, who answers for it, and its day. */
const toldApart = (view: Grants.GrantView): string => {
  const { connections, grant } = view
  const [first, ...more] = connections
  return [
    named(view),
    ...(first === undefined ? [] : [first.link.profile.name]),
    ...(more.length === 0 ? [] : [reuseConsent.andMore({ quantity: more.length })]),
    ...(grant.responsibleMember === undefined ? [] : [grant.responsibleMember.name]),
    reuseConsent.givenOn({ day: Format.day(grant.consentedAt) })
  ].join(" · ")
}

const consentSelect = ({ account, connection, consentId, consents }: ReuseConsentPageModel): Markup => {
  if (consents.length === 0)
    return Components.empty(
      reuseConsent.noConsent,
      reuseConsent.nobodyConsented,
      html`<a class="button" href="/accounts/${account.id}">${reuseConsent.authenticate}</a>`
    )
  return html`<form method="get" action="/connections/${connection.id}/consents" class="card form">
        <div class="field"><label for="consent">${shared.consent}</label>
          <select id="consent" name="consent">${consents.map(
            (view) =>
              html`<option value="${view.grant.id}"${view.grant.id === consentId && html` selected`}>${toldApart(
                view
              )}</option>`
          )}</select></div>
          <div class="buttons"><button class="secondary">${reuseConsent.seeOffer}</button></div></form>`
}

const offered = ({ connection, shown }: ReuseConsentPageModel): Content => {
  if (shown === undefined) return ""
  if (shown.choices.length === 0) return Components.notice("wait", reuseConsent.seesNothing, reuseConsent.sellerAbsent)
  return html`<ul class="profiles">${shown.choices
    .toSorted((one, other) => Number(isBlocked(one)) - Number(isBlocked(other)))
    .map((one) => profileCard(connection, shown, one))}</ul>`
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
      )}. ${reuseConsent.oneLogin}`
    })}
    ${wrong !== undefined && Components.notice("act", Messages.text("authorization-heading.declined"), wrong)}
    ${consentSelect(model)}
    ${offered(model)}
    <p><a href="/accounts/${account.id}">${reuseConsent.authorizeAnew}</a></p>`
  }
}
