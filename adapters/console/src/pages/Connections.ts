/** Connections: how each stands and why, how its first load proceeds, and ending it (flow F1, steps 3 and 7). */
import { Actor, Channel, Connection, Id, Permission } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { Effect } from "effect"
import type { Desk, Routes } from "../Desk.ts"
import * as History from "../History.ts"
import { html, type Markup, nothing, theirs } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
import { consentActions, linksOf } from "./Accounts.ts"
import { listPage } from "./ConnectionList.ts"
import { connectionControls, doneNotice } from "./Lifecycle.ts"
import { linkPanel } from "./linkPanel.ts"
import { live } from "./live.ts"
import { may } from "./may.ts"
import { hasChoice } from "./tiles.ts"

const attemptsShown = 5
const historyShown = 50

const profileCard = (connection: Connection.Present, now: DateTime.Utc): Markup => {
  if (!Connection.isLinked(connection)) return nothing
  const { expiresAt, linkedAt, linkedBy, permission, profile } = connection.link
  const facts: ReadonlyArray<readonly [string, Markup]> = [
    ["Profile", theirs(profile.name)],
    ["Profile id", html`<code>${profile.key.externalId}</code>`],
    ["Country and currency", html`${profile.countryCode}, ${profile.currency}`],
    [
      profile._tag === "Advertiser" ? "We may" : "Login may",
      html`${Permission.missing(permission, profile.key.channel) === undefined ? "view and edit" : "only view"}`
    ],
    ["Connected", html`${Parts.when(linkedAt, now)} by ${theirs(Actor.describe(linkedBy))}`],
    [
      profile._tag === "Advertiser" ? "Access ends" : "Consent ends",
      expiresAt === undefined ? html`no end is known` : Parts.whenFully(expiresAt, now)
    ]
  ]
  return html`<section class="card" aria-labelledby="bound"><h2 id="bound">Connected profile</h2>
    <dl class="facts">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
      </section>`
}

const attempts = (
  authorizations: ReadonlyArray<Parameters<typeof Words.authorizationTone>[0]>,
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
          const outcome = History.outcome(authorization)
          return html`<li><div class="link-head">${Parts.badge(Words.authorizationTone(authorization), outcome.label)} <span class="muted">${Parts.when(
            authorization.startedAt,
            now
          )},
      ${
        authorization.origin._tag === "Direct"
          ? html`by ${theirs(Actor.describe(authorization.origin.actor))}`
          : "through an auth link"
      }</span></div>
      <p>${outcome.reason}${outcome.mustAct !== "nobody" && html` <strong>Next:</strong> ${outcome.nextStep}`}
      ${
        authorization._tag === "AwaitingSelection" &&
        html` <a href="/pending/${authorization.id}">${
          authorization.candidates.length > 0 ? "Choose the profile" : "See it, or look again"
        }</a>`
      }</p></li>`
        })}</ol>`
  }</section>`

const history = (
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
      <span class="muted">${Parts.when(line.at, now)} · ${theirs(Actor.describe(line.actor))}</span></li>`
          )}</ol>`
    }
    ${Parts.pagination(`/connections/${id}`, { cursor }, page)}</section>`
}

const crumbs = (view: Connections.ConnectionDetail) => [
  { href: `/companies/${view.company.id}`, label: theirs(view.company.name) },
  { href: `/accounts/${view.account.id}`, label: theirs(view.account.name) }
]

const detailPage = Effect.fnUntraced(function* (
  desk: Desk,
  me: Layout.Me,
  view: Connections.ConnectionDetail,
  cursor: string,
  done: string | undefined
) {
  const { account, company, connection } = view
  const now = yield* Web.now
  const authorizations = yield* desk.pending.ofConnection(me, connection.id, { limit: attemptsShown })
  const past = yield* desk.connections.history(me, connection.id, {
    limit: historyShown,
    ...(cursor === "" ? {} : { cursor })
  })
  const links = yield* linksOf(desk, me, connection.id)
  const mayConnect = may(me, "connect", account) && account._tag === "Open"
  const isPartner = Channel.accessBy(connection.channel) === "partner"
  const pending = Connection.pendingOf(connection)
  const isFine = connection._tag === "Connected"
  const consent = consentActions(desk, connection, Connection.isLinked(connection))
  return Layout.memberPage(
    desk,
    me,
    `${account.name}: ${Channel.label(connection.channel)}`,
    "connections",
    html`
    ${Parts.pageHead(html`${theirs(account.name)}: ${Words.shortChannel(connection.channel)}`, {
      crumbs: crumbs(view),
      lead: html`${theirs(company.name)} · ${Words.marketplaceName(connection.marketplaceId)} · ${Channel.label(
        connection.channel
      )}`
    })}
    ${
      done === "connected" &&
      Parts.notice("good", "Connected", "The first load starts by itself. You can leave this page.")
    }
    ${doneNotice(done)}
    ${
      mayConnect &&
      pending !== undefined &&
      (hasChoice(view)
        ? Parts.notice(
            "wait",
            "A consent waits for your choice",
            html`<a href="/pending/${pending.authorizationId}">Choose the profile</a>`
          )
        : Parts.notice(
            "wait",
            "A consent sees no profile yet",
            html`<a href="/pending/${pending.authorizationId}">See it, or look again</a>`
          ))
    }
    ${
      !isPartner &&
      html`<p><a href="/connections/${connection.id}/diagnosis">${
        isFine ? "See the six checks" : "What is missing? See the six checks"
      }</a></p>`
    }
    <div class="split"><div>
      ${live(view, now)}
      ${
        mayConnect &&
        (isFine
          ? !isPartner &&
            html`<details class="card more later"><summary>Authorize again</summary>
        <p>Needed after rights were added at the provider,
        or before the consent ends. It must be the same profile; account,
        brands and history are kept.</p>${consent}</details>`
          : html`<section class="card" aria-labelledby="again">
          <h2 id="again">${
            !Connection.isLinked(connection) ? "Connect" : isPartner ? "Advertisers" : "Authorize again"
          }</h2>${consent}</section>`)
      }
      ${
        links.length > 0 &&
        html`<section class="card later" aria-labelledby="links">
        <h2 id="links">Auth links</h2>${links.map((link) => linkPanel(link, now, mayConnect))}</section>`
      }
      ${history(connection.id, cursor, past, now)}
    </div><div>
      ${profileCard(connection, now)}
      ${!isPartner && attempts(authorizations.items, Connection.isLinked(connection), now)}
      ${connectionControls(me, view, now)}
      ${!mayConnect && Parts.onlyLooking("An owner, admin or member of your organization")}
    </div></div>`
  )
})

/** `/connections` and `/connections/{id}`. */
export const routes: Routes = (app, desk) => {
  app.get(
    "/connections",
    Web.handle(desk, (c) => listPage(desk, c))
  )

  app.get(
    "/connections/:id",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        const view = yield* desk.connections.view(me, yield* Web.idParam(c, Id.ConnectionId))
        const page = yield* detailPage(
          desk,
          me,
          view,
          (c.req.query("cursor") ?? "").slice(0, 2000),
          c.req.query("done")
        )
        c.header("Content-Security-Policy", Web.departingPolicy)
        return Web.send(c, page)
      })
    )
  )

  app.get(
    "/connections/:id/live",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.caller(desk, c)
        const view = yield* desk.connections.view(me, yield* Web.idParam(c, Id.ConnectionId))
        return Web.send(c, live(view, yield* Web.now))
      })
    )
  )
}
