/** What is counted of access tokens. */
import type { Counter } from "../shared/counting.ts"

/**
 * Reads of access tokens, by outcome. `for`: `software` that calls the provider itself, or our own `work`. A read that
 * work does for a token of software is counted once, as `software`.
 */
export const tokenReads: Counter = {
  name: "portolan_token_reads_total",
  description: "Reads of access tokens by outcome; ok, or the class of the failure."
}
