/** The directory's lists, for operators. They act outside every organization, so no role is checked here. */
import { type Access, Advertiser, type Awaited, Id } from "@portolan/domain"
import { Effect } from "effect"
import { type PageRequest, pageLimit, type Repository } from "../../driven/Repository.ts"
import type { Deps } from "../shared/deps.ts"

/** Something a customer waits for, with the advertisers that may be meant. */
export interface Waiting {
  readonly awaited: Awaited.Present
  /** Listed, assigned to nobody, and alike in name or number. A hint: names are not unique. */
  readonly mayBe: ReadonlyArray<Advertiser.Present>
}

/** Lists the directory by name. */
export const advertisers = Effect.fn("Directory.advertisers")(
  (
    { repository }: Deps<"repository">,
    _operator: Access.Operator,
    filter: Parameters<Repository["Service"]["advertisers"]>[0],
    page: PageRequest
  ) => repository.advertisers(filter, page)
)

/** Reads one entry of the directory. */
export const advertiser = Effect.fn("Directory.advertiser")(
  ({ repository }: Deps<"repository">, _operator: Access.Operator, id: Id.AdvertiserId) =>
    Effect.map(repository.find("advertiser", Id.installation, id), ({ state }) => state)
)

/** Lists what customers wait for, the longest waiting first. */
export const waiting = Effect.fn("Directory.waiting")(function* (
  { repository }: Deps<"repository">,
  _operator: Access.Operator,
  page: PageRequest
) {
  const found = yield* repository.awaited({ states: ["Waiting"] }, page)
  const { items: free } = yield* repository.advertisers({ assigned: false, states: ["Listed"] }, { limit: pageLimit })
  const mayBe = ({ advertiser: name, marketplaceId }: Awaited.Present) =>
    free.filter(
      (entry) => entry.advertiser.key.marketplaceId === marketplaceId && Advertiser.mayBe(entry.advertiser, name)
    )
  return { ...found, items: found.items.map((awaited): Waiting => ({ awaited, mayBe: mayBe(awaited) })) }
})

/** Lists every organization whose name contains `search`. */
export const organizations = Effect.fn("Directory.organizations")(
  ({ repository }: Deps<"repository">, _operator: Access.Operator, search: string | undefined, page: PageRequest) =>
    repository.organizations(search, page)
)

/** Reads one organization. */
export const organization = Effect.fn("Directory.organization")(
  ({ repository }: Deps<"repository">, _operator: Access.Operator, id: Id.OrganizationId) =>
    Effect.map(repository.find("organization", id, id), ({ state }) => state)
)
