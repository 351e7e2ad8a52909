/** Pages that confirm pausing, disconnecting, removing and erasing, and the controls that lead to them. */
import { type Account, Channel, type Company, Connection, type Effects, type Id } from "@portolan/domain"
import type { Connections, Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"

export type ConnectionCommand = Parameters<Connections.Connections["Service"]["effects"]>[2]

export type AccountCommand = Exclude<Effects.Deliberate, ConnectionCommand>

/** How a command is asked about and carried out. */
interface Told {
  readonly verb: string
  readonly button: string
  readonly isDanger: boolean
  readonly keep: string
}

const ofConnection = (command: ConnectionCommand, partner: boolean): Told => {
  switch (command) {
    case "pause":
      return { verb: "Pause", button: "Pause now", isDanger: false, keep: "Keep it running" }
    case "resume":
      return { verb: "Resume", button: "Resume now", isDanger: false, keep: "Leave it paused" }
    case "disconnect":
      return partner
        ? { verb: "Unlink", button: "Unlink now", isDanger: true, keep: "Keep the link" }
        : { verb: "Disconnect", button: "Disconnect now", isDanger: true, keep: "Keep the connection" }
  }
}

const ofAccount: { readonly [C in AccountCommand]: Told } = {
  remove: { verb: "Remove", button: "Remove it now", isDanger: true, keep: "Keep the account" },
  restore: { verb: "Restore", button: "Restore it now", isDanger: false, keep: "Leave it removed" },
  "delete-data": { verb: "Delete the data of", button: "Delete the data", isDanger: true, keep: "Keep the data" },
  "keep-data": {
    verb: "Keep the data of",
    button: "Call the erasure off",
    isDanger: false,
    keep: "Leave the erasure scheduled"
  }
}

const kinds = [
  ["ends", "What ends"],
  ["starts", "What starts"],
  ["stays", "What stays"]
] as const

const effectLists = (effects: ReadonlyArray<Effects.Effect>): Markup =>
  html`${kinds.map(([kind, title]) => {
    const own = effects.filter((effect) => effect.kind === kind)
    return own.length === 0
      ? nothing
      : html`<h3>${title}</h3><ul class="effects ${kind}">${own.map(({ text }) => html`<li>${text}</li>`)}</ul>`
  })}`

const confirmation = (
  told: Told,
  action: string,
  back: string,
  effects: ReadonlyArray<Effects.Effect>,
  extra: Content = ""
): Markup =>
  html`<section class="card form" aria-label="What happens">${effectLists(effects)}
    <form method="post" action="${action}">${extra}<div class="buttons">
      <button${told.isDanger && html` class="danger"`}>${told.button}</button>
      <a class="button secondary outline" href="${back}">${told.keep}</a></div></form></section>`

/** Whether pausing, resuming or ending makes sense as a connection stands. */
export const fits = (command: ConnectionCommand, connection: Connection.Present): boolean => {
  switch (command) {
    case "pause":
      return Connection.isLinked(connection) && connection.paused === undefined
    case "resume":
      return Connection.isLinked(connection) && connection.paused !== undefined
    case "disconnect":
      return connection._tag !== "Proposed" && connection._tag !== "Disconnected"
  }
}

const isPartner = (connection: Connection.Present) => Channel.accessBy(connection.channel) === "partner"

/** What can be done to a connection, for its page: pause or resume, and end. Nothing for those who may not. */
export const connectionControls = (
  me: Layout.Me,
  { account, connection }: Connections.ConnectionDetail,
  now: DateTime.Utc
): Markup => {
  if (!may(me, "administer", account)) return nothing
  const at = `/connections/${connection.id}`
  const end = ofConnection("disconnect", isPartner(connection))
  const paused = Connection.isLinked(connection) ? connection.paused : undefined
  return html`
    ${
      Connection.isLinked(connection) &&
      (paused === undefined
        ? html`<section class="card"><h2>Pause</h2>
        <p>Fetches nothing until somebody resumes. Consent, profile and data stay.</p>
          <a class="button secondary outline small" href="${at}/pause">Pause …</a></section>`
        : html`<section class="card"><header class="with-badge"><h2>Paused</h2>${Components.badge("idle", "Paused")}</header>
          <p>Nothing is fetched since ${Components.when(paused.at, now)}.</p>
          <a class="button small" href="${at}/resume">Resume …</a></section>`)
    }
    ${
      fits("disconnect", connection) &&
      html`<section class="card"><h2>${end.verb}</h2>
      <p>${
        Connection.isLinked(connection)
          ? `Ends the connection and frees the ${isPartner(connection) ? "advertiser" : "profile"}.`
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
        html`Its data is erased on ${Format.absolute(deletion.dueAt)}`,
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
  pause: ["Paused", "Nothing is fetched until somebody resumes."],
  resume: ["Resumed", "Data is fetched again, and the gap is loaded."],
  disconnected: ["Disconnected", "The profile is free again. Loaded data stays where it is."],
  remove: ["Account removed", "It is off the lists. Its data and history are kept."],
  restore: ["Account restored", "It is back on the lists, not connected."],
  "delete-data": ["Erasure scheduled", "Until its day it can be called off."],
  "keep-data": ["Erasure called off", "All data stays."]
}

/** The notice of a finished command, if there was one. */
export const commandNotice = (done: string | undefined): Markup => {
  const words = done !== undefined && Object.hasOwn(doneWords, done) ? doneWords[done] : undefined
  return words === undefined ? nothing : Components.notice("good", words[0], words[1])
}

/** What the page shows. */
export interface ConnectionConfirmationPageModel {
  readonly account: Account.Present
  readonly command: ConnectionCommand
  readonly company: Company.Open
  readonly connection: Connection.Present
  readonly effects: ReadonlyArray<Effects.Effect>
  readonly id: Id.ConnectionId
}

export const connectionConfirmationPage = ({
  account,
  command,
  company,
  connection,
  effects,
  id
}: ConnectionConfirmationPageModel): MemberPage => {
  const back = `/connections/${id}`
  const told = ofConnection(command, isPartner(connection))
  return {
    title: `${told.verb} ${account.name}`,
    section: "connections",
    body: html`
    ${Components.pageHead(html`${told.verb} ${isolateText(account.name)}?`, {
      crumbs: [
        { href: `/companies/${company.id}`, label: isolateText(company.name) },
        { href: `/accounts/${account.id}`, label: isolateText(account.name) },
        { href: back, label: Labels.shortChannel(connection.channel) }
      ],
      lead: html`${Channel.label(connection.channel)}${
        Connection.isLinked(connection) &&
        html` · ${isolateText(connection.link.profile.name)} <code>${connection.link.profile.key.externalId}</code>`
      }`
    })}
    ${confirmation(told, `${back}/${command}`, back, effects)}`
  }
}

const inTheWay = (live: ReadonlyArray<Connections.ConnectionView>): Markup => html`<section class="card form">
  <p>Disconnect ${live.length === 1 ? "this connection" : "these connections"} first; then come back.</p>
  <ul>${live.map(
    ({ connection }) => html`<li><a href="/connections/${connection.id}/disconnect">${Channel.label(
      connection.channel
    )},
    ${Labels.marketplaceName(connection.marketplaceId)}</a></li>`
  )}</ul></section>`

/** What the page shows. */
export interface AccountConfirmationPageModel {
  readonly account: Account.Present
  readonly command: AccountCommand
  readonly company: Company.Open
  readonly effects: ReadonlyArray<Effects.Effect>
  readonly id: Id.AccountId
  readonly live: ReadonlyArray<Connections.ConnectionView>
  readonly status: Status
  readonly wrong: string | undefined
}

export const accountConfirmationPage = ({
  account,
  command,
  company,
  effects,
  id,
  live,
  status,
  wrong
}: AccountConfirmationPageModel): MemberPage => {
  const back = `/accounts/${id}`
  const told = ofAccount[command]
  const tick = html`<label class="tick"><input type="checkbox" name="confirmed" value="yes" required${
    wrong !== undefined && html` aria-invalid="true" aria-describedby="confirmed-error"`
  }> I know that erased data cannot be brought back.</label>
    ${wrong !== undefined && html`<p id="confirmed-error" class="error" role="alert">${wrong}</p>`}`
  return {
    title: `${told.verb} ${account.name}`,
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(html`${told.verb} ${isolateText(account.name)}?`, {
      crumbs: [
        { href: "/companies", label: "Companies" },
        { href: `/companies/${company.id}`, label: isolateText(company.name) },
        { href: back, label: isolateText(account.name) }
      ]
    })}
    ${
      live.length > 0
        ? html`${Components.notice(
            "wait",
            "The account is still connected",
            `${Format.count(live.length, "connection is", "connections are")} live.`
          )}
        ${inTheWay(live)}`
        : confirmation(told, `${back}/${command}`, back, effects, command === "delete-data" ? tick : "")
    }`
  }
}

/** What the page shows. */
export interface RemovedAccountsPageModel {
  readonly cursor: string
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly page: Repository.Page<Account.Present>
}

export const removedAccountsPage = ({ cursor, me, now, page }: RemovedAccountsPageModel): MemberPage => {
  const row = (account: Account.Present) => html`<tr>
    <th scope="row" data-label="Account"><a href="/accounts/${account.id}">${isolateText(account.name)}</a></th>
    <td data-label="Marketplace">${account.marketplaces.map(Labels.marketplaceName).join(", ")}</td>
    <td data-label="Removed">${account._tag === "Removed" && Components.when(account.removedAt, now)}</td>
    <td data-label="Its data">${
      account.deletion === undefined
        ? account.erasedAt === undefined
          ? "kept"
          : "erased"
        : Components.badge("act", `erased on ${Format.day(account.deletion.dueAt)}`)
    }</td>
    <td class="end">${
      may(me, "administer", account) &&
      html`<a class="button small" href="/accounts/${account.id}/restore">Restore …<span
      class="sr-only"> ${account.name}</span></a>`
    }</td></tr>`
  return {
    title: "Removed accounts",
    section: "companies",
    body: html`
    ${Components.pageHead("Removed accounts", {
      crumbs: [{ href: "/companies", label: "Companies" }],
      lead: "Taken off the lists, with their data and history. They can be restored."
    })}
    ${
      page.items.length === 0
        ? Components.empty(
            "No removed accounts",
            "An account that you remove is listed here, and can be restored.",
            html`<a class="button secondary outline" href="/companies">Go to companies</a>`
          )
        : html`<table class="rows"><thead><tr><th scope="col">Account</th><th scope="col">Marketplace</th>
        <th scope="col">Removed</th>
        <th scope="col">Its data</th><th scope="col"><span class="sr-only">Action</span></th></tr></thead>
        <tbody>${page.items.map(row)}</tbody></table>${Components.pagination("/accounts/removed", { cursor }, page)}`
    }`
  }
}
