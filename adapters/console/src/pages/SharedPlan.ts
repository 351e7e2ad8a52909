/** The plan of a main account for people who have no sign-in here (flow F4): to read, to print, and nothing else. */
import { type Consolidations } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"

/** The steps by who signs in. */
export const numbered = (steps: Consolidations.SharedPlan["steps"]): Markup =>
  html`<ol class="plan">${steps.map(
    ({ lines, login }) => html`<li>
  <h3>${isolateText(login)}</h3><ol class="lines">${lines.map((line) => html`<li>${line}</li>`)}</ol></li>`
  )}</ol>`

const planPage = (context: PageContext, c: Context, plan: Consolidations.SharedPlan): Response =>
  Http.send(
    c,
    Layout.guestPage(
      context,
      `Plan for ${plan.company}`,
      html`<section class="card guest-card printable">
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
    ${plan.done.length > 0 && html`<h2>There already</h2><ul>${plan.done.map((name) => html`<li>${isolateText(name)}</li>`)}</ul>`}
    ${
      plan.open.length > 0 &&
      html`<h2>Still to be found out</h2><ul>${plan.open.map(
        ({ account, detail, nextStep }) =>
          html`<li><strong>${isolateText(account)}</strong>: ${detail} ${nextStep}</li>`
      )}</ul>`
    }
    <p class="muted">This page works until ${Labels.absolute(
      plan.expiresAt
    )}. It shows no password and changes nothing. You can print it.</p>
  </section>`
    )
  )

const endPage = (context: PageContext, c: Context, reason: string, nextStep: string, status: 404 | 410): Response =>
  Http.send(
    c,
    Layout.guestPage(
      context,
      "This plan is not shown",
      html`<section class="card"><h1>This plan is not shown</h1>
    ${Components.reasons({ reason, nextStep }, "The person who sent it")}</section>`
    ),
    status
  )

/** `/plan/{token}`: reading is all there is. */
export const routes: Routes = (app, context) => {
  app.get(
    "/plan/:token",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        c.header("Referrer-Policy", "no-referrer")
        return yield* context.consolidations.shared(Redacted.make((c.req.param("token") ?? "").slice(0, 300))).pipe(
          Effect.map((plan) => planPage(context, c, plan)),
          Effect.catchTag("NotFound", () =>
            Effect.succeed(
              endPage(
                context,
                c,
                "The address is not complete, or a newer one took its place.",
                "Ask the person who sent it to you for the address that works.",
                404
              )
            )
          ),
          Effect.catchTag("Refused", ({ detail, nextStep }) =>
            Effect.succeed(endPage(context, c, detail, nextStep, 410))
          )
        )
      })
    )
  )
}
