/** A profile that a consent sees, as a card that can be chosen. */
import { AccountType, type Authorization, type Channel, Permission, Profile } from "@portolan/domain"
import type { PendingAuthorizations } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { type Content, html, isolateText, type Markup } from "../../page/html.ts"

const typeLabel = (type: AccountType.AccountType): string => {
  const noun = AccountType.noun(type)
  return `${noun.slice(0, 1).toUpperCase()}${noun.slice(1)}`
}

const mayDo = (permission: Permission.Permission, channel: Channel.Channel) =>
  Permission.missing(permission, channel) === undefined ? words.shared.viewAndEdit : words.shared.onlyView

const ownFacts = (candidate: Profile.Candidate): ReadonlyArray<readonly [string, Content]> => {
  switch (candidate._tag) {
    case "AdvertisingProfile":
      return [
        [words.authorizations.sellerOrEntityId, html`<code>${candidate.ownerId}</code>`],
        [words.shared.loginMay, mayDo(candidate.permission, candidate.key.channel)]
      ]
    case "SellingPartner":
      return [[words.authorizations.takesPart, candidate.isParticipating ? words.shared.yes : words.shared.no]]
    case "Advertiser":
      return [
        ...(candidate.sellerId === undefined
          ? []
          : [[words.authorizations.sellerId, html`<code>${candidate.sellerId}</code>`] as const]),
        [words.shared.weMay, mayDo(candidate.permission, candidate.key.channel)]
      ]
    case "ProviderProfile":
      return [
        [words.shared.loginMay, mayDo(candidate.permission, candidate.key.channel)],
        ...(candidate.details ?? []).map(({ name, value }) => [name, value] as const)
      ]
  }
}

const facts = (candidate: Profile.Candidate): ReadonlyArray<readonly [string, Content]> => [
  [words.shared.profileId, html`<code>${candidate.key.externalId}</code>`],
  [words.shared.country, candidate.countryCode],
  [words.shared.currency, candidate.currency],
  [words.shared.type, typeLabel(candidate.type)],
  ...ownFacts(candidate)
]

/** The connection lives on another login already: the new one takes its place, or both stay (rule S-R7). */
const earlierLogin: Markup = html`<fieldset class="choices compact"><legend>${
  words.authorizations.connectedAlready
}</legend>
  <label class="choice"><input type="radio" name="earlier" value="replace" checked><span>
    <strong>${words.authorizations.replaceEarlier}</strong>
    <small>${words.authorizations.replaceHint}</small></span></label>
  <label class="choice"><input type="radio" name="earlier" value="keep"><span><strong>${
    words.authorizations.keepBoth
  }</strong>
    <small>${words.authorizations.keepHint}</small></span></label></fieldset>`

const blocking = ({ obstacles }: PendingAuthorizations.Choice) => obstacles.filter(({ weight }) => weight === "blocks")

/** What has to be checked before a profile is chosen. */
export const warnings = ({ obstacles }: PendingAuthorizations.Choice) =>
  obstacles.filter(({ weight }) => weight === "warns")

/** Whether a profile cannot be chosen. */
export const isBlocked = (one: PendingAuthorizations.Choice): boolean =>
  one.heldBy !== undefined || blocking(one).length > 0

/** Whether a profile can be chosen. `scope`: what it would be chosen for, `account` or `country`. */
export const verdict = (one: PendingAuthorizations.Choice, scope: "account" | "country"): Markup => {
  if (one.heldBy !== undefined) return Components.badge("idle", words.authorizations.alreadyConnected)
  if (blocking(one).length > 0)
    return Components.badge(
      "idle",
      scope === "account" ? words.shared.notForAccount : words.authorizations.notForCountry
    )
  return warnings(one).length > 0
    ? Components.badge("wait", words.shared.checkFirst)
    : Components.badge("good", words.shared.fits)
}

/** What speaks against a profile; of one that cannot be chosen, only what blocks it. */
export const obstaclesOf = (one: PendingAuthorizations.Choice): ReadonlyArray<Markup> => [
  ...blocking(one).map(({ detail }) => html`<p class="obstacle">${detail}</p>`),
  ...(isBlocked(one) ? [] : warnings(one).map(({ detail }) => html`<p class="obstacle warns">${detail}</p>`))
]

/** The order of a list: what fits, what has to be checked, what is blocked. */
export const rank = (one: PendingAuthorizations.Choice): number => {
  if (isBlocked(one)) return 2
  return one.obstacles.length > 0 ? 1 : 0
}

/** What all cards of a list have in common. */
export interface ChoiceContext {
  readonly authorization: Authorization.Present
  readonly mayConnect: boolean
  /** Whether the connection works on another login already. */
  readonly isLive: boolean
  /** The one profile that fits, when there is one only: choosing it is the thing to do on the page. */
  readonly onlyFit: PendingAuthorizations.Choice | undefined
}

/** The profile that fits, when there is one only. */
export const onlyFitOf = (
  choices: ReadonlyArray<PendingAuthorizations.Choice>
): PendingAuthorizations.Choice | undefined => {
  const fits = choices.filter((one) => rank(one) === 0)
  return fits.length === 1 ? fits[0] : undefined
}

/** The classes of a profile's button: the only one that fits stands out most, one to be checked first least. */
export const weightOf = (
  one: PendingAuthorizations.Choice,
  onlyFit: PendingAuthorizations.Choice | undefined
): string => {
  if (one === onlyFit) return ""
  return ["secondary", "outline", ...(rank(one) === 0 ? ["urgent"] : [])].join(" ")
}

/** A profile as a card. `wrong`: why it could not be chosen. */
export const choice = (
  { authorization, isLive, mayConnect, onlyFit }: ChoiceContext,
  one: PendingAuthorizations.Choice,
  wrong: string | undefined
): Markup => {
  const { candidate, heldBy } = one
  return html`<li class="card profile${isBlocked(one) && " blocked"}">
    <header><h3>${isolateText(candidate.name)}</h3>${verdict(one, "account")}</header>
    <dl class="facts">${facts(candidate).map(
      ([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd>
      </div>`
    )}</dl>
    ${
      heldBy !== undefined &&
      html`<p class="obstacle">${words.authorizations.connectedTo({
        holder: html`<a href="/connections/${heldBy.connectionId}">${isolateText(heldBy.accountName)}</a>`
      })}</p>`
    }
    ${obstaclesOf(one)}
    ${wrong !== undefined && html`<p class="error" role="alert">${wrong}</p>`}
    ${
      !isBlocked(one) &&
      mayConnect &&
      html`<form method="post" action="/pending/${authorization.id}/select">
      <input type="hidden" name="profile" value="${Profile.keyText(candidate.key)}">
      ${
        warnings(one).length > 0 &&
        html`<label class="tick">
        <input type="checkbox" name="confirmed"
        value="yes" required> ${words.authorizations.haveChecked}</label>`
      }
      ${isLive && earlierLogin}
      <button class="${weightOf(one, onlyFit)}">${
        words.authorizations.useProfile
      }<span class="sr-only">: ${candidate.name}, ${candidate.countryCode}</span></button>
        </form>`
    }
  </li>`
}
