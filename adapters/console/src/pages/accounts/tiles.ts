/** A tile for each channel of an account: small on the company's page, large on its own (rules K-R7, K-R11, C2). */
import { Channel, Connection, Messages } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { html, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"

/** Channels in the order in which they are offered, so that tiles stand where people expect them. */
export const inOrder = <View extends Connections.ConnectionView>(views: ReadonlyArray<View>): ReadonlyArray<View> =>
  views.toSorted((one, other) => order(one) - order(other))

const order = ({ connection }: Connections.ConnectionView): number => Channel.all().indexOf(connection.channel)

/** Where a button leads, and whether it is the thing to do now. */
export interface Action {
  readonly href: string
  readonly label: string
  readonly isUrgent: boolean
}

/** Whether a waiting consent can be chosen from here; one that sees no profile waits for the account's owner. */
export const hasChoice = ({ evidence }: Connections.ConnectionView): boolean => evidence.mustAct === "member"

/**
 * The main thing to do about a connection, as a link. A person who may not connect it gets a link to its page, and is
 * not asked to act.
 */
export const mainAction = (view: Connections.ConnectionView, mayConnect: boolean): Action => {
  const { connection } = view
  if (!mayConnect)
    return { href: `/connections/${connection.id}`, label: Messages.text("link-state.open"), isUrgent: false }
  const pending = Connection.pendingOf(connection)
  if (pending !== undefined) {
    return {
      href: `/pending/${pending.authorizationId}`,
      label: hasChoice(view) ? words.accounts.chooseProfile : words.accounts.seeWhy,
      isUrgent: true
    }
  }
  const isPartner = Channel.accessBy(connection.channel) === "partner"
  switch (connection._tag) {
    case "Proposed":
      if (isPartner) {
        return {
          href: `/connections/${connection.id}/advertisers`,
          label: words.shared.connect,
          isUrgent: !connection.optional
        }
      }
      return { href: `/accounts/${connection.accountId}`, label: words.shared.connect, isUrgent: !connection.optional }
    case "AwaitingAccess":
      return connection.expected.arrived === undefined
        ? {
            href: `/connections/${connection.id}/advertisers`,
            label: words.shared.seeAdvertisers,
            isUrgent: connection.expected.overdueAt !== undefined
          }
        : { href: `/connections/${connection.id}/advertisers`, label: words.accounts.linkIt, isUrgent: true }
    case "Disconnected":
      return isPartner
        ? { href: `/connections/${connection.id}/advertisers`, label: words.accounts.connectAgain, isUrgent: false }
        : { href: `/accounts/${connection.accountId}`, label: words.accounts.connectAgain, isUrgent: false }
    case "ReauthorizationNeeded":
    case "Limited":
      return { href: `/connections/${connection.id}`, label: words.accounts.fix, isUrgent: true }
    default:
      return { href: `/connections/${connection.id}`, label: Messages.text("link-state.open"), isUrgent: false }
  }
}

/** A tile in a card: the channel, how it stands, one thing to do. */
export const compactTile = (view: Connections.ConnectionView, mayConnect: boolean): Markup => {
  const { backfill, connection, evidence } = view
  const action = mainAction(view, mayConnect)
  const isLoading = backfill?.state._tag === "Running"
  return html`<li class="tile ${Labels.toneOf(evidence)}">
    <div class="tile-head"><strong>${Labels.shortChannel(connection.channel)}</strong>${
      connection.optional && html`<span class="muted"> ${words.accounts.optional}</span>`
    }</div>
    <div>${Components.badge(Labels.toneOf(evidence), evidence.label)}</div>
    ${
      isLoading &&
      backfill !== undefined &&
      html`<div class="tile-load">${Components.bar(
        words.shared.firstLoadOf({ name: Channel.label(connection.channel) }),
        backfill.overall,
        "info"
      )}<span class="muted">${words.accounts.firstLoad({ percent: Format.percent(backfill.overall) })}</span></div>`
    }
    <a class="button small secondary outline${action.isUrgent && " urgent"}"
      href="${action.href}">${action.label}<span class="sr-only"> ${Channel.label(connection.channel)}</span></a>
  </li>`
}
