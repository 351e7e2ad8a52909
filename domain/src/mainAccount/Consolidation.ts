/**
 * Many provider accounts under one main login (flow F4, rules S-R1 to S-R7), as the provider's own console has them:
 * each account has one administrator, every other login that sees it is a secondary user, and only the administrator
 * lets a secondary user in. Nothing here changes anything at a provider. The machine records what people say they did
 * there, and what a login was really seen to reach; `ConsolidationPlan` says what is still to be done, and by whom.
 *
 * One consolidation a company. An account has at most one administrator, because the administrator is a field of the
 * account and not a row among the accesses; it has none until somebody names one.
 */
import { fold } from "../kernel/Machine.ts"
import { evolve } from "./consolidation/evolve.ts"

export { type Command, Event, type Open, State, initial, limits } from "./consolidation/state.ts"
export { decide } from "./consolidation/decide.ts"
export { evolve } from "./consolidation/evolve.ts"

/** Folds a history. */
export const replay = fold(evolve)
