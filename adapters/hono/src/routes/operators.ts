/**
 * For the people who run the installation (rules W-R4, C15): what customers wait for, which advertisers let us in, and
 * to which organization each belongs. Sessions of people named as operators only; keys belong to an organization and
 * are not admitted.
 */
import { given, Id, Region } from "@portolan/domain"
import { Schema } from "effect"
import * as Query from "../Query.ts"
import { operatorRoute } from "../Route.ts"
import * as Advertiser from "../wire/Advertiser.ts"
import * as Incident from "../wire/Incident.ts"
import { page } from "../wire/Text.ts"
import { pageOf, PageQuery, pageQuery, Search, showPage } from "./shared.ts"

const at = "/v1/operator"
const tag = "Operators"
const AdvertiserParams = Schema.Struct({ advertiserId: Id.AdvertiserId })

const Filter = Schema.Struct({
  ...pageQuery,
  assigned: Schema.optionalKey(Query.flag("Only those that belong to an organization, or only others.")),
  region: Schema.optionalKey(Region.Known),
  state: Schema.optionalKey(Schema.Literals(["listed", "lost"]))
})

const states = { listed: ["Listed"], lost: ["Lost"] } as const

const filterOf = ({ assigned, region, state }: typeof Filter.Type) =>
  given({ assigned, region, states: state === undefined ? undefined : states[state] })

/** The routes. */
export const operators = [
  operatorRoute({
    method: "GET",
    path: `${at}/awaited`,
    operationId: "listAwaitedAdvertisers",
    tag,
    summary: "Lists the advertisers that customers wait for, the longest wait first",
    query: PageQuery,
    answer: page(Advertiser.Waiting),
    problems: ["invalid-cursor"],
    call: ({ directory }, { caller, query }) => directory.waiting(caller, pageOf(query)),
    show: showPage(Advertiser.waiting)
  }),
  operatorRoute({
    method: "GET",
    path: `${at}/advertisers`,
    operationId: "listDirectory",
    tag,
    summary: "Lists the advertisers that added this software as a partner, by name",
    query: Filter,
    answer: page(Advertiser.Entry),
    problems: ["invalid-cursor"],
    call: ({ directory }, { caller, query }) => directory.advertisers(caller, filterOf(query), pageOf(query)),
    show: showPage(Advertiser.entry)
  }),
  operatorRoute({
    method: "GET",
    path: `${at}/advertisers/{advertiserId}`,
    operationId: "getDirectoryEntry",
    tag,
    summary: "Reads one advertiser",
    params: AdvertiserParams,
    answer: Advertiser.Entry,
    call: ({ directory }, { caller, params }) => directory.advertiser(caller, params.advertiserId),
    show: Advertiser.entry
  }),
  operatorRoute({
    method: "POST",
    path: `${at}/advertisers/{advertiserId}/assign`,
    operationId: "assignAdvertiser",
    tag,
    summary: "Assigns an advertiser to an organization",
    description: "Only its members see the advertiser. An advertiser of another organization must be unassigned first.",
    params: AdvertiserParams,
    body: Advertiser.Assign,
    answer: Advertiser.Entry,
    problems: ["profile-held", "not-possible-now", "changed-meanwhile"],
    call: ({ directory }, { body, caller, params }) =>
      directory.assign(caller, params.advertiserId, body.organizationId),
    show: Advertiser.entry
  }),
  operatorRoute({
    method: "POST",
    path: `${at}/advertisers/{advertiserId}/unassign`,
    operationId: "unassignAdvertiser",
    tag,
    summary: "Takes an advertiser back from its organization",
    description: "A connection that is linked to it is disconnected.",
    params: AdvertiserParams,
    answer: Advertiser.Entry,
    problems: ["changed-meanwhile"],
    call: ({ directory }, { caller, params }) => directory.unassign(caller, params.advertiserId),
    show: Advertiser.entry
  }),
  operatorRoute({
    method: "GET",
    path: `${at}/incidents`,
    operationId: "listIncidents",
    tag,
    summary: "Lists trouble at providers that many share, what is going on first",
    description: "No customer has to act on it: connections keep their state, and work waits until it is over.",
    answer: Incident.Answers,
    call: ({ incidents }, { caller }) => incidents.list(caller),
    show: (all) => ({ items: all.flatMap(Incident.of) })
  }),
  operatorRoute({
    method: "POST",
    path: `${at}/incidents/{incidentId}/close`,
    operationId: "closeIncident",
    tag,
    summary: "Closes an incident by hand",
    description: "It opens again when the trouble is met again.",
    params: Schema.Struct({ incidentId: Id.IncidentId }),
    answer: Incident.Answers,
    problems: ["changed-meanwhile"],
    call: ({ incidents }, { caller, params }) => incidents.close(caller, params.incidentId),
    show: (closed) => ({ items: Incident.of(closed) })
  }),
  operatorRoute({
    method: "GET",
    path: `${at}/organizations`,
    operationId: "listTenants",
    tag,
    summary: "Lists organizations by name",
    query: Schema.Struct({ ...pageQuery, search: Schema.optionalKey(Search) }),
    answer: page(Advertiser.Tenant),
    problems: ["invalid-cursor"],
    call: ({ directory }, { caller, query }) => directory.organizations(caller, query.search, pageOf(query)),
    show: showPage(Advertiser.tenant)
  }),
  operatorRoute({
    method: "POST",
    path: `${at}/look`,
    operationId: "lookForAdvertisers",
    tag,
    summary: "Asks the provider now for its advertisers",
    description: "This also happens by itself every 15 minutes.",
    body: Advertiser.Look,
    answer: Advertiser.LookResult,
    problems: ["channel-unavailable", "application-rejected", "provider-unavailable", "changed-meanwhile"],
    call: ({ directory }, { body, caller }) => directory.look(caller, body.region),
    show: (advertisers) => ({ advertisers })
  })
]
