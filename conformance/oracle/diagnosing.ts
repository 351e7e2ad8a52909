/**
 * Why an account is missing (rules S-R5, P-R2, P-R3, C9): six checks in their order, answered by what was fetched and
 * else by people. Who has never signed in with the button is reported that first, because nothing else was looked at.
 */
import type { Check, CheckId } from "@portolan/domain"
import { ada, hour, type Oracle, type World } from "./Oracle.ts"

const order = [
  "campaign-exists",
  "payment-valid",
  "campaign-editable",
  "ad-group-editable",
  "marketplace-enabled",
  "login-used"
] as const satisfies ReadonlyArray<CheckId.CheckId>

const maybe = <const A>(world: World, ...values: readonly [A, ...ReadonlyArray<A>]): A | undefined =>
  world.chance(45) ? undefined : world.pick(...values)

const factsOf = (world: World) => ({
  campaigns: maybe<number | boolean>(world, 0, 3, true, false),
  profileVisible: maybe(world, true, true, false),
  permission: maybe(world, "edit", "edit", "view"),
  adGroupPermission: maybe(world, "edit", "view"),
  paymentValid: maybe(world, true, true, false),
  advertisingConsent: maybe(world, true, true, false),
  marketplaceEnabled: maybe(world, true, true, false)
})
type Fetched = ReturnType<typeof factsOf>

/** What was fetched says that it does not hold. */
const fails: { readonly [C in (typeof order)[number]]: (facts: Fetched) => boolean } = {
  "campaign-exists": ({ campaigns }) => campaigns === 0 || campaigns === false,
  "payment-valid": ({ paymentValid }) => paymentValid === false,
  "campaign-editable": ({ permission }) => permission === "view",
  "ad-group-editable": ({ adGroupPermission, permission }) => adGroupPermission === "view" || permission === "view",
  "marketplace-enabled": ({ marketplaceEnabled }) => marketplaceEnabled === false,
  "login-used": ({ advertisingConsent }) => advertisingConsent === false
}

/** What was fetched says that it holds. */
const holds: { readonly [C in (typeof order)[number]]: (facts: Fetched) => boolean } = {
  "campaign-exists": ({ campaigns }) => campaigns === 3 || campaigns === true,
  "payment-valid": ({ paymentValid }) => paymentValid === true,
  "campaign-editable": ({ permission }) => permission === "edit",
  "ad-group-editable": ({ adGroupPermission, permission }) => adGroupPermission === "edit" || permission === "edit",
  "marketplace-enabled": ({ marketplaceEnabled }) => marketplaceEnabled === true,
  "login-used": ({ advertisingConsent }) => advertisingConsent === true
}

/** Sets of facts and answers. */
export const diagnosing: Oracle = {
  name: "diagnosing",
  run: (world) => {
    for (let cell = 0; cell < 20; cell++) {
      const facts = factsOf(world)
      const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Check.Facts
      const answered = order.filter(() => world.chance(25))
      const answers = Object.fromEntries(
        answered.map((check) => [check, { holds: world.chance(50), by: ada, at: hour(0) }])
      ) as Check.Answers
      world.record({ facts, answers })
      const { checks, headline, mustAct, nextStep, verdict } = world.subject.diagnose(given, answers)
      world.same(
        "S-R5: six checks in their order",
        order,
        checks.map((one) => one.id)
      )
      const failed = order.filter((check) => {
        if (fails[check](facts)) return true
        return !holds[check](facts) && answers[check]?.holds === false
      })
      const seen = checks.filter((one) => one.state === "failed").map((one) => one.id)
      world.same("S-R5: which of them fail, facts before answers", failed, seen)
      const first = failed.includes("login-used") ? "login-used" : failed[0]
      world.same("S-R5: the first cause is named, the sign-in before all", first, headline?.id)
      for (const check of checks) {
        const isKnown = holds[check.id as (typeof order)[number]](facts)
        if (failed.includes(check.id as never)) continue
        const passes = isKnown || answers[check.id]?.holds === true
        world.same(`C9: ${check.id} passes when it is known to hold`, passes, check.state === "passed")
      }
      const isWrong = failed.length > 0 || facts.profileVisible === false
      world.same("C9: something is wrong", isWrong, verdict === "failing")
      const isWell = !isWrong && checks.every((one) => one.state === "passed")
      world.same("C9: all is well when all pass", isWell, verdict === "well")
      if (isWrong) world.same("C9: somebody must act on what is wrong", false, mustAct === "nobody")
      if (isWell) world.same("C9: nobody must act when all is well", "nobody", mustAct)
      world.same("C9: it says what to do", true, nextStep !== "")
    }
  }
}
