/**
 * Preconditions at a provider, as checks with answers that programs can read (rules C9, S-R5, P-R2, P-R3, P-R10, W-R1,
 * W-R2). Facts that were fetched answer a check, and where the provider does not tell, a person does. Facts beat
 * answers: a person may remember the card as valid, the provider knows that it was refused.
 *
 * `Requirements` lists the checks before somebody leaves for the provider, `Diagnosis` reads them when an account is
 * missing or limited.
 */
export { CheckId } from "./CheckId.ts"
export { Answer, Answers, type Assumptions, assumed, Facts } from "./check/facts.ts"
export { type Check, firstLook, get, ofChannel } from "./check/checks.ts"
export { type CheckState, examine, type Finding, judge } from "./check/examine.ts"
