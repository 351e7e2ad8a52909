/** The lists of the repository. */
import { Connection, Id, Text } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import { sql } from "kysely"
import { among, contains, is, mayContain } from "./conditions.ts"
import { list, type RepositoryContext } from "./queries.ts"

type Port = Repository.Repository["Service"]

/** Companies by name. */
export const companies = (context: RepositoryContext): Port["companies"] =>
  Effect.fn("Repository.companies")(function* (organizationId, filter, page) {
    const { states = ["Open"] } = filter
    const search = filter.search === undefined ? undefined : Text.folded(filter.search)
    return yield* list(
      context,
      {
        kind: "company",
        scope: { organizationId },
        filter: { ...filter, states, search },
        sort: "sort_name",
        where: [
          ...among("id", filter.companyIds),
          ...among("tag", states),
          ...contains("search", search),
          ...mayContain(organizationId, search)
        ]
      },
      page
    )
  })

/** Accounts, oldest first. */
export const accounts = (context: RepositoryContext): Port["accounts"] =>
  Effect.fn("Repository.accounts")(function* (organizationId, filter, page) {
    const { accountIds, companyId, states = ["Open"] } = filter
    return yield* list(
      context,
      {
        kind: "account",
        scope: { organizationId },
        filter: { ...filter, states },
        where: [...is("company_id", companyId), ...among("id", accountIds), ...among("tag", states)]
      },
      page
    )
  })

/** Connections, oldest first. */
export const connections = (context: RepositoryContext): Port["connections"] =>
  Effect.fn("Repository.connections")(function* (organizationId, filter, page) {
    const { expiresBefore, states = Connection.listed } = filter
    return yield* list(
      context,
      {
        kind: "connection",
        scope: { organizationId },
        filter,
        where: [
          ...is("company_id", filter.companyId),
          ...is("account_id", filter.accountId),
          ...among("account_id", filter.accountIds),
          ...is("marketplace_id", filter.marketplaceId),
          ...is("channel", filter.channel),
          ...among("tag", states),
          ...is("is_paused", filter.paused),
          ...(expiresBefore === undefined ? [] : [sql`expires_at < ${DateTime.toEpochMillis(expiresBefore)}`])
        ]
      },
      page
    )
  })

/** Authorizations, the latest first. */
export const authorizations = (context: RepositoryContext): Port["authorizations"] =>
  Effect.fn("Repository.authorizations")(function* (organizationId, filter, page) {
    return yield* list(
      context,
      {
        kind: "authorization",
        scope: { organizationId },
        filter,
        latestFirst: true,
        where: [
          ...is("connection_id", filter.connectionId),
          ...among("account_id", filter.accountIds),
          ...among("tag", filter.states)
        ]
      },
      page
    )
  })

/** Invitations, the latest first. */
export const invitations = (context: RepositoryContext): Port["invitations"] =>
  Effect.fn("Repository.invitations")(function* (organizationId, filter, page) {
    return yield* list(
      context,
      {
        kind: "invitation",
        scope: { organizationId },
        filter,
        latestFirst: true,
        where: [
          ...is("connection_id", filter.connectionId),
          ...among("account_id", filter.accountIds),
          ...among("tag", filter.states),
          ...is("is_request", filter.requests)
        ]
      },
      page
    )
  })

/** Grants, the latest first. */
export const grants = (context: RepositoryContext): Port["grants"] =>
  Effect.fn("Repository.grants")(function* (organizationId, filter, page) {
    return yield* list(
      context,
      {
        kind: "grant",
        scope: { organizationId },
        filter,
        latestFirst: true,
        where: [
          ...is("channel", filter.channel),
          ...is("region", filter.region),
          ...among("tag", filter.states),
          ...is("responsible_member_id", filter.responsiblePersonId)
        ]
      },
      page
    )
  })

/** Members by address. */
export const members = (context: RepositoryContext): Port["members"] =>
  Effect.fn("Repository.members")(function* (organizationId, filter, page) {
    return yield* list(
      context,
      { kind: "member", scope: { organizationId }, filter, sort: "sort_address", where: among("tag", filter.states) },
      page
    )
  })

/** API keys, the latest first. */
export const apiKeys = (context: RepositoryContext): Port["apiKeys"] =>
  Effect.fn("Repository.apiKeys")(function* (organizationId, page) {
    return yield* list(
      context,
      { kind: "apiKey", scope: { organizationId }, filter: {}, where: [], latestFirst: true },
      page
    )
  })

/** Organizations by name, for operators. */
export const organizations = (context: RepositoryContext): Port["organizations"] =>
  Effect.fn("Repository.organizations")(function* (text, page) {
    const search = text === undefined ? undefined : Text.folded(text)
    return yield* list(
      context,
      {
        kind: "organization",
        scope: { directory: true },
        filter: { search },
        sort: "sort_name",
        where: contains("sort_name", search)
      },
      page
    )
  })

/** The directory of advertisers by name. */
export const advertisers = (context: RepositoryContext): Port["advertisers"] =>
  Effect.fn("Repository.advertisers")(function* (filter, page) {
    return yield* list(
      context,
      {
        kind: "advertiser",
        scope: { organizationId: Id.installation },
        filter,
        sort: "sort_name",
        where: [...is("assigned", filter.assigned), ...is("region", filter.region), ...among("tag", filter.states)]
      },
      page
    )
  })

/** Awaited advertisers, oldest first. */
export const awaited = (context: RepositoryContext): Port["awaited"] =>
  Effect.fn("Repository.awaited")(function* (filter, page) {
    return yield* list(
      context,
      { kind: "awaited", scope: { organizationId: Id.installation }, filter, where: among("tag", filter.states) },
      page
    )
  })
