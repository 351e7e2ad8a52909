/** The page on which a person chooses when they get mails. */
import { Member } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"

const { mailPreferences, shared } = words

/** What the page shows. */
export interface MailPreferencesModel {
  readonly email: string
  readonly isSaved: boolean
  readonly state: Fields.FormState
  readonly status: Status
}

const choice = (kind: Member.NewsKind, state: Fields.FormState): Markup => {
  const id = `field-${kind}`
  return html`<div class="field"><label for="${id}">${mailPreferences.kinds[kind]}</label>
    <select id="${id}" name="${kind}" aria-describedby="${id}-hint">${Member.timings[kind].map(
      (timing) =>
        html`<option value="${timing}"${
          state.values[kind] === timing && html` selected`
        }>${mailPreferences.timings[timing]}</option>`
    )}</select>
    <small id="${id}-hint" class="hint">${mailPreferences.hints[kind]}</small>
    ${Fields.fieldError(state, kind)}</div>`
}

/** Every time zone that this server knows. */
const timeZones = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])]

const timeZoneChoice = (state: Fields.FormState): Markup => {
  const selected = state.values["timeZone"] ?? "UTC"
  const offered = timeZones.includes(selected) ? timeZones : [selected, ...timeZones]
  return html`<div class="field"><label for="field-timeZone">${mailPreferences.timeZone}</label>
    <select id="field-timeZone" name="timeZone" aria-describedby="field-timeZone-hint">${offered.map(
      (zone) =>
        html`<option value="${zone}"${zone === selected && html` selected`}>${zone.replaceAll("_", " ")}</option>`
    )}</select>
    <small id="field-timeZone-hint" class="hint">${mailPreferences.timeZoneHint}</small>
    ${Fields.fieldError(state, "timeZone")}</div>`
}

/** The page on which a person chooses when they get mails. */
export const mailPreferencesPage = ({ email, isSaved, state, status }: MailPreferencesModel): MemberPage => ({
  title: mailPreferences.title,
  status,
  body: html`
    ${Components.pageHead(mailPreferences.title, { lead: isolateText(mailPreferences.lead({ email })) })}
    ${isSaved && Components.notice("good", mailPreferences.saved)}
    <form method="post" action="/mail-preferences" class="card form">
      ${Member.NewsKind.literals.map((kind) => choice(kind, state))}
      ${timeZoneChoice(state)}
      <p>${mailPreferences.explained({
        hour: `${String(Member.digestHour).padStart(2, "0")}:00`,
        minutes: Member.restMinutes
      })}</p>
      <p class="muted">${mailPreferences.always}</p>
      <div class="buttons"><button>${shared.save}</button></div>
    </form>`
})
