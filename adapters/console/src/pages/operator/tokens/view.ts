/** The page on which an operator takes in a refresh token for an organization. */
import { Channel, type Connection, Evidence, type Organization } from "@portolan/domain"
import type { Connecting } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import type { Status } from "../../../page/errors.ts"
import { fieldError, type FormState, textField } from "../../../page/fields.ts"
import { html, isolateText, type Markup } from "../../../page/html.ts"
import * as Labels from "../../../page/labels.ts"
import type { MemberPage } from "../../../page/send.ts"
import { home, organizations } from "../frame.ts"

const { connections, operator, operatorTokens, shared } = words

/** From how many connections on there is a search. */
const searchFrom = 20

/** What the page shows. */
export interface TokenPageModel {
  readonly form: FormState
  readonly now: DateTime.Utc
  readonly organization: Organization.Present
  readonly search: string
  readonly status: Status
  readonly targets: Connecting.TokenTargets
}

/** How a connection stands, said to somebody outside its organization. */
const statusOf = (connection: Connection.Present, now: DateTime.Utc): string =>
  connection._tag === "AwaitingSelection" ? connections.choiceAwaited : Evidence.ofConnection(connection, now).label

const option = ({ account, connection }: Connecting.TokenTarget, { form, now }: TokenPageModel): Markup =>
  html`<option value="${connection.id}"${
    form.values["connection"] === connection.id && html` selected`
  }>${operatorTokens.choice({
    account: account.name,
    channel: Channel.label(connection.channel),
    marketplace: Labels.marketplaceName(connection.marketplaceId),
    status: statusOf(connection, now)
  })}</option>`

const connectionSelect = (model: TokenPageModel): Markup => {
  const { form, targets } = model
  const isWrong = form.errors["connection"] !== undefined
  return html`<div class="field"><label for="field-connection">${operatorTokens.connection}</label>
    <select id="field-connection" name="connection" required${
      isWrong && html` aria-invalid="true" aria-describedby="field-connection-error"`
    }><option value="">${operatorTokens.chooseOne}</option>${targets.items.map((one) => option(one, model))}</select>
    ${fieldError(form, "connection")}${
      targets.hasMore && html`<small class="hint">${operatorTokens.more}</small>`
    }</div>`
}

const searchForm = (action: string, search: string): Markup =>
  html`<search><form method="get" action="${action}" class="search"><label for="search"
    class="sr-only">${operatorTokens.search}</label>
    <input id="search" type="search" name="search" value="${search}" maxlength="120" autocomplete="off"
      placeholder="${operatorTokens.search}">
    <button class="secondary">${shared.search}</button></form></search>`

const tokenForm = (action: string, model: TokenPageModel): Markup => {
  const { form } = model
  return html`<div class="card form"><form method="post" action="${action}" autocomplete="off">
    ${connectionSelect(model)}
    ${textField(form, "refreshToken", operatorTokens.token, {
      type: "password",
      autocomplete: "off",
      hint: operatorTokens.tokenHint
    })}
    ${textField(form, "grantor", operatorTokens.grantor, {
      autocomplete: "off",
      hint: operatorTokens.grantorHint,
      isOptional: true
    })}
    ${textField(form, "expires", operatorTokens.expires, {
      type: "date",
      autocomplete: "off",
      hint: operatorTokens.expiresHint,
      isOptional: true
    })}
    <h2>${shared.whatHappens}</h2>
    <ul>${operatorTokens.whatHappens.map((one) => html`<li>${one}</li>`)}</ul>
    <div class="buttons"><button>${operatorTokens.submit}</button></div></form></div>`
}

/** The form, with what is wrong at each field. The token is in no field of it. */
export const tokenPage = (model: TokenPageModel): MemberPage => {
  const { organization, search, status, targets } = model
  const base = `${organizations}/${organization.id}`
  const action = `${base}/consents/new`
  // The form that is shown again lists the same connections.
  const query = search === "" ? "" : `?${new URLSearchParams({ search }).toString()}`
  const empty =
    search === ""
      ? Components.empty(operatorTokens.none, operatorTokens.noneHint)
      : Components.empty(
          operatorTokens.none,
          operatorTokens.noneLike({ search: isolateText(search) }),
          html`<a class="button secondary outline" href="${action}">${shared.showAll}</a>`
        )
  return {
    title: operatorTokens.title({ organization: organization.name }),
    section: "operator",
    status,
    body: html`
    ${Components.pageHead(operatorTokens.takeIn, {
      crumbs: [
        { href: home, label: words.page.operator },
        { href: organizations, label: operator.organizations },
        { href: base, label: isolateText(organization.name) },
        { href: `${base}/consents`, label: words.consents.title }
      ],
      lead: operatorTokens.lead
    })}
    ${status !== 200 && Components.notice("act", operatorTokens.wasNotTakenIn, operatorTokens.pasteAgain)}
    ${(search !== "" || targets.hasMore || targets.items.length >= searchFrom) && searchForm(action, search)}
    ${targets.items.length === 0 ? empty : tokenForm(`${action}${query}`, model)}`
  }
}
