import { degenerates, mutants } from "../../mutants/notifier/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/notifier/modelSubject.ts"
import type { NotifierInstance } from "./NotifierInstance.ts"
import { notif01, notif03 } from "./notices.ts"

/** The laws of what tells people. */
export const notifier: Port<NotifierInstance> = {
  name: "notifier",
  laws: [notif01, notif03],
  reference: modelSubject("model notifier"),
  mutants,
  degenerates,
  refusals: {}
}
