/** The steps of setting up an account, and what each one asks for. */
import {
  type Account,
  AccountType,
  Channel,
  Connection,
  type Onboarding,
  Requirements,
  Messages
} from "@portolan/domain"
import type { DateTime } from "effect"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import * as Findings from "../diagnosis/findings.ts"
import { useConsent } from "../reuseConsent/view.ts"
import { syncStep } from "./syncStep.ts"
import { countries, currentOf, pathOf, type Ways } from "./ways.ts"

const stateWords: { readonly [S in Onboarding.StepState]: { readonly label: string; readonly tone: Labels.Tone } } = {
  done: { label: "Done", tone: "good" },
  now: { label: "Your turn", tone: "wait" },
  waiting: { label: "Under way", tone: "info" },
  todo: { label: "Later", tone: "idle" },
  optional: { label: "Optional", tone: "idle" }
}

/** All steps, where one is, and what each comes to. */
const trail = (way: Onboarding.Onboarding): Markup =>
  html`<ol class="trail" aria-label="Steps">${way.steps.map((step, index) => {
    const { label, tone } = stateWords[step.state]
    return html`<li class="${tone}"${
      step.id === way.current && html` aria-current="step"`
    }><span class="number" aria-hidden="true">${index + 1}</span>
    <div><strong>${step.title}</strong> ${Components.badge(tone, label)}<p>${step.detail}</p></div></li>`
  })}</ol>`

const requirements = (context: PageContext, account: Account.Present, channel: Channel.Channel): Markup => {
  const list = Requirements.of(channel, account.accountType)
  return list.length === 0
    ? nothing
    : html`<h3>Before you go on</h3>${Findings.requirements(list)}
    <p class="muted">${context.productName} checks this afterwards, too, and says which of it is missing.</p>`
}

const unavailable = (channel: Channel.Channel): Markup =>
  Components.notice(
    "info",
    Messages.text("page.channel-not-set-up", { channel: Channel.label(channel) }),
    Messages.text("page.add-credentials")
  )

const connectionOf = ({ views }: Ways, step: Onboarding.Step): Connection.Present | undefined =>
  views.find(({ connection }) => connection.id === step.connectionId)?.connection

const pendingOf = (ways: Ways, step: Onboarding.Step): string | undefined => {
  const found = connectionOf(ways, step)
  return found === undefined ? undefined : Connection.pendingOf(found)?.authorizationId
}

/** Where another country of the account is connected already, its consent may see this one, too (rule S-R4). */
const sharedConsent = (ways: Ways, step: Onboarding.Step): Markup => {
  const own = connectionOf(ways, step)
  const isElsewhere = ways.views.some(
    ({ connection }) =>
      connection.channel === step.channel && connection.id !== own?.id && Connection.isLinked(connection)
  )
  return own === undefined || !isElsewhere
    ? nothing
    : Components.notice(
        "info",
        "Another country of this account is connected already",
        html`Its login may see this one, too; then nobody has to go to ${Labels.providerName(own.channel)} again.
          ${useConsent(own)}`
      )
}

const accessStep = (context: PageContext, ways: Ways, step: Onboarding.Step): Markup => {
  const { account } = ways
  const { channel, connectionId } = step
  if (channel === undefined || connectionId === undefined) return nothing
  if (!context.offers(channel)) return unavailable(channel)
  if (Channel.accessBy(channel) === "partner") {
    return html`${requirements(context, account, channel)}
      <p>There is nothing to sign in to. Tell us which advertiser to wait for, or link one that is here.</p>
      <a class="button" href="/connections/${connectionId}/advertisers">See advertisers</a>`
  }
  return html`${sharedConsent(ways, step)}${requirements(context, account, channel)}
    <form method="post" action="${pathOf(ways, "/advertising")}"><button>Connect
      ${Channel.label(channel)}</button></form>
    <p class="muted">You go to ${Labels.providerName(channel)}, sign in, agree, and come back here.
      Does somebody else have the login? <a href="/accounts/${account.id}">Send an auth link</a>.</p>`
}

const chooseStep = (ways: Ways, step: Onboarding.Step): Markup => {
  const pending = pendingOf(ways, step)
  return pending === undefined
    ? nothing
    : html`<p>${step.detail} If the one you want is of another country of the same region, choosing it moves the account
      there after
      you confirm.</p>
      <p class="buttons"><a class="button" href="/pending/${pending}">Choose</a>
      <a class="button secondary outline" href="/connections/${
        step.connectionId ?? ""
      }/diagnosis">Nothing to choose from?</a></p>`
}

const sellingPartnerForm = (ways: Ways, wrong: string | undefined): Markup => html`
  <form method="post" action="${pathOf(ways, "/selling-partner")}">
    <label class="tick"><input type="checkbox" name="agreed" value="yes" required> The login that connected advertising
      has the advertising
      permission in Seller Central, and I agree that sales, inventory and content are read.</label>
    ${wrong !== undefined && html`<p class="error" role="alert">${wrong}</p>`}
    <button>Confirm and continue to Amazon</button></form>`

const secondStep = (context: PageContext, ways: Ways, step: Onboarding.Step, wrong: string | undefined): Markup => {
  const { account } = ways
  const { channel } = step
  if (channel === undefined) return nothing
  const pending = pendingOf(ways, step)
  if (pending !== undefined) return html`<a class="button" href="/pending/${pending}">Confirm the seller</a>`
  if (!context.offers(channel)) return unavailable(channel)
  if (account.accountType === "seller") {
    return html`${sharedConsent(ways, step)}${requirements(context, account, channel)}${sellingPartnerForm(ways, wrong)}
      <p class="muted">An agency's user is refused by Amazon until the primary account owner has given the permission.
        If you end on a page of Amazon that says so, come back here: nothing is lost.</p>`
  }
  return html`<p>${step.detail}</p>
    <form method="post" action="${pathOf(ways, "/selling-partner")}"><button class="secondary">Connect ${Channel.label(
      channel
    )}</button></form>`
}

const reached = ({ account, way: { complete, connected, steps } }: Ways): Markup => {
  if (!connected) return nothing
  const isSecond = steps.some(({ id, state }) => id === "second-channel" && state === "done")
  return Components.notice(
    "good",
    isSecond ? "Selling partner connected" : "Connected",
    complete
      ? html`Everything is in sync. <a href="/accounts/${account.id}">See the account</a>`
      : "Next: syncing. It goes on without you."
  )
}

/** What the steps of an account, for one of its countries shows. */
export interface WayPageModel {
  readonly context: PageContext
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly status: Status
  readonly ways: Ways
  readonly wrong: string | undefined
}

/** The steps of an account, for one of its countries. */
export const wayPage = ({ context, me, now, status, ways, wrong }: WayPageModel): MemberPage => {
  const { account, way } = ways
  const mayConnect = may(me, "connect", account)
  const current = currentOf(way)
  const body = (step: Onboarding.Step): Markup => {
    switch (step.id) {
      case "access":
        return step.state === "now" || step.state === "waiting" ? accessStep(context, ways, step) : nothing
      case "choose":
        return chooseStep(ways, step)
      case "second-channel":
        return secondStep(context, ways, step, wrong)
      default:
        return nothing
    }
  }
  const isChosen = way.steps.some(({ id, state }) => id === "choose" && state === "done")
  const optional = way.steps.filter(({ state }) => state === "optional")
  return {
    title: `Set up ${account.name}`,
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(html`Set up ${isolateText(account.name)}`, {
      crumbs: [{ href: `/accounts/${account.id}`, label: isolateText(account.name) }],
      lead: html`${Labels.marketplaceName(way.marketplaceId)} · ${AccountType.label(account.accountType)}`
    })}
    ${countries(ways)}
    ${reached(ways)}
    <div class="split"><div>
      ${
        current !== undefined &&
        current.id !== "sync" &&
        html`<section class="card" aria-labelledby="step"><p class="eyebrow">Your next step</p>
        <h2 id="step">${current.title}</h2>${
          mayConnect ? body(current) : Components.onlyLooking(Messages.text("page.who-connects"))
        }</section>`
      }
      ${
        isChosen &&
        html`<section class="card" aria-labelledby="syncing">
        <h2 id="syncing">The history</h2>${syncStep(ways, now)}</section>`
      }
      ${
        mayConnect &&
        optional.map(
          (step) =>
            html`<section class="card"><h2>${step.title}</h2>${secondStep(context, ways, step, wrong)}</section>`
        )
      }
    </div><div><section class="card" aria-labelledby="where"><h2 id="where">Where you are</h2>${trail(way)}
      <p class="muted">Leave whenever you like; <a href="/start">Connect an account</a> leads back
        here.</p></section></div></div>`
  }
}
