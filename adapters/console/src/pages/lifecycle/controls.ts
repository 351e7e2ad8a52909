/** What leads to pausing, ending, removing and erasing from the pages of connections and accounts. */
import { type Account, Connection, Messages } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { html, type Markup, nothing } from "../../page/html.ts"
import * as Layout from "../../page/layout.ts"
import { fits, isPartnerAccess, textOfConnectionCommand } from "./commands.ts"

const pauseOrResume = (at: string, pausedAt: DateTime.Utc | undefined, now: DateTime.Utc): Markup =>
  pausedAt === undefined
    ? html`<section class="card"><h2>Pause</h2>
        <p>Fetches nothing until somebody resumes. Consent, profile and data stay.</p>
          <a class="button secondary outline small" href="${at}/pause">Pause …</a></section>`
    : html`<section class="card"><header
      class="with-badge"><h2>Paused</h2>${Components.badge("idle", "Paused")}</header>
          <p>Nothing is fetched since ${Components.when(pausedAt, now)}.</p>
          <a class="button small" href="${at}/resume">Resume …</a></section>`

/** What can be done to a connection, for its page: pause or resume, and end. Nothing for those who may not. */
export const connectionControls = (
  me: Layout.Me,
  { account, connection }: Connections.ConnectionDetail,
  now: DateTime.Utc
): Markup => {
  if (!may(me, "administer", account)) return nothing
  const at = `/connections/${connection.id}`
  const end = textOfConnectionCommand("disconnect", isPartnerAccess(connection))
  return html`
    ${Connection.isLinked(connection) && pauseOrResume(at, connection.paused?.at, now)}
    ${
      fits("disconnect", connection) &&
      html`<section class="card"><h2>${end.verb}</h2>
      <p>${
        Connection.isLinked(connection)
          ? `Ends the connection and frees the ${isPartnerAccess(connection) ? "advertiser" : "profile"}.`
          : "Ends what is waiting."
      } You see all effects before you confirm.</p>
      <a class="button secondary outline small" href="${at}/disconnect">${end.verb} …</a></section>`
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
        "This account was removed",
        html`It was taken off the lists ${Components.when(account.removedAt, now)}; its data and history are kept.${
          mayAct && html` <a href="/accounts/${account.id}/restore">Restore it …</a>`
        }`
      )
    }
    ${
      deletion !== undefined &&
      Components.notice(
        "act",
        Messages.text("page.erased-on", { at: Format.absolute(deletion.dueAt) }),
        html`Asked for ${Components.when(deletion.requestedAt, now)}. Until then it can be called off.${
          mayAct && html` <a href="/accounts/${account.id}/keep-data">Call it off …</a>`
        }`
      )
    }
    ${
      deletion === undefined &&
      account.erasedAt !== undefined &&
      Components.notice(
        "info",
        html`Its data was erased on ${Format.day(account.erasedAt)}`,
        "The account and its history stay."
      )
    }`
}

/** What can be done to an account beside connecting it. Nothing for those who may not. */
export const accountControls = (me: Layout.Me, account: Account.Present): Markup => {
  if (!may(me, "administer", account)) return nothing
  const at = `/accounts/${account.id}`
  return html`<section class="block later" aria-labelledby="manage"><h2 id="manage">Manage this account</h2>
    <p class="muted">Disconnecting, removing and deleting differ. Each shows its effects before you confirm.</p>
    <p class="buttons">
      ${
        account._tag === "Open"
          ? html`<a class="button secondary outline small" href="${at}/remove">Remove the account …</a>`
          : html`<a class="button secondary outline small" href="${at}/restore">Restore the account …</a>`
      }
      ${
        account.deletion === undefined
          ? html`<a class="button secondary outline small" href="${at}/delete-data">Delete its data …</a>`
          : html`<a class="button secondary outline small" href="${at}/keep-data">Call the erasure off …</a>`
      }
    </p></section>`
}

/** What a finished command says on the page it leads back to. */
const doneWords: { readonly [done: string]: readonly [title: string, body: string] } = {
  pause: ["Paused", Messages.text("page.paused")],
  resume: ["Resumed", "Data is fetched again, and the gap is loaded."],
  disconnected: ["Disconnected", "The profile is free again. Loaded data stays where it is."],
  remove: ["Account removed", "It is off the lists. Its data and history are kept."],
  restore: ["Account restored", Messages.text("page.restored")],
  "delete-data": ["Erasure scheduled", "Until its day it can be called off."],
  "keep-data": ["Erasure called off", "All data stays."]
}

/** The notice of a finished command, if there was one. */
export const commandNotice = (done: string | undefined): Markup => {
  const words = done !== undefined && Object.hasOwn(doneWords, done) ? doneWords[done] : undefined
  return words === undefined ? nothing : Components.notice("good", words[0], words[1])
}
