/** What late data add to the status of a connection, so that one verdict says how it is (flow F6). */
import * as Freshness from "../connections/Freshness.ts"
import { type Message, say } from "../messages/Messages.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as DataClass from "../providers/DataClass.ts"
import type { ConnectionStatement } from "./connections.ts"

const nextStep = ({ blockedBy, state }: Freshness.ClassFreshness) => {
  if (blockedBy.length > 0) return say("evidence.try-again")
  return say(state === "late" ? "evidence.late-by-itself" : "evidence.support-looks")
}

const reasonOf = (
  reason: Message,
  { dataClass: name, dataUpTo, isLoadLate, lateSince }: Freshness.ClassFreshness,
  catalogue: Catalogue
): Message => {
  const facts = { reason, dataClass: DataClass.label(name, catalogue) }
  if (lateSince === undefined) return say("evidence.data-waits", facts)
  if (dataUpTo !== undefined && isLoadLate) return say("evidence.load-late", facts)
  return dataUpTo === undefined
    ? say("evidence.no-data-yet", facts)
    : say("evidence.data-late", { ...facts, day: dataUpTo })
}

/**
 * The status with what is late: the worst class is named, with who must act. A connection that does not work, or for
 * which somebody has to act already, says that first.
 */
export const withFreshness = (
  own: ConnectionStatement,
  classes: ReadonlyArray<Freshness.ClassFreshness>,
  catalogue: Catalogue = standard
): ConnectionStatement => {
  const worst = Freshness.worst(classes)
  if (worst === undefined || own.status !== "connected" || own.mustAct !== "nobody") return own
  return {
    ...own,
    health: worst.state === "late" ? "late" : "stalled",
    label: say(worst.state === "late" ? "status.data-late" : "status.data-stalled"),
    reason: reasonOf(own.reason, worst, catalogue),
    mustAct: worst.mustAct,
    nextStep: nextStep(worst)
  }
}
