/** The page of what customers wait for. */
import { Advertiser, type Awaited, Connection, Messages } from "@portolan/domain"
import { Directory, type Incidents, type Repository, type Workers } from "@portolan/ports"
import { DateTime } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import type { Status } from "../../../page/errors.ts"
import { type Content, html, isolateText, type Markup } from "../../../page/html.ts"
import * as Labels from "../../../page/labels.ts"
import type { MemberPage } from "../../../page/send.ts"
import { accessLabel, typeLabel } from "../../advertisers/facts.ts"
import { assignForm, operatorNotice } from "../assigning.ts"
import { directory, home, tabs } from "../frame.ts"
import { signsCard } from "../incidents/signs.ts"
import { workersCard } from "../workers.ts"

const { operator, shared } = words

const isLate = ({ since }: Awaited.Present, now: DateTime.Utc): boolean =>
  DateTime.isGreaterThanOrEqualTo(now, DateTime.add(since, { hours: Connection.accessHours }))

const isExpected = ({ advertiser }: Advertiser.Present, { advertiser: typed }: Awaited.Present): boolean =>
  Advertiser.isNamed(advertiser, typed)

const suggestion = (entry: Advertiser.Present, awaited: Awaited.Present): Markup => {
  const { advertiser } = entry
  const fits = isExpected(entry, awaited)
  const warning = fits
    ? ""
    : html`<strong>${operator.namedOtherwise({ awaited: isolateText(awaited.advertiser) })}</strong> `
  return html`<li>
    <div><a href="${directory}/${entry.id}">${isolateText(advertiser.name)}</a>
      <code>${advertiser.key.externalId}</code>
      ${fits ? Components.badge("good", operator.asExpected) : Components.badge("wait", operator.onlyAlike)}</div>
    <div class="muted">${typeLabel(advertiser.type)} · ${accessLabel(advertiser)}${
      advertiser.sellerName !== undefined && html` · ${isolateText(advertiser.sellerName)}`
    }</div>
    ${assignForm(entry, { id: awaited.tenantId, name: awaited.tenantName }, "waiting", warning)}</li>`
}

const suggestions = ({ awaited, mayBe }: Directory.Waiting): Markup => {
  if (mayBe.length === 0) {
    return html`<span class="muted wrap">${operator.nothingAlike}</span>`
  }
  const likeliestFirst = mayBe.toSorted(
    (one, other) => Number(isExpected(other, awaited)) - Number(isExpected(one, awaited))
  )
  return html`<ul class="suggestions">${likeliestFirst.map((entry) => suggestion(entry, awaited))}</ul>`
}

const waitingRow = (waiting: Directory.Waiting, now: DateTime.Utc): Markup => {
  const { awaited } = waiting
  return html`<tr>
    <th scope="row" data-label="${shared.organization}">${isolateText(awaited.tenantName)}<br><small
      class="muted">${isolateText(awaited.accountName)}</small></th>
    <td data-label="${operator.waitsFor}"><span><strong>${isolateText(awaited.advertiser)}</strong><br><small
      class="muted">${operator.askedBy({
        marketplace: Labels.marketplaceName(awaited.marketplaceId),
        person: isolateText(awaited.requestedBy)
      })}</small></span></td>
    <td data-label="${shared.waiting}"><span>${Components.when(awaited.since, now)}${
      isLate(awaited, now) && html` ${Components.badge("act", operator.overdue)}`
    }</span></td>
    <td data-label="${operator.mayBe}">${suggestions(waiting)}</td></tr>`
}

const lookForm =
  (): Markup => html`<section class="card form" aria-labelledby="look"><h2 id="look">${operator.lookNow}</h2>
  <p class="muted">${operator.lookNowHint({ minutes: Advertiser.lookMinutes })}</p>
  <form method="post" action="${home}/look"><label for="region">${operator.region}</label>
    <div class="joined"><select id="region" name="region">${Directory.regions().map(
      (region) => html`<option value="${region}">${Labels.regionName(region)}</option>`
    )}</select>
    <button class="secondary">${operator.lookNow}</button></div></form></section>`

const nobody = (): Markup =>
  Components.empty(
    operator.nobodyWaits,
    operator.listedHere,
    html`<a class="button secondary outline" href="${directory}">${operator.seeAll}</a>`
  )

const waitingTable = (waiting: ReadonlyArray<Directory.Waiting>, now: DateTime.Utc): Markup => html`
  <p class="muted">${operator.longestFirst}</p>
  <table class="rows"><thead><tr>${[shared.organization, operator.waitsFor, shared.waiting, operator.mayBe].map(
    (head) => html`<th scope="col">${head}</th>`
  )}</tr></thead><tbody>${waiting.map((one) => waitingRow(one, now))}</tbody></table>`

/** What the list of what customers wait for shows. */
export interface WaitingPageModel {
  readonly cursor: string
  readonly done: string | undefined
  readonly notice: Content
  readonly now: DateTime.Utc
  readonly page: Repository.Page<Directory.Waiting>
  readonly seen: string | undefined
  readonly signs: ReadonlyArray<Incidents.SignView>
  readonly workStatus: Workers.Status
  readonly status: Status
}

/** The list of what customers wait for. */
export const waitingPage = ({
  cursor,
  done,
  notice,
  now,
  page,
  seen,
  signs,
  workStatus,
  status
}: WaitingPageModel): MemberPage => ({
  title: Messages.text("page.awaited-advertisers"),
  section: "operator",
  status,
  body: html`
    ${Components.pageHead(words.page.operator, { lead: operator.waitingLead })}
    ${tabs("waiting")}${notice}${operatorNotice(done, seen)}
    ${page.items.length === 0 ? nobody() : waitingTable(page.items, now)}
    ${Components.pagination(home, { cursor }, page)}
    ${signsCard(signs, now)}
    ${workersCard(workStatus, now)}
    ${lookForm()}`
})
