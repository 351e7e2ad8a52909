/** The plan of a main account for people who have no sign-in here (flow F4): to read, to print, and nothing else. */
import { type Consolidations } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, theirs } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"

/** The steps by who signs in. */
export const numbered = (steps: Consolidations.SharedPlan["steps"]): Markup =>
  html`<ol class="plan">${steps.map(
    ({ lines, login }) => html`<li>
  <h3>${theirs(login)}</h3><ol class="lines">${lines.map((line) => html`<li>${line}</li>`)}</ol></li>`
  )}</ol>`

const planPage = (desk: Desk, c: Context, plan: Consolidations.SharedPlan): Response =>
  Web.send(
    c,
    Layout.guestPage(
      desk,
      `Plan for ${plan.company}`,
      html`<section class="card guest-card printable">
    <p class="eyebrow">Shared by ${theirs(plan.sharedBy)}</p>
    <h1>Who signs in, and what to grant there</h1>
    <p>The accounts of ${theirs(plan.company)} are gathered under one login${
      plan.mainLogin !== undefined && html`, <strong>${theirs(plan.mainLogin)}</strong>`
    }.
      Each account can only be shared by its own administrator. Find your login below and do its steps at the provider;
        nothing is done on this page.</p>
    ${
      plan.steps.length === 0
        ? Parts.notice(
            "good",
            "Nothing is missing",
            plan.mainLogin === undefined
              ? "No main login is chosen yet."
              : "The main login sees every account that could be planned."
          )
        : numbered(plan.steps)
    }
    ${plan.done.length > 0 && html`<h2>There already</h2><ul>${plan.done.map((name) => html`<li>${theirs(name)}</li>`)}</ul>`}
    ${
      plan.open.length > 0 &&
      html`<h2>Still to be found out</h2><ul>${plan.open.map(
        ({ account, detail, nextStep }) => html`<li><strong>${theirs(account)}</strong>: ${detail} ${nextStep}</li>`
      )}</ul>`
    }
    <p class="muted">This page works until ${Words.absolute(
      plan.expiresAt
    )}. It shows no password and changes nothing. You can print it.</p>
  </section>`
    )
  )

const endPage = (desk: Desk, c: Context, reason: string, nextStep: string, status: 404 | 410): Response =>
  Web.send(
    c,
    Layout.guestPage(
      desk,
      "This plan is not shown",
      html`<section class="card"><h1>This plan is not shown</h1>
    ${Parts.reasons({ reason, nextStep }, "The person who sent it")}</section>`
    ),
    status
  )

/** `/plan/{token}`: reading is all there is. */
export const routes: Routes = (app, desk) => {
  app.get(
    "/plan/:token",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        c.header("Referrer-Policy", "no-referrer")
        return yield* desk.consolidations.shared(Redacted.make((c.req.param("token") ?? "").slice(0, 300))).pipe(
          Effect.map((plan) => planPage(desk, c, plan)),
          Effect.catchTag("NotFound", () =>
            Effect.succeed(
              endPage(
                desk,
                c,
                "The address is not complete, or a newer one took its place.",
                "Ask the person who sent it to you for the address that works.",
                404
              )
            )
          ),
          Effect.catchTag("Refused", ({ detail, nextStep }) => Effect.succeed(endPage(desk, c, detail, nextStep, 410)))
        )
      })
    )
  )
}
