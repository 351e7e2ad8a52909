/**
 * For the people who run the installation (rules W-R4, C15): what customers wait for, and asking the provider now. An assignment to
 * the wrong organization would show one customer's advertiser to another, so every confirmation names both.
 */
import { Advertiser, type Awaited, Connection } from "@portolan/domain"
import { Directory } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { type Content, html, type Markup, isolateText } from "../page/html.ts"
import * as Components from "../page/components.ts"
import { BadRequest, type Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import { accessLabel, typeLabel } from "./advertiserFacts.ts"
import { assignForm, doneNotice } from "./assigning.ts"
import { cursorOf, directory, home, operator, pageOf, send, tabs } from "./operatorFrame.ts"

const isLate = ({ since }: Awaited.Present, now: DateTime.Utc): boolean =>
  DateTime.isGreaterThanOrEqualTo(now, DateTime.add(since, { hours: Connection.accessHours }))

const isExpected = ({ advertiser }: Advertiser.Present, { advertiser: typed }: Awaited.Present): boolean =>
  Advertiser.isNamed(advertiser, typed)

const suggestion = (entry: Advertiser.Present, awaited: Awaited.Present): Markup => {
  const { advertiser } = entry
  const fits = isExpected(entry, awaited)
  const warning = fits
    ? ""
    : html`<strong>They wait for “${isolateText(awaited.advertiser)}”, and this one is named otherwise.</strong> `
  return html`<li>
    <div><a href="${directory}/${entry.id}">${isolateText(advertiser.name)}</a> <code>${advertiser.key.externalId}</code>
      ${fits ? Components.badge("good", "As expected") : Components.badge("wait", "Only alike")}</div>
    <div class="muted">${typeLabel(advertiser.type)} · ${accessLabel(advertiser)}${
      advertiser.sellerName !== undefined && html` · ${isolateText(advertiser.sellerName)}`
    }</div>
    ${assignForm(entry, { id: awaited.tenantId, name: awaited.tenantName }, "waiting", warning)}</li>`
}

const suggestions = ({ awaited, mayBe }: Directory.Waiting): Markup => {
  if (mayBe.length === 0) {
    return html`<span class="muted wrap">Nothing unassigned looks like it. Its admin may not have added us yet.</span>`
  }
  const likeliestFirst = mayBe.toSorted(
    (one, other) => Number(isExpected(other, awaited)) - Number(isExpected(one, awaited))
  )
  return html`<ul class="suggestions">${likeliestFirst.map((entry) => suggestion(entry, awaited))}</ul>`
}

const waitingRow = (waiting: Directory.Waiting, now: DateTime.Utc): Markup => {
  const { awaited } = waiting
  return html`<tr>
    <th scope="row" data-label="Organization">${isolateText(awaited.tenantName)}<br><small class="muted">${isolateText(
      awaited.accountName
    )}</small></th>
    <td data-label="Waits for"><span><strong>${isolateText(awaited.advertiser)}</strong><br><small class="muted">${Labels.marketplaceName(
      awaited.marketplaceId
    )}, asked by ${isolateText(awaited.requestedBy)}</small></span></td>
    <td data-label="Waiting"><span>${Components.when(awaited.since, now)}${
      isLate(awaited, now) && html` ${Components.badge("act", "Overdue")}`
    }</span></td>
    <td data-label="May be">${suggestions(waiting)}</td></tr>`
}

const lookForm = (): Markup => html`<section class="card form" aria-labelledby="look"><h2 id="look">Look now</h2>
  <p class="muted">Walmart is asked every ${
    Advertiser.lookMinutes
  } minutes by itself. Ask now when somebody is waiting on the phone.</p>
  <form method="post" action="${home}/look"><label for="region">Region</label>
    <div class="joined"><select id="region" name="region">${Directory.regions().map(
      (region) => html`<option value="${region}">${Labels.regionName(region)}</option>`
    )}</select>
    <button class="secondary">Look now</button></div></form></section>`

const nobody = (): Markup =>
  Components.empty(
    "Nobody is waiting",
    "When a customer tells us to expect an advertiser, it is listed here until it is assigned.",
    html`<a class="button secondary outline" href="${directory}">See all advertisers</a>`
  )

const waitingTable = (waiting: ReadonlyArray<Directory.Waiting>, now: DateTime.Utc): Markup => html`
  <p class="muted">The longest waiting first. Suggestions are alike in name or id; names are not unique, so check before
    you assign.</p>
  <table class="rows"><thead><tr><th scope="col">Organization</th><th scope="col">Waits for</th><th scope="col">Waiting</th>
    <th scope="col">May be</th></tr></thead><tbody>${waiting.map((one) => waitingRow(one, now))}</tbody></table>`

const waitingPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  notice: Content = "",
  status: Status = 200
) {
  const me = yield* operator(context, c)
  const now = yield* Http.now
  const cursor = c.req.method === "GET" ? cursorOf(c) : ""
  const page = yield* context.directory.waiting(me, pageOf(cursor))
  return yield* send(
    context,
    c,
    "What customers wait for",
    html`
    ${Components.pageHead("Operator", { lead: "You run this installation. Customers wait here for what only you can do." })}
    ${tabs("waiting")}${notice}${doneNotice(c.req.query("done"), c.req.query("seen"))}
    ${page.items.length === 0 ? nobody() : waitingTable(page.items, now)}
    ${Components.pagination(home, { cursor }, page)}
    ${lookForm()}`,
    status
  )
})

/** `/operator`; refused with words that say who may. */
export const routes: Routes = (app, context) => {
  app.get(
    home,
    Http.handle(context, (c) => waitingPage(context, c))
  )

  app.post(
    `${home}/look`,
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* operator(context, c)
        const form = yield* Http.readForm(c)
        const region = Directory.regions().find((one) => one === Http.one(form, "region"))
        if (region === undefined) return yield* new BadRequest({ detail: "Choose one of the regions in the list." })
        const told = (tone: Labels.Tone, title: string, body: string, status: Status) =>
          waitingPage(context, c, Components.notice(tone, title, body), status)
        return yield* context.directory.look(me, region).pipe(
          Effect.map((seen) => c.redirect(`${home}?done=looked&seen=${seen}`, 303)),
          Effect.catchTags({
            ChannelUnavailable: (error) => told("act", "Walmart Connect is not set up here", error.message, 409),
            ApplicationRejected: () =>
              told(
                "act",
                "Walmart rejected this software's own credentials",
                "Check consumer id, key version and private key among the settings.",
                503
              ),
            Temporary: () =>
              told(
                "wait",
                "Walmart did not answer in time",
                "A list can take some minutes there. We look again by ourselves.",
                503
              )
          })
        )
      })
    )
  )
}
