import { f1 } from "./F1.ts"
import { f2 } from "./F2.ts"
import { f3 } from "./F3.ts"
import { f4 } from "./F4.ts"
import { f5 } from "./F5.ts"
import type { Mission } from "./Flow.ts"

/**
 * The flows in their order. Each brings its own organization or company, and connects profiles that no other one
 * connects.
 */
export const missions: ReadonlyArray<Mission> = [f1, f2, f3, f4, f5]
