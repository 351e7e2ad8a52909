/** Trouble that many share, on the wire; for the people who run the installation. */
import { given, Channel, Id, Incident, Region } from "@portolan/domain"
import type { Incidents } from "@portolan/ports"
import { Schema } from "effect"
import { Instant, instant } from "./Text.ts"

/** An incident, open or over. */
export const Answer = Schema.Struct({
  id: Id.IncidentId,
  kind: Incident.Kind,
  channel: Channel.Channel,
  region: Schema.optionalKey(Region.Region),
  title: Schema.String,
  state: Schema.Literals(["open", "over"]),
  mustAct: Schema.Literals(["operator", "provider"]),
  nextStep: Schema.String,
  since: Instant,
  closedAt: Schema.optionalKey(Instant),
  end: Schema.optionalKey(Incident.End),
  accounts: Schema.Int.annotate({ description: "Accounts that are linked where it is." }),
  organizations: Schema.Int,
  grantsRefused: Schema.Int.annotate({ description: "Consents that were seen to be refused; at least so many are." }),
  detail: Schema.String.annotate({ description: "The provider's last words, free of secrets." })
}).annotate({ identifier: "Incident", description: "Trouble at a provider that many share; no customer has to act." })

/** Incidents, what is going on first. */
export const Answers = Schema.Struct({ items: Schema.Array(Answer) })

/** Writes an incident. One that never opened is none. */
export const of = ({ behind, incident }: Incidents.IncidentView): ReadonlyArray<typeof Answer.Type> => {
  const episode = incident._tag === "Open" ? incident : incident.last
  if (episode === undefined) return []
  const { channel, id, kind, region } = incident
  return [
    {
      ...given({ id, kind, channel, region }),
      title: Incident.title(incident),
      state: incident._tag === "Open" ? "open" : "over",
      mustAct: Incident.mustAct(incident),
      nextStep: Incident.explain(incident),
      since: instant(episode.openedAt),
      ...("closedAt" in episode ? { closedAt: instant(episode.closedAt), end: episode.end } : {}),
      ...behind,
      grantsRefused: episode.grants,
      detail: episode.detail
    }
  ]
}
