/** Pages of authorizations that wait for a choice, and of those that ended. */
import { Actor, type Authorization, Channel, Evidence, Profile, Messages } from "@portolan/domain"
import type { PendingAuthorizations, Repository } from "@portolan/ports"
import { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { choice, onlyFitOf, rank } from "./choice.ts"

/** The most characters of a reason. */
export const becauseLimit = 200

const byWhom = (authorization: Authorization.Present): Content =>
  authorization.origin._tag === "Direct"
    ? isolateText(Actor.describe(authorization.origin.actor))
    : Messages.text("page.through-link")

const started = (authorization: Authorization.Present, now: DateTime.Utc): Markup => {
  const at = Components.when(authorization.startedAt, now)
  return authorization.origin._tag === "Direct"
    ? words.authorizations.startedBy({ actor: isolateText(Actor.describe(authorization.origin.actor)), at })
    : words.authorizations.startedThroughLink({ at })
}

const since = (authorization: Authorization.Present): DateTime.Utc =>
  authorization._tag === "AwaitingSelection" ? authorization.consentedAt : authorization.startedAt

/** Days after which a waiting consent is old enough to be lit up. */
const oldAfterHours = 24

const row = (
  { account, company, authorization }: PendingAuthorizations.AuthorizationView,
  now: DateTime.Utc
): Markup => {
  const outcome = Evidence.ofAuthorization(authorization, now)
  const isOld = DateTime.isLessThan(since(authorization), DateTime.subtract(now, { hours: oldAfterHours }))
  return html`<tr>
    <th scope="row" data-label="${
      words.shared.account
    }"><a href="/pending/${authorization.id}">${isolateText(account.name)}</a><br>
      <small class="muted">${isolateText(company.name)}</small></th>
    <td data-label="${words.shared.channel}">${Channel.label(authorization.channel)}</td>
    <td data-label="${words.authorizations.consentBy}">${byWhom(authorization)}</td>
    <td data-label="${words.shared.waiting}"><span>${Components.when(since(authorization), now)}${
      isOld && html` ${Components.badge("wait", words.authorizations.waitingLong)}`
    }</span></td>
    <td data-label="${words.shared.status}">${Components.badge("wait", outcome.label)}</td>
    <td class="end"><a class="button small secondary outline urgent"
      href="/pending/${authorization.id}">${Messages.text("link-state.open")}<span class="sr-only"> ${account.name},
      ${Channel.label(authorization.channel)}</span></a></td>
  </tr>`
}

const noProfiles = (authorization: Authorization.AwaitingSelection, now: DateTime.Utc, mayConnect: boolean): Markup => {
  const outcome = Evidence.ofAuthorization(authorization, now)
  return html`<section class="card">
    <header class="with-badge"><h2>${outcome.label}</h2>${Components.badge("wait", words.shared.consentGiven)}</header>
    ${Components.reasons(outcome, Labels.mustAct[outcome.mustAct])}
    <p class="muted">${words.shared.lastLooked({ at: Components.when(authorization.candidatesAt, now) })}</p>
    <div class="buttons">${
      mayConnect &&
      html`<form method="post" action="/pending/${authorization.id}/look-again"><button>${
        words.shared.lookAgain
      }</button>
      </form>`
    }<a class="button secondary outline"
      href="/connections/${authorization.connectionId}/diagnosis">${words.shared.whatIsMissing}</a></div>
  </section>`
}

const choices = (
  { isLive, now, view, wrong }: AuthorizationPageModel,
  authorization: Authorization.AwaitingSelection,
  mayConnect: boolean
): Markup => {
  if (view.choices.length === 0) return noProfiles(authorization, now, mayConnect)
  const wrongOf = (one: PendingAuthorizations.Choice) =>
    wrong?.key === Profile.keyText(one.candidate.key) ? wrong.text : undefined
  const onlyFit = onlyFitOf(view.choices)
  return html`
    <section aria-labelledby="choose"><h2 id="choose">${
      authorization.channel === "amazon-sp" ? words.authorizations.chooseSeller : words.authorizations.chooseProfile
    }</h2>
    <p class="muted">${words.authorizations.seesToChoose({
      quantity: view.choices.length,
      at: Components.when(authorization.candidatesAt, now)
    })}</p>
    <ul class="profiles">${view.choices
      .toSorted((one, other) => rank(one) - rank(other))
      .map((one) => choice({ authorization, isLive, mayConnect, onlyFit }, one, wrongOf(one)))}</ul>
    ${
      mayConnect &&
      html`<form method="post" action="/pending/${authorization.id}/look-again">
      <button class="secondary outline small">${words.shared.lookAgain}</button>
      <small class="hint">${words.authorizations.newProfiles}</small>
        </form>`
    }</section>`
}

const dismissal = (authorization: Authorization.Present): Markup =>
  html`<section class="block">${Components.confirmed({
    label: words.authorizations.dismiss,
    question: words.authorizations.dismissQuestion,
    action: `/pending/${authorization.id}/dismiss`,
    yes: words.authorizations.yesDismiss,
    hidden: html`<label for="because">${words.authorizations.why}</label>
    <input id="because" name="because" maxlength="${becauseLimit}" value="${words.authorizations.wrongLogin}" required>`
  })}</section>`

const ended = (view: PendingAuthorizations.AuthorizationView, now: DateTime.Utc): Markup => {
  const { authorization } = view
  const outcome = Evidence.ofAuthorization(authorization, now)
  return html`<section class="card"><header class="with-badge">
    <h2>${Labels.authorizationHeading[authorization._tag]}</h2>${Components.badge(
      Labels.authorizationTone(authorization),
      outcome.label
    )}</header>
    ${Components.reasons(outcome, Labels.mustAct[outcome.mustAct])}
    <p class="buttons">${
      authorization._tag === "Finalised"
        ? html`<a class="button" href="/connections/${authorization.connectionId}">${words.shared.seeConnection}</a>`
        : html`<a class="button" href="/accounts/${authorization.accountId}">${Messages.text("page.go-to-account")}</a>`
    }</p></section>`
}

/** What went wrong with a choice: beside one profile, or for the page. */
export interface Wrong {
  readonly key?: string
  readonly text: string
  readonly notice?: Markup
}

/** What the page of an authorization shows. */
export interface AuthorizationPageModel {
  readonly isLive: boolean
  readonly looked: boolean
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly status: Status
  readonly view: PendingAuthorizations.AuthorizationView
  readonly wrong: Wrong | undefined
}

/** What can be chosen, or what became of an authorization. */
const state = (model: AuthorizationPageModel, mayConnect: boolean): Markup => {
  const { authorization } = model.view
  if (authorization._tag !== "AwaitingSelection") return ended(model.view, model.now)
  return html`${!mayConnect && Components.onlyLooking(Messages.text("page.who-connects"))}
    ${choices(model, authorization, mayConnect)}
    ${mayConnect && dismissal(authorization)}`
}

/** The page of an authorization. */
export const authorizationPage = (model: AuthorizationPageModel): MemberPage => {
  const { looked, me, now, status, view, wrong } = model
  const { account, authorization, company } = view
  return {
    title: `${account.name}: ${Channel.label(authorization.channel)}`,
    section: "pending",
    status,
    body: html`
    ${Components.pageHead(html`${isolateText(account.name)}: ${Labels.shortChannel(authorization.channel)}`, {
      crumbs: [
        { href: "/pending", label: words.authorizations.title },
        { href: `/accounts/${account.id}`, label: isolateText(account.name) }
      ],
      lead: html`${isolateText(company.name)} · ${Labels.marketplaceName(authorization.marketplaceId)} ·
        ${Channel.label(authorization.channel)} ·
        ${started(authorization, now)}`
    })}
    ${wrong?.notice ?? nothing}
    ${
      looked &&
      Components.notice(
        "info",
        Messages.text("page.looked-again"),
        authorization._tag === "AwaitingSelection"
          ? words.authorizations.loginSees({ quantity: authorization.candidates.length })
          : ""
      )
    }
    ${state(model, may(me, "connect", account))}`
  }
}

/** What the list of authorizations that wait for a choice shows. */
export interface PendingPageModel {
  readonly cursor: string
  readonly done: string | undefined
  readonly now: DateTime.Utc
  readonly page: Repository.Page<PendingAuthorizations.AuthorizationView>
}

/** The list of authorizations that wait for a choice. */
export const pendingPage = ({ cursor, done, now, page }: PendingPageModel): MemberPage => ({
  title: words.authorizations.title,
  section: "pending",
  body: html`
        ${Components.pageHead(words.authorizations.title, { lead: words.authorizations.lead })}
        ${
          done === "dismissed" &&
          Components.notice("good", words.shared.consentDismissed, words.authorizations.tokensForgotten)
        }
        ${
          page.items.length === 0
            ? Components.empty(
                words.authorizations.nothingWaiting,
                words.authorizations.nothingWaitingHint,
                html`<a class="button secondary outline" href="/companies">${words.shared.goToCompanies}</a>`
              )
            : html`<table class="rows"><thead><tr><th scope="col">${
                words.shared.account
              }</th><th scope="col">${words.shared.channel}</th>
            <th scope="col">${
              words.authorizations.consentBy
            }</th><th scope="col">${words.shared.waiting}</th><th scope="col">${words.shared.status}</th>
            <th scope="col"><span class="sr-only">${words.shared.action}</span></th></tr></thead>
            <tbody>${page.items.map((view) => row(view, now))}</tbody></table>${Components.pagination(
              "/pending",
              { cursor },
              page
            )}`
        }`
})
