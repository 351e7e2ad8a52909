/** A connection on the page of its account (rules K-R7, K-R11, C2). */
import { type Account, type Authorization, Channel, Connection, Evidence, Messages } from "@portolan/domain"
import type { AuthLinks, Connections } from "@portolan/ports"
import { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import { linkPanel } from "../connections/linkPanel.ts"
import { useConsent } from "../reuseConsent/view.ts"
import { consentActions } from "./consentActions.ts"
import { hasChoice } from "./tiles.ts"

/** What the tiles of an account have in common. */
export interface TileContext {
  readonly context: PageContext
  readonly me: Layout.Me
  readonly account: Account.Present
  readonly now: DateTime.Utc
  /** The tile with the one thing to do on the page. */
  readonly lead: Tile | undefined
}

/** One connection, as its tile shows it. */
export interface Tile {
  readonly view: Connections.ConnectionView
  readonly links: ReadonlyArray<AuthLinks.LinkWithAddress>
  readonly lastAuthorization: Authorization.Present | undefined
  /** Whether another consent of the organization, of the same channel and region, may serve it. */
  readonly isFurther: boolean
}

/** The tile with the one thing to do on the page: a profile to choose, or else the first that is not connected. */
export const leading = (tiles: ReadonlyArray<Tile>): Tile | undefined =>
  tiles.find(({ view }) => Connection.pendingOf(view.connection) !== undefined && hasChoice(view)) ??
  tiles.find(
    ({ view: { connection } }) =>
      connection._tag !== "Connected" && Connection.pendingOf(connection) === undefined && !connection.optional
  ) ??
  tiles.find(({ view: { connection } }) => Connection.isLinked(connection) && connection._tag !== "Connected")

const pendingHint = (view: Connections.ConnectionView, isPrimary: boolean): Markup => {
  const pending = Connection.pendingOf(view.connection)
  return pending === undefined
    ? nothing
    : html`<p><a class="button${!isPrimary && " secondary outline"}" href="/pending/${pending.authorizationId}">${
        hasChoice(view) ? Messages.text("email.choice-action") : words.accounts.seeConsent
      }</a></p>`
}

/**
 * How the latest attempt stands or ended, unless the tile says so already: as its pending consent, or as what
 * connected it.
 */
const lastAttempt = (
  connection: Connection.Present,
  authorization: Authorization.Present,
  now: DateTime.Utc
): Markup => {
  if (authorization._tag === "Finalised" || authorization.id === Connection.pendingOf(connection)?.authorizationId)
    return nothing
  const outcome = Evidence.ofAuthorization(authorization, now)
  return html`<p class="last-attempt"><strong>${words.accounts.lastAttempt}</strong> ${Components.badge(
    Labels.authorizationTone(authorization),
    outcome.label
  )}
    <span class="muted">${Components.when(Labels.cameAt(authorization), now)}</span> ${outcome.reason}${
      outcome.mustAct !== "nobody" && html` ${outcome.nextStep}`
    }</p>`
}

const pausedNote = (
  { account, me, now }: TileContext,
  { connection, evidence }: Connections.ConnectionView
): Markup => {
  const paused = Connection.isLinked(connection) ? connection.paused : undefined
  if (paused === undefined) return nothing
  const badge = evidence.status !== "paused" && html`${Components.badge("idle", Messages.text("status.paused"))} `
  return html`<p>${badge}${words.shared.nothingFetched({ at: Components.when(paused.at, now) })}${
    may(me, "administer", account) && html` <a href="/connections/${connection.id}/resume">${words.shared.resume}</a>`
  }</p>`
}

const firstLoad = ({ backfill, connection }: Connections.ConnectionView): Content =>
  backfill?.state._tag === "Running" &&
  html`<p class="tile-load">${Components.bar(
    words.shared.firstLoadOf({ name: Channel.label(connection.channel) }),
    backfill.overall,
    "info"
  )}
      <span class="muted">${words.accounts.firstLoad({ percent: Format.percent(backfill.overall) })}</span></p>`

/** What a person who may connect the connection can do about it. */
const waysToConnect = ({ context, lead, me }: TileContext, one: Tile): Content => {
  const { isFurther, view } = one
  const { connection } = view
  if (Connection.pendingOf(connection) !== undefined)
    return (
      connection._tag !== "Connected" &&
      html`<details class="more"><summary>${words.accounts.startAgain}</summary>${consentActions(context, connection, {
        isAgain: true,
        isPrimary: false
      })}</details>`
    )
  const isLinked = Connection.isLinked(connection)
  const isPrimary = one === lead
  return html`${!isLinked && me.accessScope._tag === "Everything" && isFurther && useConsent(connection)}
    ${connection._tag !== "Connected" && consentActions(context, connection, { isAgain: isLinked, isPrimary })}`
}

/**
 * Why, who must act and what next; of a healthy one, where nothing must be done, only why. Once a link is out, it is
 * its receiver who must act, and no longer a member (rule K-R9).
 */
const howItIs = ({ links, view: { connection, evidence } }: Tile, tone: Labels.Tone, now: DateTime.Utc): Markup => {
  if (tone === "good" && evidence.mustAct === "nobody") return html`<p class="muted">${evidence.reason}</p>`
  const isSent =
    connection._tag === "Proposed" &&
    links.some(({ link }) => link._tag === "Open" && DateTime.isLessThan(now, link.expiresAt))
  return isSent
    ? Components.reasons(
        { reason: evidence.reason, nextStep: words.accounts.linkIsOut },
        Labels.mustAct["account-owner"]
      )
    : Components.reasons(evidence, Labels.mustAct[evidence.mustAct])
}

/** A connection on its account's page: how it stands and why, and what can be done. */
export const tile = (shared: TileContext, one: Tile): Markup => {
  const { account, me, now } = shared
  const { lastAuthorization, links, view } = one
  const { connection, evidence } = view
  const mayConnect = may(me, "connect", account) && account._tag === "Open"
  const tone = Labels.toneOf(evidence)
  const isFirst = connection.marketplaceId === account.marketplaces[0]
  const anchor = isFirst ? connection.channel : `${connection.channel}-${connection.marketplaceId}`
  const channel = Channel.label(connection.channel)
  return html`<section class="card big-tile ${tone}" id="${anchor}"
    aria-labelledby="title-${anchor}">
    <header><div><h3 id="title-${anchor}">${channel}</h3>
      <p class="muted">${Labels.channelPurpose(connection.channel, account.accountType)}${
        connection.optional && html` ${words.accounts.optionalHint}`
      }</p></div>
      ${Components.badge(tone, evidence.label)}</header>
    ${account._tag === "Open" && howItIs(one, tone, now)}
    ${pausedNote(shared, view)}
    ${lastAuthorization !== undefined && lastAttempt(connection, lastAuthorization, now)}
    ${firstLoad(view)}
    ${mayConnect && pendingHint(view, one === shared.lead)}
    ${
      (connection._tag === "Limited" || (Connection.pendingOf(connection) !== undefined && !hasChoice(view))) &&
      html`<p><a href="/connections/${connection.id}/diagnosis">${words.accounts.whatIsMissing({ channel })}</a></p>`
    }
    ${mayConnect && waysToConnect(shared, one)}
    ${links.map((link) => linkPanel(link, now, mayConnect))}
    ${
      connection._tag !== "Proposed" &&
      html`<p class="tile-foot"><a href="/connections/${connection.id}">${words.accounts.details({ channel })}</a></p>`
    }
  </section>`
}
