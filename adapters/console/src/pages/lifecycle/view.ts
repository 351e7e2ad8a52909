/** Pages that confirm pausing, disconnecting, removing and erasing, and the controls that lead to them. */
import { type Account, Channel, type Company, Connection, type Effects, type Id } from "@portolan/domain"
import type { Connections, Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import {
  type AccountCommand,
  type CommandText,
  type ConnectionCommand,
  isPartnerAccess,
  textOfAccountCommand,
  textOfConnectionCommand
} from "./commands.ts"

const { lifecycle, shared } = words

const kinds = [
  ["ends", shared.whatEnds],
  ["starts", shared.whatStarts],
  ["stays", shared.whatStays]
] as const

/** What a command ends, starts and leaves, in lists. */
export const effectLists = (effects: ReadonlyArray<Effects.Effect>): Markup =>
  html`${kinds.map(([kind, title]) => {
    const own = effects.filter((effect) => effect.kind === kind)
    return own.length === 0
      ? nothing
      : html`<h3>${title}</h3><ul class="effects ${kind}">${own.map(({ text }) => html`<li>${text}</li>`)}</ul>`
  })}`

/** A command before it is confirmed. */
export interface Confirmation {
  readonly text: Pick<CommandText, "button" | "keep" | "isDanger">
  /** The last part of its address. */
  readonly command: string
  /** The page of the connection or account. */
  readonly at: string
  readonly effects: ReadonlyArray<Effects.Effect>
  /** What else has to be filled in. */
  readonly extra?: Content
}

/** The effects of a command, and both answers. */
export const confirmation = ({ at, command, effects, extra = "", text }: Confirmation): Markup =>
  html`<section class="card form" aria-label="${shared.whatHappens}">${effectLists(effects)}
    <form method="post" action="${at}/${command}">${extra}<div class="buttons">
      <button${text.isDanger && html` class="danger"`}>${text.button}</button>
      <a class="button secondary outline" href="${at}">${text.keep}</a></div></form></section>`

/** What the page before a command to a connection shows. */
export interface ConnectionConfirmationPageModel {
  readonly account: Account.Present
  readonly command: ConnectionCommand
  readonly company: Company.Present
  readonly connection: Connection.Present
  readonly effects: ReadonlyArray<Effects.Effect>
  readonly id: Id.ConnectionId
}

/** The page before a command to a connection. */
export const connectionConfirmationPage = ({
  account,
  command,
  company,
  connection,
  effects,
  id
}: ConnectionConfirmationPageModel): MemberPage => {
  const at = `/connections/${id}`
  const text = textOfConnectionCommand(command, isPartnerAccess(connection))
  return {
    title: text.title({ account: account.name }),
    section: "connections",
    body: html`
    ${Components.pageHead(text.question({ account: isolateText(account.name) }), {
      crumbs: [
        { href: `/companies/${company.id}`, label: isolateText(company.name) },
        { href: `/accounts/${account.id}`, label: isolateText(account.name) },
        { href: at, label: Labels.shortChannel(connection.channel) }
      ],
      lead: html`${Channel.label(connection.channel)}${
        Connection.isLinked(connection) &&
        html` · ${isolateText(connection.link.profile.name)} <code>${connection.link.profile.key.externalId}</code>`
      }`
    })}
    ${confirmation({ at, command, effects, text })}`
  }
}

/** The connections that have to be disconnected first. */
export const inTheWay = (live: ReadonlyArray<Connections.ConnectionView>): Markup => html`<section class="card form">
  <p>${lifecycle.disconnectFirst({ quantity: live.length })}</p>
  <ul>${live.map(
    ({ connection }) => html`<li><a href="/connections/${connection.id}/disconnect">${Channel.label(
      connection.channel
    )},
    ${Labels.marketplaceName(connection.marketplaceId)}</a></li>`
  )}</ul></section>`

const tick = (wrong: string | undefined): Markup =>
  html`<label class="tick"><input type="checkbox" name="confirmed" value="yes" required${
    wrong !== undefined && html` aria-invalid="true" aria-describedby="confirmed-error"`
  }> ${lifecycle.tick}</label>
    ${wrong !== undefined && html`<p id="confirmed-error" class="error" role="alert">${wrong}</p>`}`

/** What the page before a command to an account shows. */
export interface AccountConfirmationPageModel {
  readonly account: Account.Present
  readonly command: AccountCommand
  readonly company: Company.Present
  readonly effects: ReadonlyArray<Effects.Effect>
  readonly id: Id.AccountId
  readonly live: ReadonlyArray<Connections.ConnectionView>
  readonly status: Status
  readonly wrong: string | undefined
}

/** The page before a command to an account. */
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
  const at = `/accounts/${id}`
  const text = textOfAccountCommand[command]
  return {
    title: text.title({ account: account.name }),
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(text.question({ account: isolateText(account.name) }), {
      crumbs: [
        { href: "/companies", label: shared.companies },
        { href: `/companies/${company.id}`, label: isolateText(company.name) },
        { href: at, label: isolateText(account.name) }
      ]
    })}
    ${
      live.length > 0
        ? html`${Components.notice("wait", lifecycle.stillConnected, lifecycle.stillLive({ quantity: live.length }))}
        ${inTheWay(live)}`
        : confirmation({ at, command, effects, extra: command === "delete-data" && tick(wrong), text })
    }`
  }
}

const dataState = (account: Account.Present): Content => {
  if (account.deletion !== undefined)
    return Components.badge("act", lifecycle.erasedOn({ day: Format.day(account.deletion.dueAt) }))
  return account.erasedAt === undefined ? lifecycle.kept : lifecycle.erased
}

const row = (account: Account.Present, me: Layout.Me, now: DateTime.Utc): Markup => html`<tr>
    <th scope="row" data-label="${shared.account}"><a href="/accounts/${
      account.id
    }">${isolateText(account.name)}</a></th>
    <td data-label="${shared.marketplace}">${account.marketplaces.map(Labels.marketplaceName).join(", ")}</td>
    <td data-label="${lifecycle.removed}">${account._tag === "Removed" && Components.when(account.removedAt, now)}</td>
    <td data-label="${lifecycle.itsData}">${dataState(account)}</td>
    <td class="end">${
      may(me, "administer", account) &&
      html`<a class="button small secondary outline"
      href="/accounts/${account.id}/restore">${lifecycle.restore}<span
      class="sr-only"> ${account.name}</span></a>`
    }</td></tr>`

/** What the list of removed accounts shows. */
export interface RemovedAccountsPageModel {
  readonly cursor: string
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly page: Repository.Page<Account.Present>
}

/** The list of removed accounts. */
export const removedAccountsPage = ({ cursor, me, now, page }: RemovedAccountsPageModel): MemberPage => {
  return {
    title: shared.removedAccounts,
    section: "companies",
    body: html`
    ${Components.pageHead(shared.removedAccounts, {
      crumbs: [{ href: "/companies", label: shared.companies }],
      lead: lifecycle.removedLead
    })}
    ${
      page.items.length === 0
        ? Components.empty(
            lifecycle.noneRemoved,
            lifecycle.listedHere,
            html`<a class="button secondary outline" href="/companies">${shared.goToCompanies}</a>`
          )
        : html`<table class="rows"><thead><tr>${[
            shared.account,
            shared.marketplace,
            lifecycle.removed,
            lifecycle.itsData
          ].map((head) => html`<th scope="col">${head}</th>`)}<th
          scope="col"><span class="sr-only">${shared.action}</span></th></tr></thead>
        <tbody>${page.items.map((account) => row(account, me, now))}</tbody></table>${Components.pagination(
          "/accounts/removed",
          { cursor },
          page
        )}`
    }`
  }
}
