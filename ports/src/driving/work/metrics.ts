/** What is counted of background work. */
import type { Counter } from "../shared/counting.ts"

/** Jobs that were handed to their handler, by task and what came of it. */
export const jobs: Counter = {
  name: "portolan_jobs_total",
  description: "Jobs handed out, by task and outcome: done, retried later, failed, or a dead letter."
}
