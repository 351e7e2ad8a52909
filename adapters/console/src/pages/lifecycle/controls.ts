/** What leads to pausing, ending, removing and erasing from the pages of connections and accounts. */
import { type Account, Connection, Messages } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { html, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import { fits, isPartnerAccess } from "./commands.ts"

const { lifecycle, shared } = words

const pauseOrResume = (at: string, pausedAt: DateTime.Utc | undefined, now: DateTime.Utc): Markup =>
  pausedAt === undefined
    ? html`<section class="card"><h2>${lifecycle.pause}</h2>
        <p>${lifecycle.pausingStays}</p>
          <a class="button secondary outline small" href="${at}/pause">${lifecycle.pauseIt}</a></section>`
    : html`<section class="card"><header
      class="with-badge"><h2>${lifecycle.paused}</h2>${Components.badge("idle", lifecycle.paused)}</header>
          <p>${shared.nothingFetched({ at: Components.when(pausedAt, now) })}</p>
          <a class="button small" href="${at}/resume">${shared.resume}</a></section>`

const whatEnds = (connection: Connection.Present): string => {
  if (!Connection.isLinked(connection)) return lifecycle.endsWaiting
  return isPartnerAccess(connection) ? lifecycle.endsLink : lifecycle.endsConnection
}

/** What can be done to a connection, for its page: pause or resume, and end. Nothing for those who may not. */
export const connectionControls = (
  me: Layout.Me,
  { account, connection }: Connections.ConnectionDetail,
  now: DateTime.Utc
): Markup => {
  if (!may(me, "administer", account)) return nothing
  const at = `/connections/${connection.id}`
  const isPartner = isPartnerAccess(connection)
  return html`
    ${Connection.isLinked(connection) && pauseOrResume(at, connection.paused?.at, now)}
    ${
      fits("disconnect", connection) &&
      html`<section class="card"><h2>${isPartner ? lifecycle.unlink : lifecycle.disconnect}</h2>
      <p>${whatEnds(connection)} ${lifecycle.seeEffects}</p>
      <a class="button secondary outline small" href="${at}/disconnect">${
        isPartner ? lifecycle.unlinkIt : lifecycle.disconnectIt
      }</a></section>`
    }`
}

/** How an account stands that is removed, or whose data is going to be erased; nothing for an account in plain use. */
export const accountNotices = (me: Layout.Me, account: Account.Present, now: DateTime.Utc): Markup => {
  const mayAct = may(me, "administer", account)
  const { deletion } = account
  return html`
    ${
      account._tag === "Removed" &&
      Components.notice(
        "idle",
        lifecycle.wasRemoved,
        html`${lifecycle.takenOff({ at: Components.when(account.removedAt, now) })}${
          mayAct && html` <a href="/accounts/${account.id}/restore">${lifecycle.restoreIt}</a>`
        }`
      )
    }
    ${
      deletion !== undefined &&
      Components.notice(
        "act",
        Messages.text("page.erased-on", { at: Format.absolute(deletion.dueAt) }),
        html`${lifecycle.deletionAskedFor({ at: Components.when(deletion.requestedAt, now) })}${
          mayAct && html` <a href="/accounts/${account.id}/keep-data">${lifecycle.callItOff}</a>`
        }`
      )
    }
    ${
      deletion === undefined &&
      account.erasedAt !== undefined &&
      Components.notice("info", lifecycle.wasErased({ day: Format.day(account.erasedAt) }), lifecycle.historyStays)
    }`
}

/** What people read about a connection whose country was taken out of its account; nothing for any other. */
export const withdrawnNotice = (
  me: Layout.Me,
  { account, connection }: Connections.ConnectionDetail,
  now: DateTime.Utc
): Markup => {
  if (connection._tag !== "Withdrawn") return nothing
  const { marketplaceId, withdrawnAt } = connection
  return Components.notice(
    "idle",
    lifecycle.withdrawn({ country: Labels.countryOf(marketplaceId) }),
    html`${lifecycle.withdrawnAt({ at: Components.when(withdrawnAt, now) })}${
      may(me, "administer", account) &&
      html` <a href="/accounts/${account.id}/countries/new?marketplace=${marketplaceId}">${lifecycle.addAgain}</a>`
    }`
  )
}

/** What can be done to an account beside connecting it. Nothing for those who may not. */
export const accountControls = (me: Layout.Me, account: Account.Present): Markup => {
  if (!may(me, "administer", account)) return nothing
  const at = `/accounts/${account.id}`
  return html`<section class="block later" aria-labelledby="manage"><h2 id="manage">${lifecycle.manage}</h2>
    <p class="muted">${lifecycle.threeDiffer}</p>
    <p class="buttons">
      ${
        account._tag === "Open"
          ? html`<a class="button secondary outline small" href="${at}/remove">${lifecycle.removeAccount}</a>`
          : html`<a class="button secondary outline small" href="${at}/restore">${lifecycle.restoreAccount}</a>`
      }
      ${
        account._tag === "Open" &&
        account.marketplaces.slice(1).map(
          (id) => html`<a class="button secondary outline small"
            href="${at}/countries/${id}/remove">${lifecycle.removeCountry({ country: Labels.countryOf(id) })}</a>`
        )
      }
      ${
        account._tag === "Open" &&
        me.accessScope._tag === "Everything" &&
        html`<a class="button secondary outline small" href="${at}/company">${lifecycle.changeCompany}</a>`
      }
      ${
        account.deletion === undefined
          ? html`<a class="button secondary outline small" href="${at}/delete-data">${lifecycle.deleteItsData}</a>`
          : html`<a class="button secondary outline small" href="${at}/keep-data">${lifecycle.callErasureOff}</a>`
      }
    </p></section>`
}

/** What a finished command says on the page it leads back to. */
const doneWords: { readonly [done: string]: readonly [title: string, body: string] } = {
  pause: [lifecycle.paused, Messages.text("page.paused")],
  resume: [shared.resumed, lifecycle.fetchedAgain],
  "tried-again": [words.connections.triedAgain, words.connections.triedAgainHow],
  disconnected: [lifecycle.disconnected, lifecycle.profileFree],
  remove: [shared.accountRemoved, lifecycle.offTheLists],
  restore: [shared.accountRestored, Messages.text("page.restored")],
  "delete-data": [lifecycle.erasureScheduled, lifecycle.untilItsDay],
  "country-removed": [lifecycle.countryRemoved, lifecycle.countryRemovedHow],
  "change-company": [lifecycle.companyChanged, lifecycle.companyChangedHow],
  "keep-data": [shared.erasureCalledOff, shared.allDataStays]
}

/** The notice of a finished command, if there was one. */
export const commandNotice = (done: string | undefined): Markup => {
  const said = done !== undefined && Object.hasOwn(doneWords, done) ? doneWords[done] : undefined
  return said === undefined ? nothing : Components.notice("good", said[0], said[1])
}
