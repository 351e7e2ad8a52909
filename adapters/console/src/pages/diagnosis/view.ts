/** The page of the checks of a connection. */
import { Channel, Messages } from "@portolan/domain"
import type { Diagnoses } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import * as Findings from "./findings.ts"

const tones = { well: "good", failing: "act", open: "wait" } as const

const verdicts = { well: words.diagnosis.well, failing: words.diagnosis.failing, open: words.diagnosis.open } as const

const checklist = (view: Diagnoses.DiagnosisView, now: DateTime.Utc, answer: string | undefined): Markup => {
  const { diagnosis } = view
  if (diagnosis === undefined) {
    return html`<section class="card"><h2>${words.diagnosis.hasToBe}</h2>
      <ol class="checks">${view.requirements.map((one) => Findings.check(one, now, undefined))}</ol>
      <p class="muted">${words.diagnosis.walmartTells}</p></section>`
  }
  const tone = tones[diagnosis.verdict]
  return html`<section class="card big-tile ${tone}" aria-labelledby="verdict"><header>
      <h2 id="verdict">${
        diagnosis.headline === undefined
          ? words.diagnosis.found
          : words.diagnosis.notInOrder({ check: diagnosis.headline.title })
      }</h2>${Components.badge(tone, verdicts[diagnosis.verdict])}</header>
      ${Components.reasons(
        { reason: diagnosis.summary, nextStep: diagnosis.nextStep },
        Labels.mustAct[diagnosis.mustAct]
      )}</section>
    ${diagnosis.remarks
      .filter(({ explanation }) => explanation !== diagnosis.summary)
      .map((remark) =>
        Components.notice("wait", remark.explanation, html`${Labels.mustAct[remark.mustAct]}: ${remark.nextStep}`)
      )}
    <section class="card" aria-labelledby="checks"><h2 id="checks">${words.diagnosis.sixChecks}</h2>
      <ol class="checks">${diagnosis.checks.map((one) => Findings.check(one, now, answer))}</ol></section>
    ${
      view.requirements.some(({ id }) => !diagnosis.checks.some((one) => one.id === id)) &&
      html`<section class="card" aria-labelledby="more">
      <h2 id="more">${words.diagnosis.alsoNeeded({
        channel: Channel.label(view.connection.channel)
      })}</h2><ol class="checks">${view.requirements
        .filter(({ id }) => !diagnosis.checks.some((one) => one.id === id))
        .map((one) => Findings.check(one, now, answer))}</ol></section>`
    }`
}

/** What the page of the checks shows. */
export interface DiagnosisPageModel {
  readonly view: Diagnoses.DiagnosisView
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  /** What was done just now. */
  readonly done: string | undefined
}

/** Why an account is missing or limited: the checks in their order, and what can be done about them. */
export const diagnosisPage = ({ done, me, now, view }: DiagnosisPageModel): MemberPage => {
  const { account, connection } = view
  const mayConnect = may(me, "connect", account)
  const action = `/connections/${connection.id}/diagnosis`
  return {
    title: words.diagnosis.title({ account: account.name }),
    section: "connections",
    body: html`
    ${Components.pageHead(words.shared.whatIsMissing, {
      crumbs: [
        { href: `/accounts/${account.id}`, label: isolateText(account.name) },
        { href: `/connections/${connection.id}`, label: Labels.shortChannel(connection.channel) }
      ],
      lead: html`${isolateText(account.name)} · ${Labels.marketplaceName(connection.marketplaceId)} · ${Channel.label(
        connection.channel
      )}`
    })}
    ${done === "looked" && Components.notice("info", Messages.text("page.looked-again"), words.diagnosis.looked)}
    ${done === "answered" && Components.notice("good", words.diagnosis.answerNoted, words.diagnosis.answerNotedHint)}
    <p class="muted">${
      view.checkedAt === undefined
        ? words.diagnosis.neverLooked
        : words.shared.lastLooked({ at: Components.when(view.checkedAt, now) })
    }
      ${
        view.lookAgainAt !== undefined &&
        html` ${words.diagnosis.lookOurselves({ at: Components.when(view.lookAgainAt, now) })}`
      }</p>
    ${
      mayConnect &&
      view.diagnosis !== undefined &&
      html`<form method="post" action="${action}" class="block"><button>${words.diagnosis.lookAgainNow}</button></form>`
    }
    ${checklist(view, now, mayConnect ? `${action}/answers` : undefined)}
    ${!mayConnect && Components.onlyLooking(Messages.text("page.who-connects"))}
    <p><a href="/connections/${connection.id}">${words.diagnosis.backToConnection}</a></p>`
  }
}
