/** Pages of the consents of an organization, for operators. */
import { Channel, Identity, Messages, type Organization } from "@portolan/domain"
import type { Grants, Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import type { Status } from "../../../page/errors.ts"
import { fieldError, type FormState } from "../../../page/fields.ts"
import { type Content, html, isolateText, type Markup } from "../../../page/html.ts"
import * as Labels from "../../../page/labels.ts"
import type { MemberPage } from "../../../page/send.ts"
import { identityBadge, named } from "../../consents/view.ts"
import { home, organizations } from "../frame.ts"
import { listed } from "../tokens/listed.ts"

const { operator, operatorTokens, shared } = words

const consentsOf = (organization: Organization.Present): string => `${organizations}/${organization.id}/consents`

const crumbsTo = (organization: Organization.Present) => [
  { href: home, label: words.page.operator },
  { href: organizations, label: operator.organizations },
  { href: `${organizations}/${organization.id}`, label: isolateText(organization.name) }
]

const profiles = ({ connections }: Grants.GrantView): Content =>
  connections.length === 0
    ? html`<span class="muted">${operator.servesNothing}</span>`
    : html`<ul class="plain">${connections.map(
        ({ link: { profile } }) =>
          html`<li>${isolateText(profile.name)} <span class="muted">${profile.countryCode}</span>
            <code>${profile.key.externalId}</code></li>`
      )}</ul>`

const row = (at: string, view: Grants.GrantView, now: DateTime.Utc): Markup => {
  const { grant } = view
  return html`<tr><th scope="row" data-label="${shared.consent}">${Channel.label(grant.channel)}<br><small
    class="muted">${Labels.regionName(grant.region)} · ${isolateText(named(view))}</small></th>
  <td data-label="${operator.consentOf}">${profiles(view)}</td>
  <td data-label="${shared.whoItIsOf}">${
    Channel.claimsIdentity(grant.channel)
      ? identityBadge(grant.identity)
      : html`<span class="muted">${operator.byProvider}</span>`
  }</td>
  <td data-label="${operator.sinceLabel}">${Components.when(grant.consentedAt, now)}</td>
  <td class="end"><a class="button small secondary outline" href="${at}/${grant.id}">${operator.open}<span
    class="sr-only"> ${named(view)}</span></a></td></tr>`
}

/** What the list shows. */
export interface ConsentsPageModel {
  readonly cursor: string
  readonly now: DateTime.Utc
  readonly organization: Organization.Present
  readonly page: Repository.Page<Grants.GrantView>
}

/** The consents in use of an organization. */
export const consentsPage = ({ cursor, now, organization, page }: ConsentsPageModel): MemberPage => {
  const at = consentsOf(organization)
  return {
    title: `${words.consents.title}: ${organization.name}`,
    section: "operator",
    body: html`
    ${Components.pageHead(words.consents.title, {
      crumbs: crumbsTo(organization),
      lead: operator.consentsLead,
      actions: html`<a class="button secondary outline" href="${at}/new">${operatorTokens.takeIn}</a>`
    })}
    ${
      page.items.length === 0
        ? Components.empty(words.consents.none, words.consents.noneHint)
        : html`<table class="rows"><thead><tr><th scope="col">${shared.consent}</th>
          <th scope="col">${operator.consentOf}</th><th scope="col">${shared.whoItIsOf}</th>
          <th scope="col">${operator.sinceLabel}</th>
          <th scope="col"><span class="sr-only">${shared.action}</span></th></tr></thead>
          <tbody>${page.items.map((one) => row(at, one, now))}</tbody></table>`
    }
    ${Components.pagination(at, { cursor }, page)}`
  }
}

/** What the page of one consent shows. */
export interface ConsentPageModel {
  readonly done: string | undefined
  readonly firstSeen: Grants.FirstSeen
  readonly form: FormState
  readonly notice: Content
  readonly now: DateTime.Utc
  readonly organization: Organization.Present
  readonly status: Status
  readonly view: Grants.GrantView
}

const confirmForm = (action: string, form: FormState): Markup => html`<section class="card form"
  aria-labelledby="confirm"><h2 id="confirm">${operator.confirmIdentity}</h2>
  <h3>${shared.whatStarts}</h3><ul class="effects starts"><li>${operator.keepsOthersOut}</li></ul>
  <h3>${shared.whatStays}</h3><ul class="effects stays"><li>${operator.provenElsewhereStays}</li>
    <li>${operator.claimsStay}</li>
    <li>${operator.canTakeBack}</li></ul>
  <form method="post" action="${action}"><div class="field"><label for="field-because">${operator.whatShowsIt}</label>
    <textarea id="field-because" name="because" rows="3" required maxlength="${
      Identity.becauseLimit
    }" aria-describedby="field-because-hint"${
      form.errors["because"] !== undefined && html` aria-invalid="true"`
    }>${form.values["because"] ?? ""}</textarea>
    <small id="field-because-hint" class="hint">${operator.whatShowsItHint}</small>${fieldError(form, "because")}</div>
    <div class="buttons"><button>${operator.yesConfirm}</button></div></form></section>`

const control = (action: string, { grant }: Grants.GrantView, form: FormState): Content => {
  if (grant._tag !== "Active") return html`<p class="muted">${operator.consentIsOver}</p>`
  if (!Channel.claimsIdentity(grant.channel)) return html`<p class="muted">${operator.listedByProvider}</p>`
  if (grant.identity?._tag === "Confirmed") {
    return Components.confirmed({
      label: operator.takeConfirmationBack,
      question: operator.takeConfirmationBackQuestion,
      action: `${action}/take-back`,
      yes: operator.yesTakeConfirmationBack
    })
  }
  return Identity.isExclusive(grant.identity)
    ? html`<p class="muted">${Messages.text("identity.provider-says-it")}</p>`
    : confirmForm(action, form)
}

const notices: { readonly [done: string]: Markup } = {
  "taken-in": Components.notice("good", operatorTokens.taken, operatorTokens.takenLinked),
  "taken-waiting": Components.notice("wait", operatorTokens.taken, operatorTokens.takenWaiting),
  "taken-before": Components.notice("info", operatorTokens.takenBefore, operatorTokens.takenBeforeHint),
  confirmed: Components.notice("good", operator.identityConfirmed, operator.identityConfirmedHint),
  unconfirmed: Components.notice("good", operator.confirmationTakenBack, operator.confirmationTakenBackHint)
}

/** The page of one consent: what is known of who it is of, and the operator's word. */
export const consentPage = (model: ConsentPageModel): MemberPage => {
  const { done, firstSeen, form, notice, now, organization, status, view } = model
  const { grant } = view
  const at = consentsOf(organization)
  const facts: ReadonlyArray<readonly [label: string, value: Content]> = [
    [operator.consentOf, profiles(view)],
    ...(Channel.claimsIdentity(grant.channel) ? [[shared.whoItIsOf, identityBadge(grant.identity)] as const] : []),
    [operator.namedBy, isolateText(named(view))],
    [operatorTokens.listed, listed(firstSeen)],
    [words.consents.given, Components.whenFully(grant.consentedAt, now)],
    [shared.id, html`<code>${grant.id}</code>`]
  ]
  return {
    title: `${Channel.label(grant.channel)}: ${organization.name}`,
    section: "operator",
    status,
    body: html`
    ${Components.pageHead(Channel.label(grant.channel), {
      crumbs: [...crumbsTo(organization), { href: at, label: words.consents.title }],
      lead: Labels.regionName(grant.region)
    })}
    ${notice}${done !== undefined && Object.hasOwn(notices, done) && notices[done]}
    <section class="card" aria-label="${shared.consent}"><dl class="facts people">${facts.map(
      ([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`
    )}</dl></section>
    ${control(`${at}/${grant.id}/identity`, view, form)}`
  }
}
