/**
 * Why an account is missing or limited: six checks in their order, who must act, what a person is asked (flow F4,
 * step 3).
 */
import { Channel, Check, Id } from "@portolan/domain"
import type { Diagnoses } from "@portolan/ports"
import { type DateTime, Effect, Schema } from "effect"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import { BadRequest } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import * as findings from "./findings.ts"
import { may } from "./may.ts"

const tones = { well: "good", failing: "act", open: "wait" } as const
const verdicts = { well: "All in order", failing: "Something is wrong", open: "Not everything is known" } as const

const checklist = (view: Diagnoses.DiagnosisView, now: DateTime.Utc, answer: string | undefined): Markup => {
  const { diagnosis } = view
  if (diagnosis === undefined) {
    return html`<section class="card"><h2>What has to be so</h2>
      <ol class="checks">${view.requirements.map((one) => findings.check(one, now, undefined))}</ol>
      <p class="muted">Walmart tells us which advertisers list us; we look every 15 minutes.</p></section>`
  }
  const tone = tones[diagnosis.verdict]
  return html`<section class="card big-tile ${tone}" aria-labelledby="verdict"><header>
      <h2 id="verdict">${
        diagnosis.headline === undefined ? "What was found" : `Not in order: ${diagnosis.headline.title}`
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
    <section class="card" aria-labelledby="checks"><h2 id="checks">Six checks, in this order</h2>
      <ol class="checks">${diagnosis.checks.map((one) => findings.check(one, now, answer))}</ol></section>
    ${
      view.requirements.some(({ id }) => !diagnosis.checks.some((one) => one.id === id)) &&
      html`<section class="card" aria-labelledby="more">
      <h2 id="more">Also needed for ${Channel.label(view.connection.channel)}</h2><ol class="checks">${view.requirements
        .filter(({ id }) => !diagnosis.checks.some((one) => one.id === id))
        .map((one) => findings.check(one, now, answer))}</ol></section>`
    }`
}

const page = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  view: Diagnoses.DiagnosisView,
  done: string | undefined
) {
  const { account, connection } = view
  const now = yield* Http.now
  const mayConnect = may(me, "connect", account)
  const action = `/connections/${connection.id}/diagnosis`
  return Layout.memberPage(
    context,
    me,
    `${account.name}: what is missing`,
    "connections",
    html`
    ${Components.pageHead("What is missing?", {
      crumbs: [
        { href: `/accounts/${account.id}`, label: isolateText(account.name) },
        { href: `/connections/${connection.id}`, label: Labels.shortChannel(connection.channel) }
      ],
      lead: html`${isolateText(account.name)} · ${Labels.marketplaceName(connection.marketplaceId)} · ${Channel.label(
        connection.channel
      )}`
    })}
    ${done === "looked" && Components.notice("info", "Looked again just now", "What the provider tells is below.")}
    ${
      done === "answered" &&
      Components.notice("good", "Answer noted", "What the provider tells later counts more than an answer.")
    }
    <p class="muted">${
      view.checkedAt === undefined
        ? "The provider was not looked at yet."
        : html`Last looked ${Components.when(view.checkedAt, now)}.`
    }
      ${view.lookAgainAt !== undefined && html` We look again by ourselves ${Components.when(view.lookAgainAt, now)}.`}</p>
    ${
      mayConnect &&
      view.diagnosis !== undefined &&
      html`<form method="post" action="${action}" class="block"><button>Look again now</button></form>`
    }
    ${checklist(view, now, mayConnect ? `${action}/answers` : undefined)}
    ${!mayConnect && Components.onlyLooking("An owner, admin or member of your organization")}
    <p><a href="/connections/${connection.id}">Back to the connection</a></p>`
  )
})

const isCheck = Schema.is(Check.CheckId)

/** `/connections/{id}/diagnosis`. */
export const routes: Routes = (app, context) => {
  app.get(
    "/connections/:id/diagnosis",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        const view = yield* context.diagnoses.view(me, yield* Http.idParam(c, Id.ConnectionId))
        return Http.send(c, yield* page(context, me, view, c.req.query("done")))
      })
    )
  )

  app.post(
    "/connections/:id/diagnosis",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.caller(context, c)
        const { connection } = yield* context.diagnoses.observe(me, yield* Http.idParam(c, Id.ConnectionId))
        return c.redirect(`/connections/${connection.id}/diagnosis?done=looked`, 303)
      })
    )
  )

  app.post(
    "/connections/:id/diagnosis/answers",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.caller(context, c)
        const id = yield* Http.idParam(c, Id.ConnectionId)
        const form = yield* Http.readForm(c)
        const asked = Http.one(form, "check")
        const holds = Http.one(form, "holds")
        if (!isCheck(asked) || (holds !== "yes" && holds !== "no")) {
          return yield* new BadRequest({ detail: "Answer one of the questions with yes or no." })
        }
        yield* context.diagnoses.answer(me, id, { check: asked, holds: holds === "yes" })
        return c.redirect(`/connections/${id}/diagnosis?done=answered`, 303)
      })
    )
  )
}
