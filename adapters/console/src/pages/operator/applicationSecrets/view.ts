/** The page of the secrets of applications: which is used, which waits, when they end, and what to do. No secret. */
import { type ApplicationSecret, Channel } from "@portolan/domain"
import type { ApplicationSecrets } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import { type Content, html, isolateText, type Markup } from "../../../page/html.ts"
import type { Tone } from "../../../page/labels.ts"
import type { MemberPage } from "../../../page/send.ts"
import { tabs } from "../frame.ts"
import { nextStep, settingsDiffer } from "./nextStep.ts"

const { applicationSecrets, page, shared } = words

const tones: { readonly [O in ApplicationSecret.Outcome]: Tone } = { accepted: "good", refused: "act", unclear: "wait" }

const test = ({ tested }: ApplicationSecrets.SecretView, now: DateTime.Utc): Content =>
  tested === undefined
    ? html`<span class="muted">${applicationSecrets.notTried}</span>`
    : html`<span>${Components.badge(tones[tested.outcome], applicationSecrets.outcomes[tested.outcome])}
        <span class="muted">${Components.when(tested.at, now)}${
          tested.detail !== "" && html` · ${isolateText(tested.detail)}`
        }</span></span>`

const end = ({ endIsAssumed, endsAt }: ApplicationSecrets.SecretView, now: DateTime.Utc): Content =>
  endsAt === undefined
    ? html`<span class="muted">${applicationSecrets.noEnd}</span>`
    : html`<span>${Components.whenFully(endsAt, now)}${
        endIsAssumed && html` <span class="muted">${applicationSecrets.atTheLatest}</span>`
      }</span>`

const row = (use: string, secret: ApplicationSecrets.SecretView, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="${applicationSecrets.which}"><span>${use}<br><small
    class="muted">${applicationSecrets.number(secret)}${
      secret.label !== undefined && html`, ${applicationSecrets.called({ label: isolateText(secret.label) })}`
    }</small></span></th>
  <td data-label="${applicationSecrets.from}">${applicationSecrets.sources[secret.source]}</td>
  <td data-label="${applicationSecrets.age}">${Components.when(secret.addedAt, now)}</td>
  <td data-label="${shared.ends}">${end(secret, now)}</td>
  <td data-label="${applicationSecrets.lastTest}">${test(secret, now)}</td></tr>`

const secretRows = ({ current, pending, previous }: ApplicationSecrets.ApplicationView, now: DateTime.Utc): Markup =>
  html`<table class="rows"><thead><tr><th scope="col">${applicationSecrets.which}</th>
    <th scope="col">${applicationSecrets.from}</th><th scope="col">${applicationSecrets.age}</th>
    <th scope="col">${shared.ends}</th><th scope="col">${applicationSecrets.lastTest}</th></tr></thead><tbody>
    ${row(applicationSecrets.used, current, now)}
    ${pending !== undefined && row(applicationSecrets.waits, pending, now)}
    ${previous !== undefined && row(applicationSecrets.before, previous, now)}</tbody></table>`

const step = (text: Content, command: string | undefined): Markup =>
  html`<h3>${applicationSecrets.nextStep}</h3><p>${text}</p>${
    command !== undefined && html`<p><code class="typed">${command}</code></p>`
  }`

type Named = Pick<ApplicationSecrets.ApplicationView, "name" | "clientId" | "channels">

const heading = ({ channels, clientId, name }: Named, index: number, badge: Markup): Markup =>
  html`<header class="with-badge"><h2 id="application-${index}">${isolateText(name)}</h2>${badge}</header>
    <p class="muted"><code>${clientId}</code> · ${applicationSecrets.serves({
      channels: channels.map((channel) => Channel.label(channel)).join(", ")
    })}</p>`

const card = (view: ApplicationSecrets.ApplicationView, index: number, now: DateTime.Utc): Markup => {
  const { command, label, text, tone } = nextStep(view, now)
  return html`<section class="card" aria-labelledby="application-${index}">
    ${heading(view, index, Components.badge(tone, label))}
    ${secretRows(view, now)}
    ${!view.isStored && html`<p class="muted">${applicationSecrets.onlySettings}</p>`}
    ${view.warnings.length > 0 && html`<ul>${view.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`}
    ${step(text, command)}
    ${settingsDiffer(view) && html`<p>${applicationSecrets.settingsToo}</p>`}</section>`
}

const unreadableCard = (application: ApplicationSecrets.UnreadableApplication, index: number): Markup =>
  html`<section class="card" aria-labelledby="application-${index}">
    ${heading(application, index, Components.badge("act", applicationSecrets.cannotBeRead))}
    <p>${isolateText(application.because)}</p>
    ${step(applicationSecrets.checkKeys, applicationSecrets.commands.status)}</section>`

/** What the page shows. */
export interface ApplicationSecretsPageModel {
  readonly all: ReadonlyArray<ApplicationSecrets.OverviewRow>
  readonly now: DateTime.Utc
}

/** Every application with its secrets, in the order of the settings. */
export const applicationSecretsPage = ({ all, now }: ApplicationSecretsPageModel): MemberPage => ({
  title: applicationSecrets.title,
  section: "operator",
  body: html`
    ${Components.pageHead(page.operator, { lead: applicationSecrets.lead })}
    ${tabs("application-secrets")}
    ${
      all.length === 0
        ? Components.empty(applicationSecrets.none, applicationSecrets.noneHint)
        : all.map((one, index) =>
            one._tag === "Readable" ? card(one.view, index, now) : unreadableCard(one.application, index)
          )
    }`
})
