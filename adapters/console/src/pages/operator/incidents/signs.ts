/** Refusals that are no incident and may be the installation's: on the page of incidents, and where operators begin. */
import { Incident } from "@portolan/domain"
import type { Incidents } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import { html, type Markup, nothing } from "../../../page/html.ts"

const { operator } = words

const sign = ({ grants, incident, latest, organizations, since }: Incidents.SignView, now: DateTime.Utc): Markup =>
  html`<li><strong>${Incident.title(incident)}</strong>
    <div>${operator.signCounts({ grants, organizations })}</div>
    <div class="muted">${operator.incidentSince} ${Components.when(since, now)} · ${operator.signLatest}
      ${Components.when(latest, now)}</div>
    <p>${Incident.nextStep(incident)}</p></li>`

/** What was refused lately, and what to look at. */
export const signsCard = (all: ReadonlyArray<Incidents.SignView>, now: DateTime.Utc): Markup =>
  all.length === 0
    ? nothing
    : html`<section class="card" aria-labelledby="signs"><h2 id="signs">${operator.signs}</h2>
    <p class="muted">${operator.signsLead}</p>
    <ul class="suggestions">${all.map((one) => sign(one, now))}</ul></section>`
