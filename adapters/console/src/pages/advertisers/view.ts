/** Pages to link a connection to an advertiser, or to wait for one. */
import { Advertiser, Channel, Connection, type Id, Text } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { type Available, card, type CardContext, isTaken, path, rank } from "./card.ts"
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
    ? Components.empty(
        "No advertiser lets us in yet",
        "Walmart sends nobody back to us: an admin of the advertiser adds us as partner, and then it appears here. " +
          "How that is done stands below."
      )
    : Components.empty(
        "No advertiser found",
        html`Nothing matches “${isolateText(search)}”. The search looks into names, sellers and ids.`,
        html`<a class="button secondary outline" href="${path(id)}">Show all</a>`
      )

const foundList = (shared: CardContext, found: ReadonlyArray<Available>): Markup => {
  const more = found.length - shownAtOnce
  return html`<p class="muted">${Format.count(
    shared.all.length,
    "advertiser is",
    "advertisers are"
  )} assigned to your organization here. Names are
          not unique; compare the ids with the one on the Admin page of Walmart's console.</p>
        <ul class="profiles">${found.slice(0, shownAtOnce).map((one) => card(shared, one))}</ul>
        ${
          more > 0 &&
          html`<p class="muted">${Format.count(
            more,
            "more advertiser is",
            "more advertisers are"
          )} not shown. Search for its name or id.</p>`
        }`
}

const list = (shared: CardContext, search: string): Markup => {
  const { all, view } = shared
  const id = view.connection.id
  const found = all.filter(matches(search)).toSorted((one, other) => rank(view, one) - rank(view, other))
  return html`<section aria-labelledby="available"><h2 id="available">Advertisers that let us in</h2>
    ${
      all.length >= searchFrom &&
      html`<search><form method="get" action="${path(id)}" class="search">
      <label for="search" class="sr-only">Search by name, seller or id</label>
      <input id="search" type="search" name="search" value="${
        search
      }" maxlength="120" autocomplete="off" placeholder="Search by name, seller or id">
      <button class="secondary">Search</button></form></search>`
    }
    ${found.length === 0 ? emptyList(id, search, all.length === 0) : foundList(shared, found)}
  </section>`
}

const howTo = (context: PageContext): Markup => html`<section class="card" aria-labelledby="missing">
  <h2 id="missing">Is the right one missing?</h2>
  <p>Only an admin of the advertiser can let us in. No login of ours, and no link, can do it instead.</p>
  <ol>
    <li>The admin signs in to Walmart's advertising console and opens <strong>Admin</strong>, then
      <strong>API Partner - Advertiser level</strong>.</li>
    <li>The admin presses <strong>+ Add Partner</strong> and picks <strong>${
      context.productName
    }</strong>; ask your operator if it is
      listed there under another name.</li>
    <li>As access type the admin picks <strong>Write access</strong>. With read access we can only report, and the
      connection is
      <em>limited</em>.</li>
  </ol>
  <p>We look every 15 minutes. A new advertiser is first assigned to your organization by our operators; you are told
    when it can be linked.</p>
</section>`

const since = (at: DateTime.Utc, now: DateTime.Utc, isOverdue: boolean): Markup =>
  isOverdue
    ? html`You told us ${Components.when(at, now)} and it has not appeared within a day. Support has been told.
      Meanwhile
        check with its admin that we were added, at advertiser level and with write access.`
    : html`You told us ${Components.when(at, now)}. It appears once its admin has added us and our operators have
      assigned
        it to you.`

const waiting = ({ all, mayLink, now, view: { connection } }: CardContext): Markup => {
  if (connection._tag !== "AwaitingAccess") return nothing
  const { advertiser, overdueAt, since: at } = connection.expected
  if (all.some((one) => !isTaken(one) && Advertiser.isNamed(one.candidate, advertiser))) {
    return Components.notice(
      "good",
      html`The advertiser you wait for is here: ${isolateText(advertiser)}`,
      "Compare it below, and link it."
    )
  }
  const isOverdue = overdueAt !== undefined
  return html`<div class="notice ${isOverdue ? "act" : "wait"}" role="status"><div>
    <strong>${isOverdue ? "The advertiser is overdue" : "Waiting for the advertiser"}: ${isolateText(
      advertiser
    )}</strong>
    <div>${since(at, now, isOverdue)}
    ${
      mayLink &&
      html`<form method="post" action="/connections/${connection.id}/expectation/drop"><button
      class="secondary outline small">Stop waiting</button></form>`
    }</div></div></div>`
}

const expectForm = (connection: Connection.Present, state: Fields.FormState): Markup =>
  html`<section class="card form" aria-labelledby="expect">
  <h2 id="expect">Tell us which advertiser to expect</h2>
  <form method="post" action="/connections/${connection.id}/expectation">
    ${Fields.textField(state, "advertiser", "Name or id of the advertiser", {
      hint:
        "As Walmart's console shows it; the id is the number on its Admin page. Our operators see " +
        "it and assign the advertiser to you."
    })}
    <button>${connection._tag === "AwaitingAccess" ? "Expect this one instead" : "Expect it"}</button></form>
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
  const shared = { all, mayLink, now, view }
  return {
    title: `${account.name}: advertisers`,
    section: "connections",
    status,
    body: html`
    ${Components.pageHead(html`Link an advertiser to ${isolateText(account.name)}`, {
      crumbs: crumbs(view),
      lead: html`${Labels.marketplaceName(connection.marketplaceId)} · ${Channel.label(connection.channel)}`
    })}
    ${refused.notice ?? nothing}
    ${
      done === "expected" &&
      Components.notice("good", "Noted", "Our operators see what you wait for. You are told when it is here.")
    }
    ${done === "dropped" && Components.notice("good", "No longer waiting", "Nothing else has changed.")}
    ${
      isLinked &&
      Components.notice(
        "info",
        html`This account is linked to ${isolateText(connection.link.profile.name)}`,
        html`To link another advertiser, <a href="/connections/${
          id
        }/disconnect">unlink this one</a> first; you see what that does before you confirm.`
      )
    }
    ${waiting(shared)}
    ${!mayLink && Components.onlyLooking("Somebody who may connect this account")}
    ${list(shared, search)}
    ${howTo(context)}
    ${mayLink && !isLinked && expectForm(connection, refused.state ?? Fields.blank)}`
  }
}
