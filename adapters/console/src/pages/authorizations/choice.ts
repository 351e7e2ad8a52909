/** A profile that a consent sees, as a card that can be chosen. */
import { AccountType, type Authorization, type Channel, Permission, Profile } from "@portolan/domain"
import type { PendingAuthorizations } from "@portolan/ports"
import * as Components from "../../page/components.ts"
import { type Content, html, isolateText, type Markup } from "../../page/html.ts"

const typeLabel = (type: AccountType.AccountType): string => {
  const noun = AccountType.noun(type)
  return `${noun.slice(0, 1).toUpperCase()}${noun.slice(1)}`
}

const mayDo = (permission: Permission.Permission, channel: Channel.Channel) =>
  Permission.missing(permission, channel) === undefined ? "view and edit" : "only view"

const ownFacts = (candidate: Profile.Candidate): ReadonlyArray<readonly [string, Content]> => {
  switch (candidate._tag) {
    case "AdvertisingProfile":
      return [
        ["Seller or entity id", html`<code>${candidate.ownerId}</code>`],
        ["Login may", mayDo(candidate.permission, candidate.key.channel)]
      ]
    case "SellingPartner":
      return [["Takes part", candidate.isParticipating ? "yes" : "no"]]
    case "Advertiser":
      return [
        ...(candidate.sellerId === undefined ? [] : [["Seller id", html`<code>${candidate.sellerId}</code>`] as const]),
        ["We may", mayDo(candidate.permission, candidate.key.channel)]
      ]
    case "ProviderProfile":
      return [
        ["Login may", mayDo(candidate.permission, candidate.key.channel)],
        ...(candidate.details ?? []).map(({ name, value }) => [name, value] as const)
      ]
  }
}

const facts = (candidate: Profile.Candidate): ReadonlyArray<readonly [string, Content]> => [
  ["Profile id", html`<code>${candidate.key.externalId}</code>`],
  ["Country", candidate.countryCode],
  ["Currency", candidate.currency],
  ["Type", typeLabel(candidate.type)],
  ...ownFacts(candidate)
]

/** The connection lives on another login already: the new one takes its place, or both stay (rule S-R7). */
const earlierLogin: Markup = html`<fieldset class="choices compact"><legend>It is connected already,
    with another consent</legend>
  <label class="choice"><input type="radio" name="earlier" value="replace" checked><span>
    <strong>Replace the earlier login</strong>
    <small>Its consent ends here. Right for a renewal.</small></span></label>
  <label class="choice"><input type="radio" name="earlier" value="keep"><span><strong>Keep both</strong>
    <small>When the new login is lost, the earlier one takes over by itself.</small></span></label></fieldset>`

const blocking = ({ obstacles }: PendingAuthorizations.Choice) => obstacles.filter(({ weight }) => weight === "blocks")

/** What has to be checked before a profile is chosen. */
export const warnings = ({ obstacles }: PendingAuthorizations.Choice) =>
  obstacles.filter(({ weight }) => weight === "warns")

/** Whether a profile cannot be chosen. */
export const isBlocked = (one: PendingAuthorizations.Choice): boolean =>
  one.heldBy !== undefined || blocking(one).length > 0

/** Whether a profile can be chosen. `scope`: what it would be chosen for, `account` or `country`. */
export const verdict = (one: PendingAuthorizations.Choice, scope: "account" | "country"): Markup => {
  if (one.heldBy !== undefined) return Components.badge("idle", "Already connected")
  if (blocking(one).length > 0) return Components.badge("idle", `Not for this ${scope}`)
  return warnings(one).length > 0 ? Components.badge("wait", "Check first") : Components.badge("good", "Fits")
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
}

/** A profile as a card. `wrong`: why it could not be chosen. */
export const choice = (
  { authorization, isLive, mayConnect }: ChoiceContext,
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
      html`<p class="obstacle">Already connected to the account <a href="/connections/${
        heldBy.connectionId
      }">${isolateText(heldBy.accountName)}</a>. Disconnect it there first if it belongs here.</p>`
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
        value="yes" required> I have checked this; it is the right profile.</label>`
      }
      ${isLive && earlierLogin}
      <button>Use this profile<span class="sr-only">: ${candidate.name}, ${candidate.countryCode}</span></button>
        </form>`
    }
  </li>`
}
