/** The page of one connection. */
import { Actor, type Aggregate, type Authorization, Channel, Connection, Permission, Messages } from "@portolan/domain"
import type { AuthLinks, Connections, Repository } from "@portolan/ports"
import type { DateTime, Effect } from "effect"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { hasChoice } from "../accounts/tiles.ts"
import * as History from "../audit/history.ts"
import { commandNotice, connectionControls } from "../lifecycle/controls.ts"
import { linkPanel } from "./linkPanel.ts"
import { live } from "./live.ts"

const profileCard = (connection: Connection.Present, now: DateTime.Utc): Markup => {
  if (!Connection.isLinked(connection)) return nothing
  const { expiresAt, linkedAt, linkedBy, permission, profile } = connection.link
  const facts: ReadonlyArray<readonly [string, Markup]> = [
    ["Profile", isolateText(profile.name)],
    ["Profile id", html`<code>${profile.key.externalId}</code>`],
    ["Country and currency", html`${profile.countryCode}, ${profile.currency}`],
    [
      profile._tag === "Advertiser" ? "We may" : "Login may",
      html`${Permission.missing(permission, profile.key.channel) === undefined ? "view and edit" : "only view"}`
    ],
    ["Connected", html`${Components.when(linkedAt, now)} by ${isolateText(Actor.describe(linkedBy))}`],
    [
      profile._tag === "Advertiser" ? "Access ends" : "Consent ends",
      expiresAt === undefined ? html`no end is known` : Components.whenFully(expiresAt, now)
    ]
  ]
  return html`<section class="card" aria-labelledby="bound"><h2 id="bound">Connected profile</h2>
    <dl class="facts">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
      </section>`
}

/** The latest authorizations, each with what came of it. */
export const attempts = (
  authorizations: ReadonlyArray<Parameters<typeof Labels.authorizationTone>[0]>,
  isLinked: boolean,
  now: DateTime.Utc
): Markup =>
  html`<section class="card" aria-labelledby="attempts"><h2 id="attempts">Recent attempts</h2>
  ${
    authorizations.length === 0
      ? html`<p class="muted">${
          isLinked
            ? "Nobody had to go to the provider: it uses a consent that was there."
            : "Nobody has gone to the provider yet."
        }</p>`
      : html`<ol class="attempts">${authorizations.map((authorization) => {
          const outcome = History.outcome(authorization, now)
          return html`<li><div class="link-head">${Components.badge(
            Labels.authorizationTone(authorization),
            outcome.label
          )} <span class="muted">${Components.when(authorization.startedAt, now)},
      ${
        authorization.origin._tag === "Direct"
          ? html`by ${isolateText(Actor.describe(authorization.origin.actor))}`
          : Messages.text("page.through-link")
      }</span></div>
      <p>${outcome.reason}${outcome.mustAct !== "nobody" && html` <strong>Next:</strong> ${outcome.nextStep}`}
      ${
        authorization._tag === "AwaitingSelection" &&
        html` <a href="/pending/${authorization.id}">${
          authorization.candidates.length > 0 ? "Choose the profile" : Messages.text("page.see-or-look")
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
  return html`<section class="card later" aria-labelledby="history"><h2 id="history">History</h2>
    ${
      lines.length === 0
        ? html`<p class="muted">Only small steps of the first load on this page.</p>`
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
}

const pendingNotice = (view: Connections.ConnectionView): Markup => {
  const pending = Connection.pendingOf(view.connection)
  if (pending === undefined) return nothing
  return hasChoice(view)
    ? Components.notice(
        "wait",
        "A consent waits for your choice",
        html`<a href="/pending/${pending.authorizationId}">Choose the profile</a>`
      )
    : Components.notice(
        "wait",
        "A consent sees no profile yet",
        html`<a href="/pending/${pending.authorizationId}">${Messages.text("page.see-or-look")}</a>`
      )
}

const consentTitle = (connection: Connection.Present, isPartner: boolean): string => {
  if (!Connection.isLinked(connection)) return "Connect"
  return isPartner ? "Advertisers" : "Authorize again"
}

const consentPart = (connection: Connection.Present, isPartner: boolean, consent: Markup): Content => {
  if (connection._tag !== "Connected")
    return html`<section class="card" aria-labelledby="again">
          <h2 id="again">${consentTitle(connection, isPartner)}</h2>${consent}</section>`
  return (
    !isPartner &&
    html`<details class="card more later"><summary>Authorize again</summary>
        <p>Needed after rights were added at the provider,
        or before the consent ends. It must be the same profile; account,
        brands and history are kept.</p>${consent}</details>`
  )
}

/** The page of a connection. */
export const connectionPage = (model: ConnectionPageModel): MemberPage => {
  const { consent, cursor, done, links, me, now, past, recent, view } = model
  const { account, company, connection } = view
  const mayConnect = may(me, "connect", account) && account._tag === "Open"
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
      Components.notice("good", "Connected", "The first load starts by itself. You can leave this page.")
    }
    ${commandNotice(done)}
    ${mayConnect && pendingNotice(view)}
    ${
      !isPartner &&
      html`<p><a href="/connections/${connection.id}/diagnosis">${
        connection._tag === "Connected" ? "See the six checks" : "What is missing? See the six checks"
      }</a></p>`
    }
    <div class="split"><div>
      ${live(view, now)}
      ${mayConnect && consentPart(connection, isPartner, consent)}
      ${
        links.length > 0 &&
        html`<section class="card later" aria-labelledby="links">
        <h2 id="links">Auth links</h2>${links.map((link) => linkPanel(link, now, mayConnect))}</section>`
      }
      ${history(connection.id, cursor, past, now)}
    </div><div>
      ${profileCard(connection, now)}
      ${!isPartner && attempts(recent, Connection.isLinked(connection), now)}
      ${connectionControls(me, view, now)}
      ${!mayConnect && Components.onlyLooking(Messages.text("page.who-connects"))}
    </div></div>`
  }
}
