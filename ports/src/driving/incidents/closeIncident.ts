import { type Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import { change, on } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { withLinked } from "./listIncidents.ts"

/** Closes an incident by hand; it opens again when the trouble is met again. */
export const close = Effect.fn("Incidents.close")(function* (
  deps: ChangeDeps,
  { actor }: Access.Operator,
  id: Id.IncidentId
) {
  const [incident] = yield* change(deps, { organizationId: Id.installation, actor }, [
    on("incident", id, (at) => ({ _tag: "Close", at, by: actor }))
  ])
  return yield* withLinked(deps, incident)
})
