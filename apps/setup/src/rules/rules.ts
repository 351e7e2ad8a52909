/**
 * Every rule of the five flows and of what holds across them, with the tests that would fail if it were broken or the
 * reason why it is out of scope. `rules.test.ts` holds the table to the tests that exist.
 */
import { acrossFlows } from "./acrossFlows.ts"
import { f1 } from "./F1.ts"
import { f2 } from "./F2.ts"
import { f3 } from "./F3.ts"
import { f4 } from "./F4.ts"
import { f5 } from "./F5.ts"
import type { Rule } from "./Rule.ts"

/** The table. */
export const rules: ReadonlyArray<Rule> = [...f1, ...f2, ...f3, ...f4, ...f5, ...acrossFlows]
