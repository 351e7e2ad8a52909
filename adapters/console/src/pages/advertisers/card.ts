/** One advertiser that can be chosen, with all that tells it apart from others. */
import { Advertiser, Connection, type Id } from "@portolan/domain"
import type { Advertisers, Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import { advertiserFacts, lookAlikes } from "./facts.ts"

const blocking = ({ obstacles }: Available) => obstacles.filter(({ weight }) => weight === "blocks")

const warnings = ({ obstacles }: Available) => obstacles.filter(({ weight }) => weight === "warns")

/** Whether an advertiser cannot be linked here. */
export const isTaken = (one: Available) => one.heldBy !== undefined || blocking(one).length > 0

const alikeOf = (one: Available, all: ReadonlyArray<Available>) =>
  all.filter((other) => Advertiser.lookAlike(one.candidate, other.candidate)).map(({ candidate }) => candidate)

/** The address of the advertisers of a connection. */
export const path = (id: Id.ConnectionId) => `/connections/${id}/advertisers`

const linkOf = ({ connection }: Connections.ConnectionView) =>
  Connection.isLinked(connection) ? connection.link : undefined

/** Whether somebody told us to expect another one: the difference of a letter is what people overlook (rule W-R8). */
const expectsAnother = ({ connection }: Connections.ConnectionDetail, { candidate }: Available): boolean =>
  connection._tag === "AwaitingAccess" && !Advertiser.isNamed(candidate, connection.expected.advertiser)

/** What speaks against linking an advertiser, or has to be compared first. */
export const obstacles = (
  view: Connections.ConnectionDetail,
  one: Available,
  all: ReadonlyArray<Available>
): Markup => html`
  ${
    one.heldBy !== undefined &&
    html`<p class="obstacle">${words.advertisers.heldBy({
      holder: html`<a href="/connections/${one.heldBy.connectionId}">${isolateText(one.heldBy.accountName)}</a>`
    })}</p>`
  }
  ${blocking(one).map(({ detail }) => html`<p class="obstacle">${detail}</p>`)}
  ${warnings(one).map(({ detail }) => html`<p class="obstacle warns">${detail}</p>`)}
  ${
    view.connection._tag === "AwaitingAccess" &&
    !isTaken(one) &&
    expectsAnother(view, one) &&
    html`<p class="obstacle warns">${words.advertisers.otherAwaited({
      advertiser: isolateText(view.connection.expected.advertiser)
    })}</p>`
  }
  ${lookAlikes(alikeOf(one, all))}`

/** An advertiser that a connection may be linked to. */
export type Available = Advertisers.Available

/** Whether an advertiser is the one that the connection is linked to. */
const isOwn = (view: Connections.ConnectionDetail, one: Available): boolean => linkOf(view)?.grantId === one.grantId

const verdict = (view: Connections.ConnectionDetail, one: Available, all: ReadonlyArray<Available>): Markup => {
  if (isOwn(view, one)) return Components.badge("good", words.advertisers.linkedHere)
  if (one.heldBy !== undefined) return Components.badge("idle", words.advertisers.taken)
  if (blocking(one).length > 0) return Components.badge("idle", words.shared.notForAccount)
  return warnings(one).length > 0 || alikeOf(one, all).length > 0 || expectsAnother(view, one)
    ? Components.badge("wait", words.shared.checkFirst)
    : Components.badge("good", words.shared.fits)
}

/** Whether nothing speaks against linking an advertiser, and nothing has to be compared first. */
export const fits = (view: Connections.ConnectionDetail, one: Available, all: ReadonlyArray<Available>): boolean =>
  !isOwn(view, one) &&
  !isTaken(one) &&
  warnings(one).length === 0 &&
  alikeOf(one, all).length === 0 &&
  !expectsAnother(view, one)

/** The order of a list: the linked one, those that fit, those to check, those that cannot be linked. */
export const rank = (view: Connections.ConnectionDetail, one: Available): number => {
  if (isOwn(view, one)) return -1
  if (isTaken(one)) return 2
  return one.obstacles.length > 0 ? 1 : 0
}

/** What all cards of a list have in common. */
export interface CardContext {
  readonly view: Connections.ConnectionDetail
  /** Every advertiser of the organization here, to find those that look alike. */
  readonly all: ReadonlyArray<Available>
  readonly mayLink: boolean
  /** The one advertiser that fits, when there is one only: linking it is the thing to do on the page. */
  readonly onlyFit: Available | undefined
  readonly now: DateTime.Utc
}

/** One advertiser as a card. */
export const card = ({ all, mayLink, now, onlyFit, view }: CardContext, one: Available): Markup =>
  html`<li class="card profile${isTaken(one) && " blocked"}">
    <header><h3>${isolateText(one.candidate.name)}</h3>${verdict(view, one, all)}</header>
    ${advertiserFacts(one.candidate, now)}
    ${obstacles(view, one, all)}
    ${
      linkOf(view) === undefined &&
      !isTaken(one) &&
      mayLink &&
      html`<p class="buttons"><a class="button${one !== onlyFit && " secondary outline"}${
        one !== onlyFit && fits(view, one, all) && " urgent"
      }"
      href="${path(view.connection.id)}/link?advertiser=${one.grantId}">${words.advertisers.link({
        name: one.candidate.name,
        id: one.candidate.key.externalId
      })}</a></p>`
    }
  </li>`
