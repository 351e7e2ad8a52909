/** Pages of authorizations that wait for a choice, and of those that ended. */
import { AccountType, Actor, type Authorization, Channel, Evidence, Permission, Profile } from "@portolan/domain"
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

export const becauseLimit = 200

const byWhom = (authorization: Authorization.Present): Content =>
  authorization.origin._tag === "Direct"
    ? isolateText(Actor.describe(authorization.origin.actor))
    : "through an auth link"

const since = (authorization: Authorization.Present): DateTime.Utc =>
  authorization._tag === "AwaitingSelection" ? authorization.consentedAt : authorization.startedAt

/** Days after which a waiting consent is old enough to be lit up. */
const oldAfterHours = 24

const row = (
  { account, company, authorization }: PendingAuthorizations.AuthorizationView,
  now: DateTime.Utc
): Markup => {
  const outcome = Evidence.ofAuthorization(authorization)
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
    <td class="end"><a class="button small" href="/pending/${authorization.id}">Open<span class="sr-only"> ${account.name},
      ${Channel.label(authorization.channel)}</span></a></td>
  </tr>`
}

const typeLabel = (type: AccountType.AccountType): string => {
  const noun = AccountType.noun(type)
  return `${noun.slice(0, 1).toUpperCase()}${noun.slice(1)}`
}

const mayDo = (permission: Permission.Permission, channel: Channel.Channel) =>
  Permission.missing(permission, channel) === undefined ? "view and edit" : "only view"

const ownFacts = (candidate: Profile.Candidate): ReadonlyArray<readonly [string, Content]> => {
  switch (candidate._tag) {
    case "AdvertisingProfile":
      return [
        ["Seller or entity id", html`<code>${candidate.ownerId}</code>`],
        ["Login may", mayDo(candidate.permission, candidate.key.channel)]
      ]
    case "SellingPartner":
      return [["Takes part", candidate.isParticipating ? "yes" : "no"]]
    case "ProviderProfile":
      return [
        ["Login may", mayDo(candidate.permission, candidate.key.channel)],
        ...(candidate.details ?? []).map(({ name, value }) => [name, value] as const)
      ]
    case "Advertiser":
      return [
        ...(candidate.sellerId === undefined ? [] : [["Seller id", html`<code>${candidate.sellerId}</code>`] as const]),
        ["We may", mayDo(candidate.permission, candidate.key.channel)]
      ]
  }
}

const facts = (candidate: Profile.Candidate): ReadonlyArray<readonly [string, Content]> => [
  ["Profile id", html`<code>${candidate.key.externalId}</code>`],
  ["Country", candidate.countryCode],
  ["Currency", candidate.currency],
  ["Type", typeLabel(candidate.type)],
  ...ownFacts(candidate)
]

/** The connection lives on another login already: the new one takes its place, or both stay (rule S-R7). */
const earlierLogin: Markup = html`<fieldset class="choices compact"><legend>It is connected already, with another consent</legend>
  <label class="choice"><input type="radio" name="earlier" value="replace" checked><span>
    <strong>Replace the earlier login</strong>
    <small>Its consent ends here. Right for a renewal.</small></span></label>
  <label class="choice"><input type="radio" name="earlier" value="keep"><span><strong>Keep both</strong>
    <small>When the new login is lost, the earlier one takes over by itself.</small></span></label></fieldset>`

const choice = (
  authorization: Authorization.Present,
  { candidate, heldBy, obstacles }: PendingAuthorizations.Choice,
  mayConnect: boolean,
  wrong: string | undefined,
  isLive: boolean
): Markup => {
  const blocking = obstacles.filter((obstacle) => obstacle.weight === "blocks")
  const warnings = obstacles.filter((obstacle) => obstacle.weight === "warns")
  const isBlocked = blocking.length > 0 || heldBy !== undefined
  const id = Profile.keyText(candidate.key)
  return html`<li class="card profile${isBlocked && " blocked"}">
    <header><h3>${isolateText(candidate.name)}</h3>${
      isBlocked
        ? Components.badge("idle", heldBy !== undefined ? "Already connected" : "Not for this account")
        : warnings.length > 0
          ? Components.badge("wait", "Check first")
          : Components.badge("good", "Fits")
    }</header>
    <dl class="facts">${facts(candidate).map(
      ([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd>
      </div>`
    )}</dl>
    ${
      heldBy !== undefined &&
      html`<p class="obstacle">Already connected to the account <a href="/connections/${
        heldBy.connectionId
      }">${isolateText(heldBy.accountName)}</a>. Disconnect it there first if it belongs here.</p>`
    }
    ${blocking.map((obstacle) => html`<p class="obstacle">${obstacle.detail}</p>`)}
    ${!isBlocked && warnings.map((obstacle) => html`<p class="obstacle warns">${obstacle.detail}</p>`)}
    ${wrong !== undefined && html`<p class="error" role="alert">${wrong}</p>`}
    ${
      !isBlocked &&
      mayConnect &&
      html`<form method="post" action="/pending/${authorization.id}/select">
      <input type="hidden" name="profile" value="${id}">
      ${
        warnings.length > 0 &&
        html`<label class="tick">
        <input type="checkbox" name="confirmed"
        value="yes" required> I have checked this; it is the right profile.</label>`
      }
      ${isLive && earlierLogin}
      <button>Use this profile<span class="sr-only">: ${candidate.name}, ${candidate.countryCode}</span></button>
        </form>`
    }
  </li>`
}

const fits = (one: PendingAuthorizations.Choice): number =>
  one.heldBy !== undefined || one.obstacles.some((obstacle) => obstacle.weight === "blocks")
    ? 2
    : one.obstacles.length > 0
      ? 1
      : 0

const noProfiles = (authorization: Authorization.AwaitingSelection, now: DateTime.Utc, mayConnect: boolean): Markup => {
  const outcome = Evidence.ofAuthorization(authorization)
  return html`<section class="card">
    <header class="with-badge"><h2>${outcome.label}</h2>${Components.badge("wait", "Consent given")}</header>
    ${Components.reasons(outcome, Labels.mustAct[outcome.mustAct])}
    <p class="muted">Last looked ${Components.when(authorization.candidatesAt, now)}.</p>
    <div class="buttons">${
      mayConnect &&
      html`<form method="post" action="/pending/${authorization.id}/look-again"><button>Look again</button>
      </form>`
    }<a class="button secondary outline" href="/connections/${authorization.connectionId}/diagnosis">What is missing?</a></div>
  </section>`
}

export const choices = (
  view: PendingAuthorizations.AuthorizationView,
  authorization: Authorization.AwaitingSelection,
  now: DateTime.Utc,
  mayConnect: boolean,
  wrong: Wrong | undefined,
  isLive: boolean
): Markup =>
  view.choices.length === 0
    ? noProfiles(authorization, now, mayConnect)
    : html`
    <section aria-labelledby="choose"><h2 id="choose">Choose the ${
      authorization.channel === "amazon-sp" ? "seller" : "profile"
    } of this account</h2>
    <p class="muted">This login sees ${Format.count(
      view.choices.length,
      "profile"
    )}. A profile can be connected to one account only. Last looked ${Components.when(authorization.candidatesAt, now)}.</p>
    <ul class="profiles">${view.choices
      .toSorted((one, other) => fits(one) - fits(other))
      .map((one) =>
        choice(
          authorization,
          one,
          mayConnect,
          wrong?.key === Profile.keyText(one.candidate.key) ? wrong.text : undefined,
          isLive
        )
      )}</ul>
    ${
      mayConnect &&
      html`<form method="post" action="/pending/${authorization.id}/look-again">
      <button class="secondary outline small">Look again</button>
      <small class="hint">Is a profile missing? The provider may show a new one only after up to 24 hours.</small>
        </form>`
    }</section>`

const dismissal = (authorization: Authorization.Present): Markup =>
  html`<section class="block">${Components.confirmed({
    label: "Dismiss this consent",
    question:
      "The consent is dropped without being used, and its tokens are forgotten. The account stays; it can be connected again at any time.",
    action: `/pending/${authorization.id}/dismiss`,
    yes: "Yes, dismiss it",
    hidden: html`<label for="because">Why (shown in the history)</label>
    <input id="because" name="because" maxlength="${becauseLimit}" value="Wrong login" required>`
  })}</section>`

const ended = (view: PendingAuthorizations.AuthorizationView): Markup => {
  const { authorization } = view
  const outcome = Evidence.ofAuthorization(authorization)
  return html`<section class="card"><header class="with-badge">
    <h2>${Labels.authorizationHeading[authorization._tag]}</h2>${Components.badge(Labels.authorizationTone(authorization), outcome.label)}</header>
    ${Components.reasons(outcome, Labels.mustAct[outcome.mustAct])}
    <p class="buttons">${
      authorization._tag === "Finalised"
        ? html`<a class="button" href="/connections/${authorization.connectionId}">See the connection</a>`
        : html`<a class="button" href="/accounts/${authorization.accountId}">Go to the account</a>`
    }</p></section>`
}

/** What went wrong with a choice: beside one profile, or for the page. */
export interface Wrong {
  readonly key?: string
  readonly text: string
  readonly notice?: Markup
}

/** What the page shows. */
export interface AuthorizationPageModel {
  readonly isLive: boolean
  readonly looked: boolean
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly status: Status
  readonly view: PendingAuthorizations.AuthorizationView
  readonly wrong: Wrong | undefined
}

export const authorizationPage = ({
  isLive,
  looked,
  me,
  now,
  status,
  view,
  wrong
}: AuthorizationPageModel): MemberPage => {
  const { account, company, authorization } = view
  const mayConnect = may(me, "connect", account)
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
      lead: html`${isolateText(company.name)} · ${Labels.marketplaceName(authorization.marketplaceId)} · ${Channel.label(authorization.channel)} ·
        started ${authorization.origin._tag === "Direct" && "by "}${byWhom(authorization)} ${Components.when(authorization.startedAt, now)}`
    })}
    ${wrong?.notice ?? nothing}
    ${
      looked &&
      Components.notice(
        "info",
        "Looked again just now",
        authorization._tag === "AwaitingSelection"
          ? `The login sees ${Format.count(authorization.candidates.length, "profile")}.`
          : ""
      )
    }
    ${
      authorization._tag === "AwaitingSelection" &&
      !mayConnect &&
      Components.onlyLooking("An owner, admin or member of your organization")
    }
    ${authorization._tag === "AwaitingSelection" ? choices(view, authorization, now, mayConnect, wrong, isLive) : ended(view)}
    ${authorization._tag === "AwaitingSelection" && mayConnect && dismissal(authorization)}`
  }
}

/** What the page shows. */
export interface PendingPageModel {
  readonly cursor: string
  readonly done: string | undefined
  readonly now: DateTime.Utc
  readonly page: Repository.Page<PendingAuthorizations.AuthorizationView>
}

export const pendingPage = ({ cursor, done, now, page }: PendingPageModel): MemberPage => ({
  title: "Pending authorizations",
  section: "pending",
  body: html`
        ${Components.pageHead("Pending authorizations", {
          lead: "Somebody consented at the provider. A person here chooses the right profile; only then the account is connected."
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
