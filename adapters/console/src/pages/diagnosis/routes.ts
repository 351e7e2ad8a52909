/**
 * Why an account is missing or limited: six checks in their order, who must act, what a person is asked (flow F4,
 * step 3).
 */
import { Check, Id } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { words } from "../../messages/words.ts"
import { BadRequest } from "../../page/errors.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { CallerVisit, MemberVisit } from "../../page/visit.ts"
import { diagnosisPage } from "./view.ts"

const isCheck = Schema.is(Check.CheckId)

const showDiagnosis = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const view = yield* context.diagnoses.view(me, yield* Http.idParam(c, Id.ConnectionId))
  return yield* sendMember(visit, diagnosisPage({ done: c.req.query("done"), me, now: yield* Http.now, view }))
})

const lookAgain = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const { connection } = yield* context.diagnoses.observe(me, yield* Http.idParam(c, Id.ConnectionId))
  return c.redirect(`/connections/${connection.id}/diagnosis?done=looked`, 303)
})

const answerCheck = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.ConnectionId)
  const form = yield* Http.readForm(c)
  const check = Http.one(form, "check")
  const holds = Http.one(form, "holds")
  if (!isCheck(check) || (holds !== "yes" && holds !== "no")) {
    return yield* new BadRequest({ detail: words.diagnosis.answerYesOrNo })
  }
  yield* context.diagnoses.answer(me, id, { check, holds: holds === "yes" })
  return c.redirect(`/connections/${id}/diagnosis?done=answered`, 303)
})

/** `/connections/{id}/diagnosis`. */
export const routes: Routes = [
  get("/connections/:id/diagnosis", asMember(showDiagnosis)),
  post("/connections/:id/diagnosis", asCaller(lookAgain)),
  post("/connections/:id/diagnosis/answers", asCaller(answerCheck))
]
