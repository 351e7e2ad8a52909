/**
 * How often the main writes wait for a store, and what they ask it. Reads that do not depend on each other are one
 * wait, nothing is read that the change itself says, and each of them commits once; a callback twice.
 */
import { expect, it } from "@effect/vitest"
import { ProviderScript } from "@portolan/memory"
import { Companies, Connecting, JobHandlers, PendingAuthorizations, type Scheduler } from "@portolan/ports"
import { Effect } from "effect"
import { Reads, reading, worldWithReads } from "./support/reads.ts"
import { waiting } from "./support/work.ts"
import { account, adsKey, caller, sees, settle } from "./support/world.ts"

const by = caller()
const key = adsKey("2973802954634317")

/** What a verb may ask: waits for a store, and calls by port. */
const budgets = {
  addCompany: { waits: 2, calls: { repository: 1, unitOfWork: 2 } },
  addCompanyAgain: { waits: 3, calls: { repository: 3, unitOfWork: 1 } },
  authenticateNow: { waits: 3, calls: { repository: 3, unitOfWork: 2 } },
  callback: { waits: 5, calls: { repository: 4, unitOfWork: 2, vault: 1 } },
  choose: { waits: 3, calls: { repository: 5, unitOfWork: 1 } },
  planBackfill: { waits: 5, calls: { repository: 4, unitOfWork: 1 } },
  window: { waits: 8, calls: { repository: 7, sink: 1, unitOfWork: 1, vault: 1 } }
}

const within = <A, E, R>(name: keyof typeof budgets, effect: Effect.Effect<A, E, R>) =>
  Effect.map(reading(effect), ({ calls, result, waits }) => {
    expect({ [name]: { waits, calls } }).toEqual({ [name]: budgets[name] })
    return result
  })

const handled = Effect.fnUntraced(function* (due: Scheduler.Due | undefined) {
  const { handle } = yield* JobHandlers.JobHandlers
  return due === undefined ? yield* Effect.die("no such job waits") : yield* handle(due)
})

it.effect("the way of one customer, from a company to the first data, waits as often as its budget says", () =>
  Effect.gen(function* () {
    const { add } = yield* Companies.Companies
    const { authenticateNow, receive } = yield* Connecting.Connecting
    const { select } = yield* PendingAuthorizations.PendingAuthorizations
    const script = yield* ProviderScript.ProviderScript

    // The services look for incidents when they start.
    yield* settle
    const again = { key: "one", fingerprint: "one" }
    const asked = { name: "Harbour Goods", brand: "Harbour" }
    const added = yield* within("addCompany", add(by, asked, again))
    expect((yield* within("addCompanyAgain", add(by, asked, again))).company).toEqual(added.company)

    const { ads } = yield* account(by)
    const started = yield* within(
      "authenticateNow",
      authenticateNow(by, ads.id, { idempotencyKey: { key: "two", fingerprint: "two" } })
    )
    yield* script.consents("code", sees("ada", ProviderScript.candidate(key)))
    const query = new URLSearchParams({ code: "code", state: started.url.searchParams.get("state") ?? "" })
    yield* within("callback", receive("amazon-ads", query, started.browser))
    yield* within("choose", select(by, started.authorizationId, { key, confirmed: false }))

    const [plan] = yield* waiting("PlanBackfill")
    expect(yield* within("planBackfill", handled(plan))).toEqual({ _tag: "Done" })
    const [window] = yield* waiting("LoadWindow")
    expect(yield* within("window", handled(window))).toEqual({ _tag: "Done" })
  }).pipe(Effect.provide(worldWithReads))
)

it.effect("what is asked at one time is one wait, and what follows is another", () =>
  Effect.gen(function* () {
    const { reset, waits } = yield* Reads
    const { list } = yield* Companies.Companies
    const one = list(by, {}, { limit: 1 })
    yield* settle
    reset()
    yield* Effect.all([one, one, one], { concurrency: "unbounded" })
    expect(waits()).toBe(1)
    yield* Effect.all([one, one, one])
    expect(waits()).toBe(4)
  }).pipe(Effect.provide(worldWithReads))
)
