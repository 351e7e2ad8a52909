/**
 * For the people who run the installation (rules W-R4, C15): what customers wait for, which advertisers let us in, and to which
 * organization each belongs. Sessions of people named as operators only; keys belong to an organization and are not admitted.
 */
import { Id, Region } from "@portolan/domain"
import { Directory } from "@portolan/ports"
import { DateTime, Effect, Schema } from "effect"
import { operatorRoute } from "../Route.ts"
import * as Advertiser from "../wire/Advertiser.ts"
import { page } from "../wire/Text.ts"
import { pageOf, PageQuery, pageQuery, Search, written } from "./parts.ts"

const at = "/v1/operator"
const tag = "Operators"
const AdvertiserParams = Schema.Struct({ advertiserId: Id.AdvertiserId })

const Filter = Schema.Struct({
  ...pageQuery,
  assigned: Schema.optionalKey(
    Schema.Literals(["true", "false"]).annotate({
      description: "Only those that belong to an organization, or only others."
    })
  ),
  region: Schema.optionalKey(Region.Known),
  state: Schema.optionalKey(Schema.Literals(["listed", "lost"]))
})

const filterOf = ({ assigned, region, state }: typeof Filter.Type) => ({
  ...(assigned === undefined ? {} : { assigned: assigned === "true" }),
  ...(region === undefined ? {} : { region }),
  ...(state === undefined ? {} : { states: [state === "listed" ? "Listed" : "Lost"] as const })
})

/** The routes. */
export const operators = [
  operatorRoute({
    method: "GET",
    path: `${at}/awaited`,
    operationId: "listAwaitedAdvertisers",
    tag,
    summary: "Lists what customers wait for, the longest waiting first",
    query: PageQuery,
    answer: page(Advertiser.Waiting),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { waiting } = yield* Directory.Directory
        const now = yield* DateTime.now
        return { body: written(yield* waiting(caller, pageOf(query)), Advertiser.waiting(now)) }
      })
  }),
  operatorRoute({
    method: "GET",
    path: `${at}/advertisers`,
    operationId: "listDirectory",
    tag,
    summary: "Lists the advertisers that let us in, by name",
    query: Filter,
    answer: page(Advertiser.Entry),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { advertisers } = yield* Directory.Directory
        return { body: written(yield* advertisers(caller, filterOf(query), pageOf(query)), Advertiser.entry) }
      })
  }),
  operatorRoute({
    method: "GET",
    path: `${at}/advertisers/{advertiserId}`,
    operationId: "getDirectoryEntry",
    tag,
    summary: "Reads one advertiser",
    params: AdvertiserParams,
    answer: Advertiser.Entry,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { advertiser } = yield* Directory.Directory
        return { body: Advertiser.entry(yield* advertiser(caller, params.advertiserId)) }
      })
  }),
  operatorRoute({
    method: "POST",
    path: `${at}/advertisers/{advertiserId}/assign`,
    operationId: "assignAdvertiser",
    tag,
    summary: "Says to which organization an advertiser belongs",
    description:
      "Its people see it from then on, and nobody else does. One that belongs to another organization has to be taken back first.",
    params: AdvertiserParams,
    body: Advertiser.Assign,
    answer: Advertiser.Entry,
    problems: ["profile-held", "not-possible-now", "changed-meanwhile"],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { assign } = yield* Directory.Directory
        return { body: Advertiser.entry(yield* assign(caller, params.advertiserId, body.organizationId)) }
      })
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
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { unassign } = yield* Directory.Directory
        return { body: Advertiser.entry(yield* unassign(caller, params.advertiserId)) }
      })
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
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { organizations } = yield* Directory.Directory
        return { body: written(yield* organizations(caller, query.search, pageOf(query)), Advertiser.tenant) }
      })
  }),
  operatorRoute({
    method: "POST",
    path: `${at}/look`,
    operationId: "lookForAdvertisers",
    tag,
    summary: "Asks the provider now which advertisers let us in",
    description: "It is asked every 15 minutes by itself.",
    body: Advertiser.Look,
    answer: Advertiser.Seen,
    problems: ["channel-unavailable", "application-rejected", "provider-unavailable", "changed-meanwhile"],
    handle: ({ body, caller }) =>
      Effect.gen(function* () {
        const { look } = yield* Directory.Directory
        return { body: { advertisers: yield* look(caller, body.region) } }
      })
  })
]
