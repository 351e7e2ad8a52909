/**
 * The operators' directory (flow F3, step 2; rule C15): which advertisers let us in, to which organization each
 * belongs, and what customers wait for. An advertiser belongs to one organization at a time, and no other one sees it.
 */
import type { Access, Advertiser, Id, Organization, Refused, Region } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { ProviderApi } from "../../driven/ProviderApi.ts"
import type { InvalidCursor, NotFound, Page, PageRequest, Repository } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as AssignAdvertiser from "./assignAdvertiser.ts"
import * as ListDirectory from "./listDirectory.ts"
import type { Waiting } from "./listDirectory.ts"
import * as LookForAdvertisers from "./lookForAdvertisers.ts"

export { regions } from "./advertiserRegions.ts"
export type { Waiting } from "./listDirectory.ts"

/** Shows and assigns advertisers. */
export interface Contract {
  /** The directory, by name. */
  readonly advertisers: (
    operator: Access.Operator,
    filter: Parameters<Repository["Service"]["advertisers"]>[0],
    page: PageRequest
  ) => Effect.Effect<Page<Advertiser.Present>, InvalidCursor | StoreError>

  /** Reads one entry of the directory. */
  readonly advertiser: (
    operator: Access.Operator,
    id: Id.AdvertiserId
  ) => Effect.Effect<Advertiser.Present, NotFound | StoreError>

  /** What customers wait for, the longest waiting first. */
  readonly waiting: (
    operator: Access.Operator,
    page: PageRequest
  ) => Effect.Effect<Page<Waiting>, InvalidCursor | StoreError>

  /** Every organization whose name contains `search`. */
  readonly organizations: (
    operator: Access.Operator,
    search: string | undefined,
    page: PageRequest
  ) => Effect.Effect<Page<Organization.Present>, InvalidCursor | StoreError>

  /** Reads one organization, so that a confirmation can name it. */
  readonly organization: (
    operator: Access.Operator,
    id: Id.OrganizationId
  ) => Effect.Effect<Organization.Present, NotFound | StoreError>

  /** Says to which organization an advertiser belongs; its members and support are notified. */
  readonly assign: (
    operator: Access.Operator,
    advertiserId: Id.AdvertiserId,
    organizationId: Id.OrganizationId
  ) => Effect.Effect<Advertiser.Present, Refused.Refused | NotFound | WriteError>

  /** Takes an advertiser back from an organization; a connection that lives on it loses its access. */
  readonly unassign: (
    operator: Access.Operator,
    advertiserId: Id.AdvertiserId
  ) => Effect.Effect<Advertiser.Present, Refused.Refused | NotFound | WriteError>

  /**
   * Asks the provider now instead of waiting for the next synchronization. Gives the number of advertisers that it
   * lists.
   */
  readonly look: (
    operator: Access.Operator,
    region: Region.Region
  ) => Effect.Effect<
    number,
    Effect.Error<ReturnType<ProviderApi["Service"]["advertisers"]>> | Refused.Refused | NotFound | WriteError
  >

  /** Starts the synchronization every 15 minutes; to be called whenever the installation starts (rule W-R5). */
  readonly begin: () => Effect.Effect<void, WriteError>
}

const verbs = { ...ListDirectory, ...AssignAdvertiser, ...LookForAdvertisers }

/** Shows and assigns advertisers. */
export class Directory extends Context.Service<Directory, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Directory"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    Directory,
    bound(deps("deployment", "provider", "repository", "secrets", "unitOfWork"), verbs)
  )
}
