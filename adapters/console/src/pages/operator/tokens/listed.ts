/** What a provider listed for a consent: accounts, marketplaces, and rights that are missing. */
import type { Profile } from "@portolan/domain"
import type { Grants } from "@portolan/ports"
import { words } from "../../../messages/words.ts"
import { html, isolateText, type Markup } from "../../../page/html.ts"
import * as Labels from "../../../page/labels.ts"

const { operatorTokens } = words

/** The most profiles that are listed; a login may see hundreds. */
const shownLimit = 20

/** What is missing or odd, in words. */
const remarks = (candidate: Profile.Candidate): ReadonlyArray<string> => {
  const scopes = "missingScopes" in candidate ? (candidate.missingScopes ?? []) : []
  return [
    ...("isParticipating" in candidate && !candidate.isParticipating ? [operatorTokens.notParticipating] : []),
    ...("hasSuspendedListings" in candidate && candidate.hasSuspendedListings ? [operatorTokens.suspended] : []),
    ...("permission" in candidate && candidate.permission === "view" ? [words.shared.onlyView] : []),
    ...(scopes.length === 0 ? [] : [operatorTokens.lacks({ scopes: scopes.join(", ") })])
  ]
}

const item = (candidate: Profile.Candidate): Markup => html`<li>${isolateText(candidate.name)}
  <span class="muted">${Labels.marketplaceName(candidate.key.marketplaceId)}</span>
  <code>${candidate.key.externalId}</code>${remarks(candidate).map(
    (remark) => html` <span class="muted">· ${isolateText(remark)}</span>`
  )}</li>`

/** What the provider listed when a consent was recorded, and that a choice is open. */
export const listed = ({ awaitsChoice, candidates }: Grants.FirstSeen): Markup => {
  const more = candidates.length - shownLimit
  return html`${
    candidates.length === 0
      ? html`<span class="muted">${operatorTokens.listedNothing}</span>`
      : html`<ul class="plain">${candidates.slice(0, shownLimit).map(item)}</ul>`
  }${more > 0 && html`<span class="muted">${operatorTokens.moreListed({ quantity: more })}</span>`}${
    awaitsChoice && html`<p class="muted">${operatorTokens.choiceOpen}</p>`
  }`
}
