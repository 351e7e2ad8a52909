/** Pages of authorizations that wait for a choice, and of those that ended. */
import { Actor, type Authorization, Channel, Evidence, Profile, Messages } from "@portolan/domain"
import type { PendingAuthorizations, Repository } from "@portolan/ports"
import { DateTime } from "effect"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { choice, rank } from "./choice.ts"

/** The most characters of a reason. */
export const becauseLimit = 200

const byWhom = (authorization: Authorization.Present): Content =>
  authorization.origin._tag === "Direct"
    ? isolateText(Actor.describe(authorization.origin.actor))
    : Messages.text("page.through-link")

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
    <th scope="row" data-label="Account"><a href="/pending/${authorization.id}">${isolateText(account.name)}</a><br>
      <small class="muted">${isolateText(company.name)}</small></th>
    <td data-label="Channel">${Channel.label(authorization.channel)}</td>
    <td data-label="Consent by">${byWhom(authorization)}</td>
    <td data-label="Waiting"><span>${Components.when(since(authorization), now)}${
      isOld && html` ${Components.badge("wait", "Waiting long")}`
    }</span></td>
    <td data-label="Status">${Components.badge("wait", outcome.label)}</td>
    <td class="end"><a class="button small" href="/pending/${authorization.id}">Open<span
      class="sr-only"> ${account.name},
      ${Channel.label(authorization.channel)}</span></a></td>
  </tr>`
}

const noProfiles = (authorization: Authorization.AwaitingSelection, now: DateTime.Utc, mayConnect: boolean): Markup => {
  const outcome = Evidence.ofAuthorization(authorization, now)
  return html`<section class="card">
    <header class="with-badge"><h2>${outcome.label}</h2>${Components.badge("wait", "Consent given")}</header>
    ${Components.reasons(outcome, Labels.mustAct[outcome.mustAct])}
    <p class="muted">Last looked ${Components.when(authorization.candidatesAt, now)}.</p>
    <div class="buttons">${
      mayConnect &&
      html`<form method="post" action="/pending/${authorization.id}/look-again"><button>Look again</button>
      </form>`
    }<a class="button secondary outline"
      href="/connections/${authorization.connectionId}/diagnosis">What is missing?</a></div>
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
  return html`
    <section aria-labelledby="choose"><h2 id="choose">Choose the ${
      authorization.channel === "amazon-sp" ? "seller" : "profile"
    } of this account</h2>
    <p class="muted">This login sees ${Format.count(
      view.choices.length,
      "profile"
    )}. A profile can be connected to one account only. Last looked ${Components.when(
      authorization.candidatesAt,
      now
    )}.</p>
    <ul class="profiles">${view.choices
      .toSorted((one, other) => rank(one) - rank(other))
      .map((one) => choice({ authorization, isLive, mayConnect }, one, wrongOf(one)))}</ul>
    ${
      mayConnect &&
      html`<form method="post" action="/pending/${authorization.id}/look-again">
      <button class="secondary outline small">Look again</button>
      <small class="hint">Is a profile missing? The provider may show a new one only after up to 24 hours.</small>
        </form>`
    }</section>`
}

const dismissal = (authorization: Authorization.Present): Markup =>
  html`<section class="block">${Components.confirmed({
    label: "Dismiss this consent",
    question:
      "The consent is dropped without being used, and its tokens are forgotten. The account stays; it " +
      "can be connected again at any time.",
    action: `/pending/${authorization.id}/dismiss`,
    yes: "Yes, dismiss it",
    hidden: html`<label for="because">Why (shown in the history)</label>
    <input id="because" name="because" maxlength="${becauseLimit}" value="Wrong login" required>`
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
        ? html`<a class="button" href="/connections/${authorization.connectionId}">See the connection</a>`
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
  const isDirect = authorization.origin._tag === "Direct"
  return {
    title: `${account.name}: ${Channel.label(authorization.channel)}`,
    section: "pending",
    status,
    body: html`
    ${Components.pageHead(html`${isolateText(account.name)}: ${Labels.shortChannel(authorization.channel)}`, {
      crumbs: [
        { href: "/pending", label: "Pending authorizations" },
        { href: `/accounts/${account.id}`, label: isolateText(account.name) }
      ],
      lead: html`${isolateText(company.name)} · ${Labels.marketplaceName(authorization.marketplaceId)} ·
        ${Channel.label(authorization.channel)} ·
        started ${isDirect && "by "}${byWhom(authorization)} ${Components.when(authorization.startedAt, now)}`
    })}
    ${wrong?.notice ?? nothing}
    ${
      looked &&
      Components.notice(
        "info",
        Messages.text("page.looked-again"),
        authorization._tag === "AwaitingSelection"
          ? `The login sees ${Format.count(authorization.candidates.length, "profile")}.`
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
  title: "Pending authorizations",
  section: "pending",
  body: html`
        ${Components.pageHead("Pending authorizations", {
          lead:
            "Somebody consented at the provider. A person here chooses the right profile; only " +
            "then the account is connected."
        })}
        ${done === "dismissed" && Components.notice("good", "Consent dismissed", "Its tokens are forgotten.")}
        ${
          page.items.length === 0
            ? Components.empty(
                "Nothing is waiting",
                "Every consent has its profile. New ones appear here as soon as somebody comes back from the provider.",
                html`<a class="button secondary outline" href="/companies">Go to companies</a>`
              )
            : html`<table class="rows"><thead><tr><th scope="col">Account</th><th scope="col">Channel</th>
            <th scope="col">Consent by</th><th scope="col">Waiting</th><th scope="col">Status</th>
            <th scope="col"><span class="sr-only">Action</span></th></tr></thead>
            <tbody>${page.items.map((view) => row(view, now))}</tbody></table>${Components.pagination(
              "/pending",
              { cursor },
              page
            )}`
        }`
})
