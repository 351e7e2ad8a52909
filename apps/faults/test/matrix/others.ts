/** Faults that are not produced here, each with the reason. */
import type { Driven } from "./Installation.ts"
import type { Fault } from "./Row.ts"

/** What this run cannot produce. */
export const otherFaults: ReadonlyArray<Fault<Driven>> = [
  {
    id: "F19",
    fault: "The database fails over in the middle of a transaction",
    expected: "No half state; the job runs again",
    notRun: "`npm run chaos` cuts and restarts the database under load, and counts what is lost or doubled"
  },
  {
    id: "F20",
    fault: "The master key is turned under load",
    expected: "No failed read; finishes after a restart",
    notRun: "`npm run keys -- drill` changes it under readers, kills who seals anew, and counts failed reads"
  },
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
  },
  {
    id: "F28",
    fault: "10,000 grants fall due in the same minute",
    expected: "Spread; the refresh is never later than the margin",
    notRun: "no refresh is scheduled: a token is refreshed when it is used, five minutes before its end at the latest"
  },
  {
    id: "F29",
    fault: "A renewal starts inside Seller Central",
    expected: "Matched by selling partner id, treated as a reconnect",
    notRun: "a callback without a state of ours is answered as unknown; the simulated provider does not start renewals"
  }
]
