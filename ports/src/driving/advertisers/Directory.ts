/**
 * The operators' conversation (flow F3, step 2; rule C15): which advertisers let us in, to which organization each belongs, and
 * what customers wait for. An advertiser belongs to one organization at a time, and no other one hears of it.
 */
import {
  type Access,
  Advertiser,
  type Awaited,
  Catalogue,
  Id,
  type Organization,
  type Refused,
  Region
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import {
  Repository,
  type InvalidCursor,
  type NotFound,
  type Page,
  type PageRequest,
  pageLimit
} from "../../driven/Repository.ts"
import { Deployment, offers } from "../../driven/Deployment.ts"
import { ProviderApi } from "../../driven/ProviderApi.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import { type CommitError, UnitOfWork } from "../../driven/UnitOfWork.ts"
import { decide, makeCommit, onConflictAgain } from "../shared/change.ts"
import { makeDiscovery } from "./discovery.ts"

/** The regions where advertisers are looked for. */
export const regions = (catalogue: Catalogue.Catalogue = Catalogue.standard): ReadonlyArray<Region.Region> =>
  Region.searched(catalogue)

/** Something a customer waits for, with the advertisers that may be meant. */
export interface Waiting {
  readonly awaited: Awaited.Present
  /** Listed, assigned to nobody, and alike in name or number. A hint: names are not unique. */
  readonly mayBe: ReadonlyArray<Advertiser.Present>
}

/** Shows and assigns advertisers. */
export class Directory extends Context.Service<
  Directory,
  {
    /** The directory, by name. */
    readonly advertisers: (
      operator: Access.Operator,
      filter: Parameters<Repository["Service"]["advertisers"]>[0],
      page: PageRequest
    ) => Effect.Effect<Page<Advertiser.Present>, InvalidCursor | StoreUnavailable>

    /** Reads one entry of the directory. */
    readonly advertiser: (
      operator: Access.Operator,
      id: Id.AdvertiserId
    ) => Effect.Effect<Advertiser.Present, NotFound | StoreUnavailable>

    /** What customers wait for, the longest waiting first. */
    readonly waiting: (
      operator: Access.Operator,
      page: PageRequest
    ) => Effect.Effect<Page<Waiting>, InvalidCursor | StoreUnavailable>

    /** Every organization whose name contains `search`. */
    readonly organizations: (
      operator: Access.Operator,
      search: string | undefined,
      page: PageRequest
    ) => Effect.Effect<Page<Organization.Open>, InvalidCursor | StoreUnavailable>

    /** Reads one organization, so that a confirmation can name it. */
    readonly organization: (
      operator: Access.Operator,
      id: Id.OrganizationId
    ) => Effect.Effect<Organization.Open, NotFound | StoreUnavailable>

    /** Says to which organization an advertiser belongs; its members and support are told. */
    readonly assign: (
      operator: Access.Operator,
      advertiserId: Id.AdvertiserId,
      organizationId: Id.OrganizationId
    ) => Effect.Effect<Advertiser.Present, Refused.Refused | NotFound | CommitError>

    /** Takes an advertiser back from an organization; a connection that lives on it loses its access. */
    readonly unassign: (
      operator: Access.Operator,
      advertiserId: Id.AdvertiserId
    ) => Effect.Effect<Advertiser.Present, Refused.Refused | NotFound | CommitError>

    /** Asks the provider now instead of waiting for the next look. Says how many advertisers it lists. */
    readonly look: (
      operator: Access.Operator,
      region: Region.Region
    ) => Effect.Effect<
      number,
      Effect.Error<ReturnType<ProviderApi["Service"]["advertisers"]>> | Refused.Refused | NotFound | CommitError
    >

    /** Sees to it that advertisers are looked for every 15 minutes; to be called whenever the installation starts (rule W-R5). */
    readonly begin: Effect.Effect<void, CommitError>
  }
>()("@portolan/ports/driving/Directory") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Directory,
    Effect.gen(function* () {
      const catalogue = yield* CurrentCatalogue
      const store = yield* Repository
      const secrets = yield* Secrets
      const unitOfWork = yield* UnitOfWork
      const deployment = yield* Deployment
      const commit = yield* makeCommit
      const discovery = yield* makeDiscovery
      const { installation } = Id

      const change = (
        { actor }: Access.Operator,
        id: Id.AdvertiserId,
        command: (at: DateTime.Utc) => Effect.Effect<Advertiser.Command, NotFound | StoreUnavailable>
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const read = yield* store.find("advertiser", installation, id)
            const at = yield* DateTime.now
            const decided = yield* Effect.fromResult(decide("advertiser", id, read, yield* command(at)))
            yield* commit({ organizationId: installation, actor, at }, [decided])
            return decided.next._tag === "Absent" ? read.state : decided.next
          })
        )

      return Directory.of({
        advertisers: Effect.fn("Directory.advertisers")((_, filter, page) => store.advertisers(filter, page)),

        advertiser: Effect.fn("Directory.advertiser")((_, id) =>
          Effect.map(store.find("advertiser", installation, id), ({ state }) => state)
        ),

        waiting: Effect.fn("Directory.waiting")(function* (_, page) {
          const found = yield* store.awaited({ states: ["Waiting"] }, page)
          const { items: free } = yield* store.advertisers(
            { assigned: false, states: ["Listed"] },
            { limit: pageLimit }
          )
          return {
            ...found,
            items: found.items.map((awaited): Waiting => ({
              awaited,
              mayBe: free.filter(
                ({ advertiser }) =>
                  advertiser.key.marketplaceId === awaited.marketplaceId &&
                  Advertiser.mayBe(advertiser, awaited.advertiser)
              )
            }))
          }
        }),

        organizations: Effect.fn("Directory.organizations")((_, search, page) => store.organizations(search, page)),

        organization: Effect.fn("Directory.organization")((_, id) =>
          Effect.map(store.find("organization", id, id), ({ state }) => state)
        ),

        assign: Effect.fn("Directory.assign")((operator, id, tenantId) =>
          change(operator, id, (at) =>
            Effect.map(store.find("organization", tenantId, tenantId), ({ state: tenant }) => ({
              _tag: "Assign",
              assignment: { tenantId, tenantName: tenant.name, at, by: operator.actor }
            }))
          )
        ),

        unassign: Effect.fn("Directory.unassign")((operator, id) =>
          change(operator, id, (at) => Effect.succeed({ _tag: "Unassign", at, by: operator.actor }))
        ),

        look: Effect.fn("Directory.look")((operator, region) => discovery.look(operator, region)),

        begin: Effect.gen(function* () {
          for (const region of regions(catalogue)) {
            const channel = Region.partnership(region, catalogue)
            if (channel === undefined || !offers(deployment, channel)) continue
            const at = yield* DateTime.now
            const id = yield* secrets.id("job")
            yield* unitOfWork
              .commit({
                organizationId: installation,
                actor: { _tag: "System", part: "start" },
                at,
                writes: [],
                claims: [],
                jobs: [{ id, organizationId: installation, dueAt: at, task: { _tag: "DiscoverAdvertisers", region } }],
                idempotency: { key: `discover/${region}`, fingerprint: region, resource: id }
              })
              .pipe(Effect.catchTag("AlreadyDone", () => Effect.void))
          }
        })
      })
    })
  )
}
