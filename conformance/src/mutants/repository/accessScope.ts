/** Repositories that are wrong about filters and access scopes: REPO-40. */
import { Access, Connection } from "@portolan/domain"
import { Effect } from "effect"
import { all } from "../../reference/repository/listing.ts"
import { mutant, replacing } from "./mutant.ts"

/** Builds a condition only if there is something to put into it. */
export const emptyIsEverything = mutant(
  "repo-empty-scope-is-everything",
  "REPO-40",
  "Lists the connections of all accounts when an access scope is empty.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        connections: (organizationId, filter, page) => {
          const { accountIds, ...rest } = filter
          return repository.connections(organizationId, accountIds?.length === 0 ? rest : filter, page)
        }
      }
    }))
  }
)

/** Narrows the lists that somebody thought of. */
export const forgottenList = mutant(
  "repo-scope-forgets-a-list",
  "REPO-40",
  "Narrows every list to an access scope but that of invitations.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        invitations: (organizationId, filter, page) => {
          const { accountIds: _accountIds, ...rest } = filter
          return repository.invitations(organizationId, rest, page)
        }
      }
    }))
  }
)

/** Knows companies and accounts. */
export const scopeWithoutBrands = mutant(
  "repo-scope-without-brands",
  "REPO-40",
  "Leaves the accounts of a brand out of those that an access scope shows.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        accessibleAccounts: (organizationId, accessScope) =>
          repository.accessibleAccounts(organizationId, { ...accessScope, brands: [] })
      }
    }))
  }
)

/** Shows no removed account, so that its history is gone as well. */
export const scopeWithoutRemoved = mutant(
  "repo-scope-without-removed",
  "REPO-40",
  "Leaves removed accounts out of those that an access scope shows.",
  {
    wrap: replacing((_services, model) => ({
      repository: {
        accessibleAccounts: (organizationId, accessScope) =>
          Effect.sync(() =>
            all(model, "account", organizationId)
              .map(({ state }) => state)
              .filter((account) => account._tag === "Open" && Access.canSee(accessScope, account))
              .map(({ brandIds, companyId, id }) => ({ id, companyId, brandIds }))
          )
      }
    }))
  }
)

/** Lists what is there, in use or not. */
export const listsRemoved = mutant(
  "repo-lists-removed-accounts",
  "REPO-40",
  "Lists removed accounts among those in use.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        accounts: (organizationId, { states = ["Open", "Removed"], ...filter }, page) =>
          repository.accounts(organizationId, { ...filter, states }, page)
      }
    }))
  }
)

/** Lists what is there, in the account or not. */
export const listsWithdrawn = mutant(
  "repo-lists-withdrawn-connections",
  "REPO-40",
  "Lists connections whose marketplace was taken out of the account among the others.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        connections: (organizationId, { states = Connection.everyState, ...filter }, page) =>
          repository.connections(organizationId, { ...filter, states }, page)
      }
    }))
  }
)

/** Lists what is there, in use or not. */
export const listsRemovedCompanies = mutant(
  "repo-lists-removed-companies",
  "REPO-40",
  "Lists removed companies among those in use.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        companies: (organizationId, { states = ["Open", "Removed"], ...filter }, page) =>
          repository.companies(organizationId, { ...filter, states }, page)
      }
    }))
  }
)

/** Tests a flag for being set instead of being given. */
export const falseIsAbsent = mutant(
  "repo-false-filter-is-absent",
  "REPO-40",
  "Lists all invitations when asked for those that are no requests.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        invitations: (organizationId, { requests, ...filter }, page) =>
          repository.invitations(organizationId, requests === true ? { ...filter, requests } : filter, page)
      }
    }))
  }
)

/** Leaves the filter out unless it asks for paused connections. */
export const pausedRuns = mutant(
  "repo-paused-counts-as-running",
  "REPO-40",
  "Lists all connections when asked for those that are not paused.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        connections: (organizationId, { paused, ...filter }, page) =>
          repository.connections(organizationId, paused === true ? { ...filter, paused } : filter, page)
      }
    }))
  }
)
