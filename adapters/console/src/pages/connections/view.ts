/** The page of one connection. */
import { Actor, type Aggregate, type Authorization, Channel, Connection, Permission, Messages } from "@portolan/domain"
import type { AuditLog, AuthLinks, Connections, Repository, Workers } from "@portolan/ports"
import type { DateTime, Effect } from "effect"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { hasChoice } from "../accounts/tiles.ts"
import * as History from "../audit/history.ts"
import { identityBadge } from "../consents/view.ts"
import { commandNotice, connectionControls, withdrawnNotice } from "../lifecycle/controls.ts"
import { standstillNotice } from "../operator/workers.ts"
import { freshnessCard } from "./freshness.ts"
import { linkPanel } from "./linkPanel.ts"
import { live, retryOf } from "./live.ts"
import { tokenReads } from "./tokenReads.ts"

const profileCard = (connection: Connection.Present, now: DateTime.Utc): Markup => {
  if (!Connection.isLinked(connection)) return nothing
  const { expiresAt, identity, linkedAt, linkedBy, permission, profile } = connection.link
  const facts: ReadonlyArray<readonly [string, Markup]> = [
    [words.connections.profile, isolateText(profile.name)],
    [words.shared.profileId, html`<code>${profile.key.externalId}</code>`],
    ...(Channel.claimsIdentity(connection.channel) ? [[words.shared.whoItIsOf, identityBadge(identity)] as const] : []),
    [words.connections.countryAndCurrency, html`${profile.countryCode}, ${profile.currency}`],
    // A seller's consent is to reading; it says nothing about a right to edit.
    ...(profile._tag === "SellingPartner"
      ? []
      : [
          [
            profile._tag === "Advertiser" ? words.shared.weMay : words.shared.loginMay,
            html`${
              Permission.missing(permission, profile.key.channel) === undefined
                ? words.shared.viewAndEdit
                : words.shared.onlyView
            }`
          ] as const
        ]),
    [
      Messages.text("status.connected"),
      words.shared.atBy({ at: Components.when(linkedAt, now), actor: isolateText(Actor.describe(linkedBy)) })
    ],
    [
      profile._tag === "Advertiser" ? words.connections.accessEnds : words.shared.consentEnds,
      expiresAt === undefined
        ? html`${words.connections.noEndIsKnown}`
        : html`${Components.whenFully(expiresAt, now)}<br><a href="/renewals?account=${connection.accountId}">${
            words.renewals.ofAccount
          }</a>`
    ]
  ]
  return html`<section class="card" aria-labelledby="bound"><h2 id="bound">${words.connections.connectedProfile}</h2>
    <dl class="facts">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
      </section>`
}

/** The latest authorizations, each with what came of it. */
export const attempts = (
  authorizations: ReadonlyArray<Parameters<typeof Labels.authorizationTone>[0]>,
  isLinked: boolean,
  now: DateTime.Utc
): Markup =>
  html`<section class="card" aria-labelledby="attempts"><h2 id="attempts">${words.connections.recentAttempts}</h2>
  ${
    authorizations.length === 0
      ? html`<p class="muted">${isLinked ? words.connections.reusedConsent : words.connections.nobodyYet}</p>`
      : html`<ol class="attempts">${authorizations.map((authorization) => {
          const outcome = History.outcome(authorization, now)
          return html`<li><div class="link-head">${Components.badge(
            Labels.authorizationTone(authorization),
            outcome.label
          )} <span class="muted">${Components.when(authorization.startedAt, now)},
      ${
        authorization.origin._tag === "Direct"
          ? words.shared.byActor({ actor: isolateText(Actor.describe(authorization.origin.actor)) })
          : Messages.text("page.through-link")
      }</span></div>
      <p>${outcome.reason}${
        outcome.mustAct !== "nobody" && html` <strong>${words.connections.next}</strong> ${outcome.nextStep}`
      }
      ${
        authorization._tag === "AwaitingSelection" &&
        html` <a href="/pending/${authorization.id}">${
          authorization.candidates.length > 0 ? Messages.text("email.choice-action") : Messages.text("page.see-or-look")
        }</a>`
      }</p></li>`
        })}</ol>`
  }</section>`

/** What happened to the connection. */
export const history = (
  id: string,
  cursor: string,
  page: Effect.Success<ReturnType<Connections.Connections["Service"]["history"]>>,
  now: DateTime.Utc
): Markup => {
  const lines = page.items.flatMap((recorded) => {
    const line = History.line(recorded.event)
    return line.isStep === true ? [] : [{ ...line, at: recorded.at, actor: recorded.actor }]
  })
  return html`<section class="card later" aria-labelledby="history"><h2 id="history">${words.connections.history}</h2>
    ${
      lines.length === 0
        ? html`<p class="muted">${words.connections.onlySteps}</p>`
        : html`<ol class="timeline">${lines.map(
            (line) => html`<li class="${line.tone}">
      <strong>${line.title}</strong>${line.detail !== undefined && html`<span> ${line.detail}</span>`}
      <span class="muted">${Components.when(line.at, now)} · ${isolateText(Actor.describe(line.actor))}</span></li>`
          )}</ol>`
    }
    ${Components.pagination(`/connections/${id}`, { cursor }, page)}</section>`
}

const crumbs = (view: Connections.ConnectionDetail) => [
  { href: `/companies/${view.company.id}`, label: isolateText(view.company.name) },
  { href: `/accounts/${view.account.id}`, label: isolateText(view.account.name) }
]

/** What the page of a connection shows. */
export interface ConnectionPageModel {
  readonly view: Connections.ConnectionDetail
  /** How fresh its data are; absent before a load is planned. */
  readonly freshness: Connections.FreshnessView | undefined
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  /** What was done just now. */
  readonly done: string | undefined
  /** The latest authorizations. */
  readonly recent: ReadonlyArray<Authorization.Present>
  readonly links: ReadonlyArray<AuthLinks.LinkWithAddress>
  /** The forms to consent. */
  readonly consent: Markup
  readonly past: Repository.Page<Aggregate.Recorded>
  readonly cursor: string
  /** The latest reads of the tokens of its consent. */
  readonly reads: ReadonlyArray<AuditLog.TokenRead>
  /** How background work stands. */
  readonly workStatus: Workers.Status
}

const pendingNotice = (view: Connections.ConnectionView): Markup => {
  const pending = Connection.pendingOf(view.connection)
  if (pending === undefined) return nothing
  return hasChoice(view)
    ? Components.notice(
        "wait",
        words.connections.consentAwaitsChoice,
        html`<a href="/pending/${pending.authorizationId}">${Messages.text("email.choice-action")}</a>`
      )
    : Components.notice(
        "wait",
        words.connections.consentSeesNothing,
        html`<a href="/pending/${pending.authorizationId}">${Messages.text("page.see-or-look")}</a>`
      )
}

const consentTitle = (connection: Connection.Present, isPartner: boolean): string => {
  if (!Connection.isLinked(connection)) return words.shared.connect
  return isPartner ? words.shared.advertisers : words.shared.authorizeAgain
}

const consentPart = (connection: Connection.Present, isPartner: boolean, consent: Markup): Content => {
  if (connection._tag !== "Connected")
    return html`<section class="card" aria-labelledby="again">
          <h2 id="again">${consentTitle(connection, isPartner)}</h2>${consent}</section>`
  return (
    !isPartner &&
    html`<details class="card more later"><summary>${words.shared.authorizeAgain}</summary>
        <p>${words.connections.authorizeAgainWhy}</p>${consent}</details>`
  )
}

/** The page of a connection. */
export const connectionPage = (model: ConnectionPageModel): MemberPage => {
  const { consent, cursor, done, freshness, links, me, now, past, reads, recent, workStatus, view } = model
  const { account, company, connection } = view
  const mayConnect = may(me, "connect", account) && account._tag === "Open" && connection._tag !== "Withdrawn"
  const isPartner = Channel.accessBy(connection.channel) === "partner"
  return {
    title: `${account.name}: ${Channel.label(connection.channel)}`,
    section: "connections",
    body: html`
    ${Components.pageHead(html`${isolateText(account.name)}: ${Labels.shortChannel(connection.channel)}`, {
      crumbs: crumbs(view),
      lead: html`${isolateText(company.name)} · ${Labels.marketplaceName(connection.marketplaceId)} · ${Channel.label(
        connection.channel
      )}`
    })}
    ${
      done === "connected" &&
      Components.notice(
        "good",
        Messages.text("status.connected"),
        `${words.connections.loadStarts} ${words.shared.leavePage}`
      )
    }
    ${commandNotice(done)}
    ${standstillNotice(workStatus, now)}
    ${withdrawnNotice(me, view, now)}
    ${mayConnect && pendingNotice(view)}
    ${
      !isPartner &&
      html`<p><a href="/connections/${connection.id}/diagnosis">${
        connection._tag === "Connected" ? words.connections.seeChecks : words.connections.missingSeeChecks
      }</a></p>`
    }
    <div class="split"><div>
      ${live(me, view, now)}
      ${freshnessCard(freshness, { load: view.backfill?.classes ?? [], retryAt: retryOf(me, view) })}
      ${mayConnect && consentPart(connection, isPartner, consent)}
      ${
        links.length > 0 &&
        html`<section class="card later" aria-labelledby="links">
        <h2 id="links">${
          words.connections.authLinks
        }</h2>${links.map((link) => linkPanel(link, now, mayConnect))}</section>`
      }
      ${!isPartner && tokenReads(reads, now)}
      ${history(connection.id, cursor, past, now)}
    </div><div>
      ${profileCard(connection, now)}
      ${!isPartner && attempts(recent, Connection.isLinked(connection), now)}
      ${connectionControls(me, view, now)}
      ${!mayConnect && connection._tag !== "Withdrawn" && Components.onlyLooking(Messages.text("page.who-connects"))}
    </div></div>`
  }
}
