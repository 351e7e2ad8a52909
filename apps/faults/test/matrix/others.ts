/** Faults that are not produced here, each with the reason. */
import type { Driven } from "./Installation.ts"
import type { Fault } from "./Row.ts"

/** What this run cannot produce. */
export const otherFaults: ReadonlyArray<Fault<Driven>> = [
  {
    id: "F21",
    fault: "A receiver of webhooks is down for 30 hours",
    expected: "Dead letter, alarm, replay in order",
    notRun: "the product sends no webhooks yet"
  },
  {
    id: "F22",
    fault: "A receiver of webhooks is slow for one organization",
    expected: "Others are unaffected",
    notRun: "the product sends no webhooks yet"
  }
]
