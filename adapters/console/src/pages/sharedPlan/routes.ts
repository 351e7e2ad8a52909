/** The plan of a main account for people who have no sign-in here (flow F4): to read, to print, and nothing else. */
import type { Consolidations } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { words } from "../../messages/words.ts"
import { get, type Routes } from "../../page/handle.ts"
import { sendGuest } from "../../page/send.ts"
import type { Visit } from "../../page/visit.ts"
import { planEndPage, sharedPlanPage } from "./view.ts"

const sendPlan = (visit: Visit, plan: Consolidations.SharedPlan): Response => sendGuest(visit, sharedPlanPage({ plan }))

const sendEnd = (visit: Visit, reason: string, nextStep: string, status: 404 | 410): Response =>
  sendGuest(visit, planEndPage({ nextStep, reason, status }))

const showPlan = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  c.header("Referrer-Policy", "no-referrer")
  return yield* context.consolidations.shared(Redacted.make((c.req.param("token") ?? "").slice(0, 300))).pipe(
    Effect.map((plan) => sendPlan(visit, plan)),
    Effect.catchTag("NotFound", () =>
      Effect.succeed(sendEnd(visit, words.sharedPlan.addressIncomplete, words.sharedPlan.askForAddress, 404))
    ),
    Effect.catchTag("Refused", ({ detail, nextStep }) => Effect.succeed(sendEnd(visit, detail, nextStep, 410)))
  )
})

/** `/plan/{token}`: reading is all there is. */
export const routes: Routes = [get("/plan/:token", showPlan)]
