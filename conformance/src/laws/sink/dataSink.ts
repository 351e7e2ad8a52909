import { degenerates, mutants } from "../../mutants/sink/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/sink/modelSubject.ts"
import { sink01, sink02, sink04 } from "./landing.ts"
import type { SinkInstance } from "./SinkInstance.ts"
import { sink03, sink05, sink06 } from "./together.ts"

/** The laws of where loaded rows land. */
export const dataSink: Port<SinkInstance> = {
  name: "data-sink",
  laws: [sink01, sink02, sink03, sink04, sink05, sink06],
  reference: modelSubject("model sink"),
  mutants,
  degenerates,
  refusals: {}
}
