/** The pages of a consent that began at the marketplace: which account it is for, or why it cannot begin. */
import { Access, Evidence, Messages } from "@portolan/domain"
import type { Connecting } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { Me } from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"

const { marketplace, shared } = words

/** What the page to choose an account shows. */
export interface StartPageModel {
  readonly view: Connecting.StartView
  readonly me: Me
  readonly now: DateTime.Utc
  /** The query of the log-in address, as text. */
  readonly start: string
  /** The connection that was selected before. */
  readonly selectedId?: string
  /** Why it could not go on. */
  readonly wrong?: Content
  readonly status?: Status
}

const targetChoice = ({ account, connection }: Connecting.StartTarget, isChosen: boolean, now: DateTime.Utc): Markup =>
  html`<label class="choice"><input type="radio" name="connection" value="${connection.id}" required${
    isChosen && html` checked`
  }><span>${isolateText(account.name)} <small class="muted">${Labels.marketplaceName(connection.marketplaceId)} ·
    ${Evidence.ofConnection(connection, now).label}</small></span></label>`

const targets = (
  list: ReadonlyArray<Connecting.StartTarget>,
  selectedId: string | undefined,
  now: DateTime.Utc
): Markup =>
  html`<fieldset class="choices"><legend>${marketplace.account}</legend>
    ${list.map((one) => targetChoice(one, one.connection.id === selectedId, now))}</fieldset>`

const accounts = ({ selectedId, now, view: { hasMore, others, renewable } }: StartPageModel): Markup => {
  const first = selectedId ?? renewable[0]?.connection.id
  const more = hasMore ? html`<p class="muted">${marketplace.more}</p>` : nothing
  if (renewable.length === 0) {
    return others.length === 0 ? html`<p>${marketplace.noAccount}</p>` : html`${targets(others, first, now)}${more}`
  }
  return html`${targets(renewable, first, now)}
    ${
      others.length > 0 &&
      html`<details${others.some(({ connection }) => connection.id === first) && html` open`}><summary>${
        marketplace.otherAccount
      }</summary>${targets(others, first, now)}${more}</details>`
    }`
}

const introduction = ({ me, view: { grantor, renewable } }: StartPageModel): Content => {
  if (renewable.length > 0) return marketplace.renews
  return grantor === undefined
    ? marketplace.chooseUnnamed
    : marketplace.chooseAccount({ organization: isolateText(me.organizationName) })
}

/** Asks which account a consent is for that began at the marketplace. */
export const startPage = (model: StartPageModel): MemberPage => {
  const { me, start, status, view, wrong } = model
  const provider = Labels.providerName(view.channel)
  const title =
    view.renewable.length > 0 ? marketplace.renewTitle({ provider }) : marketplace.connectTitle({ provider })
  const isPossible = view.renewable.length + view.others.length > 0
  return {
    title,
    section: "companies",
    status: status ?? 200,
    body: html`
    ${Components.pageHead(title, { lead: marketplace.lead({ provider }) })}
    ${wrong}
    <section class="card"><dl class="facts">
      ${
        view.grantor !== undefined &&
        html`<div><dt>${marketplace.seller({ provider })}</dt><dd><code>${view.grantor}</code></dd></div>`
      }
      <div><dt>${marketplace.youWorkIn}</dt><dd>${isolateText(me.organizationName)}
        <a href="/organizations">${marketplace.otherOrganization}</a></dd></div></dl>
    <p>${introduction(model)}</p>${view.isDraft && html`<p class="muted">${marketplace.draft({ provider })}</p>`}
    <form method="post" action="/marketplace/${view.channel}" class="form">
      <input type="hidden" name="start" value="${start}">
      ${accounts(model)}
      <div class="buttons">${isPossible && html`<button>${marketplace.goOn({ provider })}</button>`}${
        Access.may(me.role, "administer") &&
        html`<a class="button secondary outline" href="/start">${marketplace.addAccount}</a>`
      }<a class="button secondary outline" href="/companies">${shared.cancel}</a></div>
    </form></section>`
  }
}

const problems: { readonly [P in Connecting.StartUnacceptable["problem"]]: (of: { provider: string }) => string } = {
  incomplete: marketplace.incomplete,
  "foreign-address": marketplace.foreignAddress,
  "other-application": () => marketplace.otherApplication,
  "not-offered": () => marketplace.notOffered
}

/** Says why a consent cannot begin. */
export const cannotBeginPage = (problem: Connecting.StartUnacceptable["problem"], provider: string): MemberPage => ({
  title: marketplace.cannotBegin,
  status: problem === "not-offered" ? 404 : 400,
  body: html`${Components.pageHead(marketplace.cannotBegin)}
    ${Components.reasons(
      { reason: problems[problem]({ provider }), nextStep: marketplace.beginAgain({ provider }) },
      Messages.text("page.you")
    )}`
})
