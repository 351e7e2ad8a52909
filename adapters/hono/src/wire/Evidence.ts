/** What a status rests on, on the wire. */
import type { Evidence } from "@portolan/domain"
import { Schema } from "effect"
import { Instant, instant, MustAct } from "./Text.ts"

/** The plain words on top of the finer model. */
export const Status = Schema.Literals([
  "not-connected",
  "awaiting-selection",
  "awaiting-access",
  "connected",
  "limited",
  "paused",
  "reauthorization-needed",
  "disconnected",
  "withdrawn"
])

/** A status with its reason, who must act, and when the provider last confirmed it. */
export const Answer = Schema.Struct({
  status: Status,
  label: Schema.String,
  reason: Schema.String,
  mustAct: MustAct,
  nextStep: Schema.String,
  /** Its data are late, or stand still until somebody acts; left out when they are not. */
  health: Schema.optionalKey(Schema.Literals(["late", "stalled"])),
  provenAt: Schema.optionalKey(Instant),
  since: Schema.optionalKey(Instant)
}).annotate({
  identifier: "Evidence",
  description: "A status, its reason, who must act and how, and when it was last verified."
})

/** How something stands, for the person who waits for it. */
export const Outcome = Schema.Struct({
  label: Schema.String,
  reason: Schema.String,
  mustAct: MustAct,
  nextStep: Schema.String
}).annotate({ identifier: "Outcome", description: "Its status or its end, the reason, and who must act and how." })

/** Writes a status. */
export const of = ({
  health,
  label,
  mustAct,
  nextStep,
  provenAt,
  reason,
  since,
  status
}: Evidence.Evidence): typeof Answer.Type => ({
  status,
  label,
  reason,
  mustAct,
  nextStep,
  ...(health === undefined ? {} : { health }),
  ...(provenAt === undefined ? {} : { provenAt: instant(provenAt) }),
  ...(since === undefined ? {} : { since: instant(since) })
})

/** Writes an outcome. */
export const outcome = ({ label, mustAct, nextStep, reason }: Evidence.Outcome): typeof Outcome.Type => ({
  label,
  reason,
  mustAct,
  nextStep
})
