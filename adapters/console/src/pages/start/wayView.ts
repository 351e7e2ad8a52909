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
import { words } from "../../messages/words.ts"
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

const { shared, start } = words

const stateWords: { readonly [S in Onboarding.StepState]: { readonly label: string; readonly tone: Labels.Tone } } = {
  done: { label: start.done, tone: "good" },
  now: { label: start.yourTurn, tone: "wait" },
  waiting: { label: start.underWay, tone: "info" },
  todo: { label: start.later, tone: "idle" },
  optional: { label: start.optional, tone: "idle" }
}

/** All steps, where one is, and what each comes to. */
const trail = (way: Onboarding.Onboarding): Markup =>
  html`<ol class="trail" aria-label="${start.steps}">${way.steps.map((step, index) => {
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
    : html`<h3>${start.beforeYouGoOn}</h3>${Findings.requirements(list)}
    <p class="muted">${start.checkedToo({ product: context.productName })}</p>`
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
        start.otherCountry,
        html`${start.worksForThis({ provider: Labels.providerName(own.channel) })}
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
      <p>${start.nothingToSignInTo}</p>
      <a class="button" href="/connections/${connectionId}/advertisers">${shared.seeAdvertisers}</a>`
  }
  return html`${sharedConsent(ways, step)}${requirements(context, account, channel)}
    <form method="post" action="${pathOf(ways, "/advertising")}"><button>${Messages.text("onboarding.connect-title", {
      what: Channel.label(channel)
    })}</button></form>
    <p class="muted">${start.goToProvider({ provider: Labels.providerName(channel) })}
      ${start.otherLogin({ link: html`<a href="/accounts/${account.id}">${start.sendAuthLink}</a>` })}</p>`
}

const chooseStep = (ways: Ways, step: Onboarding.Step): Markup => {
  const pending = pendingOf(ways, step)
  return pending === undefined
    ? nothing
    : html`<p>${step.detail} ${start.otherCountryOfRegion}</p>
      <p class="buttons"><a class="button" href="/pending/${pending}">${shared.choose}</a>
      <a class="button secondary outline" href="/connections/${
        step.connectionId ?? ""
      }/diagnosis">${start.nothingToChoose}</a></p>`
}

const sellingPartnerForm = (ways: Ways, wrong: string | undefined): Markup => html`
  <form method="post" action="${pathOf(ways, "/selling-partner")}">
    <label class="tick"><input type="checkbox" name="agreed" value="yes" required> ${start.agree}</label>
    ${wrong !== undefined && html`<p class="error" role="alert">${wrong}</p>`}
    <button>${start.confirmAndContinue}</button></form>`

const secondStep = (context: PageContext, ways: Ways, step: Onboarding.Step, wrong: string | undefined): Markup => {
  const { account } = ways
  const { channel } = step
  if (channel === undefined) return nothing
  const pending = pendingOf(ways, step)
  if (pending !== undefined) return html`<a class="button" href="/pending/${pending}">${start.confirmSeller}</a>`
  if (!context.offers(channel)) return unavailable(channel)
  if (account.accountType === "seller") {
    return html`${sharedConsent(ways, step)}${requirements(context, account, channel)}${sellingPartnerForm(ways, wrong)}
      <p class="muted">${start.agencyRefused}</p>`
  }
  return html`<p>${step.detail}</p>
    ${
      !Channel.loads(channel, account.accountType) && Components.notice("info", Messages.text("provider.loads-nothing"))
    }
    <form method="post" action="${pathOf(ways, "/selling-partner")}"><button class="secondary">${Messages.text(
      "onboarding.connect-title",
      { what: Channel.label(channel) }
    )}</button></form>`
}

const reached = ({ account, way: { complete, connected, steps } }: Ways): Markup => {
  if (!connected) return nothing
  const isSecond = steps.some(({ id, state }) => id === "second-channel" && state === "done")
  return Components.notice(
    "good",
    isSecond ? start.sellingPartnerConnected : Messages.text("status.connected"),
    complete
      ? html`${start.everythingInSync}
        <span class="buttons"><a class="button small" href="/accounts/${account.id}">${start.seeAccount}</a>
        <a class="button secondary outline small" href="/start">${shared.connectAccount}</a></span>`
      : start.nextSyncing
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
    title: start.setUp({ account: account.name }),
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(start.setUp({ account: isolateText(account.name) }), {
      crumbs: [{ href: `/accounts/${account.id}`, label: isolateText(account.name) }],
      lead: html`${Labels.marketplaceName(way.marketplaceId)} · ${AccountType.label(account.accountType)}`
    })}
    ${countries(ways)}
    ${reached(ways)}
    <div class="split"><div>
      ${
        current !== undefined &&
        current.id !== "sync" &&
        html`<section class="card" aria-labelledby="step"><p class="eyebrow">${start.yourNextStep}</p>
        <h2 id="step">${current.title}</h2>${
          mayConnect ? body(current) : Components.onlyLooking(Messages.text("page.who-connects"))
        }</section>`
      }
      ${
        isChosen &&
        html`<section class="card" aria-labelledby="syncing">
        <h2 id="syncing">${start.theHistory}</h2>${syncStep(ways, now)}</section>`
      }
      ${
        mayConnect &&
        optional.map(
          (step) =>
            html`<section class="card"><h2>${step.title}</h2>${secondStep(context, ways, step, wrong)}</section>`
        )
      }
    </div><div><section class="card" aria-labelledby="where"><h2 id="where">${start.whereYouAre}</h2>${trail(way)}
      <p class="muted">${start.leaveWhenever({
        link: html`<a href="/start">${shared.connectAccount}</a>`
      })}</p></section></div></div>`
  }
}
