import { degenerates, mutants } from "../../mutants/workers/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/workers/modelSubject.ts"
import { workers03 } from "./notices.ts"
import { workers01, workers02 } from "./signsOfLife.ts"
import type { WorkersInstance } from "./WorkersInstance.ts"

/** The laws of the store of workers. */
export const workers: Port<WorkersInstance> = {
  name: "workers",
  laws: [workers01, workers02, workers03],
  reference: modelSubject("model workers"),
  mutants,
  degenerates,
  refusals: {}
}
