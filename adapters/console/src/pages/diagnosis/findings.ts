/**
 * Checks and requirements as a page shows them: what holds, what does not, who acts, and what to do (rules C9, S-R5).
 */
import { Actor, type Check, type Requirements, Messages } from "@portolan/domain"
import { type DateTime, Duration } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"

const states: { readonly [S in Check.CheckState]: { readonly label: string; readonly tone: Labels.Tone } } = {
  passed: { label: Messages.text("check-state.passed"), tone: "good" },
  failed: { label: Messages.text("check-state.failed"), tone: "act" },
  unknown: { label: Messages.text("check-state.unknown"), tone: "idle" },
  unanswered: { label: Messages.text("check-state.unanswered"), tone: "wait" }
}

const sources = {
  provider: Messages.text("check-source.provider"),
  settings: Messages.text("check-source.settings"),
  person: Messages.text("check-source.person")
} as const

/** A question with its two answers. */
const question = (finding: Check.Finding, action: string): Markup =>
  html`<form method="post" action="${action}" class="answer">
  <input type="hidden" name="check" value="${finding.id}">
  <p><strong>${finding.question}</strong></p>
  <div class="buttons"><button class="small secondary" name="holds" value="yes">${
    words.diagnosis.yes
  }<span class="sr-only">: ${finding.question}</span></button>
    <button class="small secondary outline" name="holds" value="no">${words.diagnosis.no}<span class="sr-only">: ${
      finding.question
    }</span></button></div></form>`

/** One check. `answer`: where an answer is sent, for those who may give one. */
export const check = (finding: Check.Finding, now: DateTime.Utc, answer: string | undefined): Markup => {
  const { label, tone } = states[finding.state]
  // What holds is often explained by its own title; saying it twice makes a list of good news long.
  const explained = finding.explanation === `${finding.title}.` ? "" : finding.explanation
  const says =
    finding.answer === undefined
      ? explained
      : html`${explained} <span class="muted">${words.diagnosis.saidBy({
          actor: isolateText(Actor.describe(finding.answer.by)),
          at: Components.when(finding.answer.at, now)
        })}</span>`
  const isOpen = finding.state === "unanswered" || finding.answer !== undefined
  return html`<li class="check ${tone}"><div class="link-head"><strong>${finding.title}</strong>${Components.badge(
    tone,
    label
  )}</div>
    ${says !== "" && html`<p>${says}</p>`}
    ${
      finding.state === "failed" &&
      html`<p><strong>${Labels.mustAct[finding.mustAct]}:</strong>
      ${finding.nextStep}</p>`
    }
    ${
      finding.state === "failed" &&
      finding.lookAgainAfter !== undefined &&
      html`<p class="muted">${words.diagnosis.lookAgainAfter({
        span: Format.span(Duration.toMillis(finding.lookAgainAfter), Math.round)
      })}</p>`
    }
    ${isOpen && answer !== undefined && question(finding, answer)}</li>`
}

/**
 * What has to be so before somebody leaves for the provider, explained and not discovered by failure (rules P-R2,
 * P-R3, P-R10).
 */
export const requirements = (list: ReadonlyArray<Requirements.Requirement>): Markup =>
  html`<ol class="requirements">${list.map(
    (one) => html`<li><strong>${one.title}</strong>
    <p>${one.why}</p>
    <p class="muted">${words.diagnosis.ifNot({
      remedy: one.remedy
    })} <span class="source">${sources[one.source]}</span></p></li>`
  )}</ol>`
