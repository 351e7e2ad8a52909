/** The plan of a main account as somebody without a sign-in sees it. */
import { Messages } from "@portolan/domain"
import type { Consolidations } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import type { Page } from "../../page/send.ts"

const { sharedPlan } = words

/** The steps by who signs in. */
const numbered = (steps: Consolidations.SharedPlan["steps"]): Markup =>
  html`<ol class="plan">${steps.map(
    ({ lines, login }) => html`<li>
  <h3>${isolateText(login)}</h3><ol class="lines">${lines.map((line) => html`<li>${line}</li>`)}</ol></li>`
  )}</ol>`

const gathered = ({ company, mainLogin }: Consolidations.SharedPlan): Markup =>
  mainLogin === undefined
    ? sharedPlan.gathered({ company: isolateText(company) })
    : sharedPlan.gatheredUnder({
        company: isolateText(company),
        login: html`<strong>${isolateText(mainLogin)}</strong>`
      })

/** What the plan, to read only shows. */
export interface SharedPlanPageModel {
  readonly plan: Consolidations.SharedPlan
}

/** The plan, to read only. */
export const sharedPlanPage = ({ plan }: SharedPlanPageModel): Page => ({
  title: sharedPlan.planFor({ company: plan.company }),
  body: html`<section class="card guest-card printable">
    <p class="eyebrow">${sharedPlan.sharedBy({ person: isolateText(plan.sharedBy) })}</p>
    <h1>${sharedPlan.title}</h1>
    <p>${gathered(plan)}
      ${sharedPlan.howTo}</p>
    ${
      plan.steps.length === 0
        ? Components.notice(
            "good",
            words.shared.nothingMissing,
            plan.mainLogin === undefined ? sharedPlan.noMain : sharedPlan.mainSeesAll
          )
        : numbered(plan.steps)
    }
    ${
      plan.done.length > 0 &&
      html`<h2>${sharedPlan.thereAlready}</h2>
      <ul>${plan.done.map((name) => html`<li>${isolateText(name)}</li>`)}</ul>`
    }
    ${
      plan.open.length > 0 &&
      html`<h2>${sharedPlan.findOut}</h2><ul>${plan.open.map(
        ({ account, detail, nextStep }) =>
          html`<li><strong>${isolateText(account)}</strong>: ${detail} ${nextStep}</li>`
      )}</ul>`
    }
    <p class="muted">${sharedPlan.worksUntil({ at: Format.absolute(plan.expiresAt) })}</p>
  </section>`
})

/** What the page of an address that shows no plan shows. */
export interface PlanEndPageModel {
  readonly nextStep: string
  readonly reason: string
  readonly status: Status
}

/** The page of an address that shows no plan. */
export const planEndPage = ({ nextStep, reason, status }: PlanEndPageModel): Page => ({
  title: Messages.text("page.plan-not-shown"),
  status,
  body: html`<section class="card"><h1>${Messages.text("page.plan-not-shown")}</h1>
    ${Components.reasons({ reason, nextStep }, sharedPlan.sender)}</section>`
})
