/** The page of trouble at providers that many share. */
import { Incident, Messages } from "@portolan/domain"
import type { Incidents } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import { type Content, html, isolateText, type Markup } from "../../../page/html.ts"
import type { MemberPage } from "../../../page/send.ts"
import { incidents, tabs } from "../frame.ts"
import { signsCard } from "./signs.ts"

const { operator, page } = words

const facts = (view: Incidents.IncidentView, episode: Incident.Open | Incident.Past, now: DateTime.Utc): Markup => {
  const { behind, incident } = view
  const rows: ReadonlyArray<readonly [label: string, value: Content]> = [
    [operator.incidentSince, Components.whenFully(episode.openedAt, now)],
    [operator.incidentBehind, operator.incidentCounts({ ...behind, grants: episode.grants })],
    [operator.incidentWords, isolateText(episode.detail)],
    [page.whoMustAct, operator.incidentResponsible[Incident.mustAct(incident)]]
  ]
  return html`<dl class="facts">${rows.map(
    ([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`
  )}</dl>`
}

const closeForm = (id: string, title: string): Markup =>
  html`<form method="post" action="${incidents}/${id}/close">
    <button class="secondary outline small">${operator.closeIncident}<span class="sr-only"> ${title}</span></button>
    <p class="muted">${operator.opensAgain}</p></form>`

const card = (view: Incidents.IncidentView, now: DateTime.Utc): Markup | undefined => {
  const { incident } = view
  const episode = incident._tag === "Open" ? incident : incident.last
  if (episode === undefined) return undefined
  const title = Incident.title(incident)
  const isOpen = incident._tag === "Open"
  const badge = isOpen
    ? Components.badge("act", operator.incidentOpen)
    : Components.badge("good", operator.incidentOver)
  return html`<section class="card" aria-labelledby="${incident.id}"><header class="with-badge">
    <h2 id="${incident.id}">${title}</h2>${badge}</header>
    ${facts(view, episode, now)}
    ${
      "closedAt" in episode
        ? html`<p>${Messages.text(`incident.${episode.end}`)} ${Components.when(episode.closedAt, now)}</p>`
        : html`<p>${Incident.explain(incident)}</p>${closeForm(incident.id, title)}`
    }</section>`
}

/** What the page shows. */
export interface IncidentsPageModel {
  readonly all: ReadonlyArray<Incidents.IncidentView>
  readonly signs: ReadonlyArray<Incidents.SignView>
  readonly done: string | undefined
  readonly now: DateTime.Utc
}

/** Trouble that is going on, then what is over. */
export const incidentsPage = ({ all, done, now, signs }: IncidentsPageModel): MemberPage => ({
  title: operator.incidents,
  section: "operator",
  body: html`
    ${Components.pageHead(page.operator, { lead: operator.incidentsLead })}
    ${tabs("incidents")}
    ${done === "closed" && Components.notice("good", operator.incidentClosed, operator.opensAgain)}
    ${signsCard(signs, now)}
    ${
      all.length === 0
        ? Components.empty(operator.noIncident, operator.incidentsShownHere)
        : all.map((one) => card(one, now))
    }`
})
