/** The plan of a main account as somebody without a sign-in sees it. */
import { Messages } from "@portolan/domain"
import type { Consolidations } from "@portolan/ports"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import type { Page } from "../../page/send.ts"

/** The steps by who signs in. */
const numbered = (steps: Consolidations.SharedPlan["steps"]): Markup =>
  html`<ol class="plan">${steps.map(
    ({ lines, login }) => html`<li>
  <h3>${isolateText(login)}</h3><ol class="lines">${lines.map((line) => html`<li>${line}</li>`)}</ol></li>`
  )}</ol>`

/** What the plan, to read only shows. */
export interface SharedPlanPageModel {
  readonly plan: Consolidations.SharedPlan
}

/** The plan, to read only. */
export const sharedPlanPage = ({ plan }: SharedPlanPageModel): Page => ({
  title: `Plan for ${plan.company}`,
  body: html`<section class="card guest-card printable">
    <p class="eyebrow">Shared by ${isolateText(plan.sharedBy)}</p>
    <h1>Who signs in, and what to grant there</h1>
    <p>The accounts of ${isolateText(plan.company)} are gathered under one login${
      plan.mainLogin !== undefined && html`, <strong>${isolateText(plan.mainLogin)}</strong>`
    }.
      Each account can only be shared by its own administrator. Find your login below and do its steps at the provider;
        nothing is done on this page.</p>
    ${
      plan.steps.length === 0
        ? Components.notice(
            "good",
            "Nothing is missing",
            plan.mainLogin === undefined
              ? "No main login is chosen yet."
              : "The main login sees every account that could be planned."
          )
        : numbered(plan.steps)
    }
    ${
      plan.done.length > 0 &&
      html`<h2>There already</h2>
      <ul>${plan.done.map((name) => html`<li>${isolateText(name)}</li>`)}</ul>`
    }
    ${
      plan.open.length > 0 &&
      html`<h2>Still to be found out</h2><ul>${plan.open.map(
        ({ account, detail, nextStep }) =>
          html`<li><strong>${isolateText(account)}</strong>: ${detail} ${nextStep}</li>`
      )}</ul>`
    }
    <p class="muted">This page works until ${Format.absolute(
      plan.expiresAt
    )}. It shows no password and changes nothing. You can print it.</p>
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
    ${Components.reasons({ reason, nextStep }, "The person who sent it")}</section>`
})
