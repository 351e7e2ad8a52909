/**
 * Removes rows that are of no use any more, by the rules below. A batch is one statement of the function
 * `portolan.forget`, which takes the rows of all organizations, and holds no lock for longer than that.
 */
import { Retention } from "@portolan/ports"
import { Duration, Effect, Layer } from "effect"
import { sql } from "kysely"
import { Store } from "./Store.ts"
import { statement } from "./store/statement.ts"

/** What is kept for how long, and why no longer. Dead letters stay until an operator has seen to them. */
export const rules: ReadonlyArray<Retention.Rule> = [
  {
    name: "done-jobs",
    age: Duration.days(7),
    reason: "A job that is done is done for good: a change that would complete it once more finds it gone either way."
  },
  {
    name: "idempotency-keys",
    age: Duration.days(2),
    reason: "Callers repeat a request whose answer was lost within minutes; a day is promised."
  },
  {
    name: "kept-mails",
    age: Duration.days(90),
    reason: "Mails that are kept instead of sent hold links, all of which have ended by then."
  }
]

/** Rows that one statement removes, at most. */
export const batch = 1_000

/** Batches that one call removes of each kind, at most: the next call goes on. */
const batchesPerCall = 100

const forgetBatch = (store: Store["Service"], { age, name }: Retention.Rule) =>
  Effect.map(
    statement(
      store,
      "removing what is of no use any more",
      sql<{ readonly removed: number | null }>`select portolan.forget(${name},
        make_interval(secs => ${Duration.toSeconds(age)}::double precision), ${batch}::integer) as removed`
    ),
    ([row]) => row?.removed ?? 0
  )

const forgetByRule = (store: Store["Service"]) => (rule: Retention.Rule) =>
  Effect.gen(function* () {
    let rows = 0
    for (let round = 0; round < batchesPerCall; round++) {
      const removed = yield* forgetBatch(store, rule)
      rows += removed
      if (removed < batch) break
    }
    return { rule: rule.name, rows }
  })

/** Over `Store`. */
export const layer: Layer.Layer<Retention.Retention, never, Store> = Layer.effect(
  Retention.Retention,
  Effect.map(Store, (store) => Retention.Retention.of({ rules, forget: Effect.forEach(rules, forgetByRule(store)) }))
)
