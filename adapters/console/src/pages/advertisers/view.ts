/** Pages to link a connection to an advertiser, or to wait for one. */
import { Advertiser, Channel, Connection, type Id, Messages, Text } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { type Available, card, type CardContext, fits, isTaken, path, rank } from "./card.ts"
import { crumbs } from "./confirmationView.ts"

/** Advertisers on one page; who has more searches. */
const shownAtOnce = 40

/** From how many on a search helps. */
const searchFrom = 7

const matches =
  (search: string) =>
  ({ candidate }: Available): boolean =>
    search === "" ||
    [candidate.name, candidate.sellerName ?? "", candidate.sellerId ?? "", candidate.key.externalId].some((text) =>
      Text.folded(text).includes(Text.folded(search))
    )

const emptyList = (id: Id.ConnectionId, search: string, isNone: boolean): Markup =>
  isNone
    ? Components.empty(words.advertisers.none, words.advertisers.noneHow)
    : Components.empty(
        words.advertisers.notFound,
        words.advertisers.nothingMatches({ search: isolateText(search) }),
        html`<a class="button secondary outline" href="${path(id)}">${words.shared.showAll}</a>`
      )

const foundList = (shared: CardContext, found: ReadonlyArray<Available>): Markup => {
  const more = found.length - shownAtOnce
  return html`<p class="muted">${words.advertisers.assigned({ quantity: shared.all.length })}</p>
        <ul class="profiles">${found.slice(0, shownAtOnce).map((one) => card(shared, one))}</ul>
        ${more > 0 && html`<p class="muted">${words.advertisers.notShown({ quantity: more })}</p>`}`
}

const list = (shared: CardContext, search: string): Markup => {
  const { all, view } = shared
  const id = view.connection.id
  const found = all.filter(matches(search)).toSorted((one, other) => rank(view, one) - rank(view, other))
  return html`<section aria-labelledby="available"><h2 id="available">${words.advertisers.available}</h2>
    ${
      all.length >= searchFrom &&
      html`<search><form method="get" action="${path(id)}" class="search">
      <label for="search" class="sr-only">${words.advertisers.searchLabel}</label>
      <input id="search" type="search" name="search" value="${
        search
      }" maxlength="120" autocomplete="off" placeholder="${words.advertisers.searchLabel}">
      <button class="secondary">${words.shared.search}</button></form></search>`
    }
    ${found.length === 0 ? emptyList(id, search, all.length === 0) : foundList(shared, found)}
  </section>`
}

const howTo = (context: PageContext): Markup => html`<section class="card" aria-labelledby="missing">
  <h2 id="missing">${words.advertisers.missing}</h2>
  <p>${words.advertisers.onlyAdmin}</p>
  <ol>
    <li>${words.advertisers.openPartners}</li>
    <li>${words.advertisers.addPartner({ product: context.productName })}</li>
    <li>${words.advertisers.writeAccess}</li>
  </ol>
  <p>${Messages.text("evidence.we-look")} ${words.advertisers.assignedFirst}</p>
</section>`

const since = (at: DateTime.Utc, now: DateTime.Utc, isOverdue: boolean): Markup =>
  isOverdue
    ? words.advertisers.overdueSince({ at: Components.when(at, now) })
    : words.advertisers.awaitedSince({ at: Components.when(at, now) })

const waiting = ({ all, mayLink, now, view: { connection } }: CardContext): Markup => {
  if (connection._tag !== "AwaitingAccess") return nothing
  const { advertiser, overdueAt, since: at } = connection.expected
  if (all.some((one) => !isTaken(one) && Advertiser.isNamed(one.candidate, advertiser))) {
    return Components.notice(
      "good",
      words.advertisers.awaitedIsHere({ advertiser: isolateText(advertiser) }),
      words.advertisers.compareAndLink
    )
  }
  const isOverdue = overdueAt !== undefined
  return html`<div class="notice ${isOverdue ? "act" : "wait"}" role="status"><div>
    <strong>${isOverdue ? words.advertisers.overdue : words.advertisers.awaited}: ${isolateText(advertiser)}</strong>
    <div>${since(at, now, isOverdue)}
    ${
      mayLink &&
      html`<form method="post" action="/connections/${connection.id}/expectation/drop"><button
      class="secondary outline small">${words.advertisers.stopWaiting}</button></form>`
    }</div></div></div>`
}

const expectForm = (connection: Connection.Present, state: Fields.FormState): Markup =>
  html`<section class="card form" aria-labelledby="expect">
  <h2 id="expect">${words.advertisers.expect}</h2>
  <form method="post" action="/connections/${connection.id}/expectation">
    ${Fields.textField(state, "advertiser", words.advertisers.nameOrId, { hint: words.advertisers.nameOrIdHint })}
    <button class="secondary">${
      connection._tag === "AwaitingAccess" ? words.advertisers.expectInstead : words.advertisers.expectIt
    }</button></form>
</section>`

/** What a refused form leaves on the page. */
export interface RefusedForm {
  readonly state?: Fields.FormState
  readonly notice?: Markup
}

/** What the list of advertisers that a connection may be linked to shows. */
export interface AdvertisersPageModel {
  readonly all: ReadonlyArray<Available>
  readonly context: PageContext
  readonly done: string | undefined
  readonly id: Id.ConnectionId
  readonly refused: RefusedForm
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly search: string
  readonly status: Status
  readonly view: Connections.ConnectionDetail
}

/** The list of advertisers that a connection may be linked to. */
export const advertisersPage = ({
  all,
  context,
  done,
  id,
  me,
  now,
  refused,
  search,
  status,
  view
}: AdvertisersPageModel): MemberPage => {
  const { account, connection } = view
  const mayLink = may(me, "connect", account)
  const isLinked = Connection.isLinked(connection)
  const [fitting, ...others] = all.filter((one) => fits(view, one, all))
  const shared = { all, mayLink, now, onlyFit: others.length === 0 ? fitting : undefined, view }
  return {
    title: words.advertisers.title({ account: account.name }),
    section: "connections",
    status,
    body: html`
    ${Components.pageHead(words.advertisers.heading({ account: isolateText(account.name) }), {
      crumbs: crumbs(view),
      lead: html`${Labels.marketplaceName(connection.marketplaceId)} · ${Channel.label(connection.channel)}`
    })}
    ${refused.notice ?? nothing}
    ${done === "expected" && Components.notice("good", words.shared.noted, words.advertisers.notedHint)}
    ${done === "dropped" && Components.notice("good", words.advertisers.noLongerWaiting, words.advertisers.nothingElse)}
    ${
      isLinked &&
      Components.notice(
        "info",
        words.advertisers.linkedTo({ profile: isolateText(connection.link.profile.name) }),
        words.advertisers.unlinkFirst({
          unlink: html`<a href="/connections/${id}/disconnect">${words.advertisers.unlinkThis}</a>`
        })
      )
    }
    ${waiting(shared)}
    ${!mayLink && Components.onlyLooking(words.advertisers.whoConnects)}
    ${list(shared, search)}
    ${howTo(context)}
    ${mayLink && !isLinked && expectForm(connection, refused.state ?? Fields.blank)}`
  }
}
