import { degenerates, mutants } from "../../mutants/scheduler/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/scheduler/modelSubject.ts"
import { sched13, sched14 } from "./deadLetters.ts"
import { sched01, sched02, sched08, sched17 } from "./handing.ts"
import { sched33 } from "./numbers.ts"
import { sched12, sched29, sched31 } from "./outcomes.ts"
import type { SchedulerInstance } from "./SchedulerInstance.ts"
import { sched15, sched23, sched24, sched28 } from "./workers.ts"

/** The laws of what hands out jobs. */
export const scheduler: Port<SchedulerInstance> = {
  name: "scheduler",
  laws: [
    sched01,
    sched02,
    sched08,
    sched12,
    sched13,
    sched14,
    sched15,
    sched17,
    sched23,
    sched24,
    sched28,
    sched29,
    sched31,
    sched33
  ],
  reference: modelSubject("model scheduler"),
  mutants,
  degenerates,
  refusals: {}
}
