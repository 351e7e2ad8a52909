/** How background work stands, for operators and for the pages of connections. */
import { Standstill } from "@portolan/domain"
import type { Workers } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { html, type Markup, nothing } from "../../page/html.ts"

const { operator, shared } = words

/** A card: how many workers live, since when nobody works, and how long the oldest job has been due. */
export const workersCard = (workStatus: Workers.Status, now: DateTime.Utc): Markup => {
  const { lastSeenAt, living, oldestDueAt, underWay } = workStatus
  const since = Standstill.since(workStatus)
  const facts: ReadonlyArray<readonly [string, Markup]> = [
    [operator.workersLiving, html`${living}`],
    [operator.workerLastSeen, lastSeenAt === undefined ? html`${operator.never}` : Components.when(lastSeenAt, now)],
    [operator.jobsUnderWay, html`${underWay}`],
    [operator.oldestDue, oldestDueAt === undefined ? html`${operator.noneDue}` : Components.when(oldestDueAt, now)]
  ]
  return html`<section class="card" aria-labelledby="workers"><h2 id="workers">${operator.backgroundWork}</h2>
    ${
      since === undefined
        ? nothing
        : Components.notice("act", operator.standsStill({ at: Components.when(since, now) }), operator.startWorker)
    }
    <dl class="facts">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
  </section>`
}

/** What a customer reads while background work stands still; nothing while it goes on. */
export const standstillNotice = (workStatus: Workers.Status, now: DateTime.Utc): Markup => {
  const since = Standstill.since(workStatus)
  return since === undefined
    ? nothing
    : Components.notice("wait", shared.workStandsStill({ at: Components.when(since, now) }), shared.workIsMadeUpFor)
}
