/** The facts of the events of incidents, as the API shows them to those who run the installation. */
import { given, type Incident } from "@portolan/domain"
import type { Schema } from "effect"

type Event = Incident.Event
type Facts = { readonly [fact: string]: Schema.Json }

/** One row for each event of an incident. */
export const incidents: {
  readonly [T in Event["_tag"]]: (event: Extract<Event, { readonly _tag: T }>) => Facts
} = {
  RefusalsSeen: ({ channel, kind, region, sightings }) => ({
    kind,
    channel,
    ...given({ region }),
    count: sightings.length
  }),
  IncidentOpened: ({ channel, detail, grants, kind, organizations, region }) => ({
    kind,
    channel,
    ...given({ region }),
    grants,
    organizations,
    detail
  }),
  IncidentGrew: ({ detail, grants, organizations }) => ({ grants, organizations, detail }),
  IncidentSeen: ({ detail }) => ({ detail }),
  IncidentNotified: ({ about }) => ({ about }),
  IncidentClosed: ({ end }) => ({ end })
}
