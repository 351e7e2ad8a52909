/** The lists of the repository. */
import { type Company, Connection, Id, Text } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import type { Memory } from "../Memory.ts"
import { among, is, list, since } from "./queries.ts"

type Port = Repository.Repository["Service"]

const contains = (company: Company.Present, search: string) =>
  [company.name, ...company.brands.map((brand) => brand.name)].some((name) => Text.folded(name).includes(search))

const isPaused = (connection: Connection.Present): boolean =>
  Connection.isLinked(connection) && connection.paused !== undefined

const endsBefore = (connection: Connection.Present, instant: DateTime.Utc) =>
  Connection.isLinked(connection) &&
  connection.link.expiresAt !== undefined &&
  DateTime.isLessThan(connection.link.expiresAt, instant)

/** Companies by name. */
export const companies = (memory: Memory["Service"]): Port["companies"] =>
  Effect.fn("Repository.companies")(function* (organizationId, filter, page) {
    const { states = ["Open"] } = filter
    const text = filter.search === undefined ? undefined : Text.folded(filter.search)
    return yield* list(
      memory,
      {
        kind: "company",
        organizationId,
        filter: { ...filter, states, search: text },
        matches: (company) =>
          among(filter.companyIds, company.id) &&
          among(states, company._tag) &&
          (text === undefined || contains(company, text)),
        key: (company) => [Text.folded(company.name), company.id]
      },
      page
    )
  })

/** Accounts, oldest first. */
export const accounts = (memory: Memory["Service"]): Port["accounts"] =>
  Effect.fn("Repository.accounts")(function* (organizationId, filter, page) {
    const { accountIds, companyId, states = ["Open"] } = filter
    return yield* list(
      memory,
      {
        kind: "account",
        organizationId,
        filter: { ...filter, states },
        matches: (account) =>
          is(companyId, account.companyId) && among(accountIds, account.id) && among(states, account._tag),
        key: (account) => since(account.createdAt, account.id)
      },
      page
    )
  })

/** Connections, oldest first. */
export const connections = (memory: Memory["Service"]): Port["connections"] =>
  Effect.fn("Repository.connections")(function* (organizationId, filter, page) {
    const { accountId, accountIds, channel, companyId, expiresBefore, marketplaceId, paused } = filter
    const { states = Connection.listed } = filter
    return yield* list(
      memory,
      {
        kind: "connection",
        organizationId,
        filter,
        matches: (connection) =>
          is(companyId, connection.companyId) &&
          is(accountId, connection.accountId) &&
          among(accountIds, connection.accountId) &&
          is(marketplaceId, connection.marketplaceId) &&
          is(channel, connection.channel) &&
          among(states, connection._tag) &&
          is(paused, isPaused(connection)) &&
          (expiresBefore === undefined || endsBefore(connection, expiresBefore)),
        key: (connection) => since(connection.proposedAt, connection.id)
      },
      page
    )
  })

/** Authorizations, the latest first. */
export const authorizations = (memory: Memory["Service"]): Port["authorizations"] =>
  Effect.fn("Repository.authorizations")(function* (organizationId, filter, page) {
    return yield* list(
      memory,
      {
        kind: "authorization",
        organizationId,
        filter,
        latestFirst: true,
        matches: (authorization) =>
          is(filter.connectionId, authorization.connectionId) &&
          among(filter.accountIds, authorization.accountId) &&
          among(filter.states, authorization._tag),
        key: (authorization) => since(authorization.startedAt, authorization.id)
      },
      page
    )
  })

/** Invitations, the latest first. */
export const invitations = (memory: Memory["Service"]): Port["invitations"] =>
  Effect.fn("Repository.invitations")(function* (organizationId, filter, page) {
    return yield* list(
      memory,
      {
        kind: "invitation",
        organizationId,
        filter,
        latestFirst: true,
        matches: (link) =>
          is(filter.connectionId, link.connectionId) &&
          among(filter.accountIds, link.accountId) &&
          among(filter.states, link._tag) &&
          is(filter.requests, link.request !== undefined),
        key: (link) => since(link.issuedAt, link.id)
      },
      page
    )
  })

/** Grants, the latest first. */
export const grants = (memory: Memory["Service"]): Port["grants"] =>
  Effect.fn("Repository.grants")(function* (organizationId, filter, page) {
    return yield* list(
      memory,
      {
        kind: "grant",
        organizationId,
        filter,
        latestFirst: true,
        matches: (grant) =>
          is(filter.channel, grant.channel) &&
          is(filter.region, grant.region) &&
          among(filter.states, grant._tag) &&
          is(filter.responsiblePersonId, grant.responsibleMember?.personId),
        key: (grant) => since(grant.consentedAt, grant.id)
      },
      page
    )
  })

/** Members by address. */
export const members = (memory: Memory["Service"]): Port["members"] =>
  Effect.fn("Repository.members")(function* (organizationId, filter, page) {
    return yield* list(
      memory,
      {
        kind: "member",
        organizationId,
        filter,
        matches: (member) => among(filter.states, member._tag),
        key: (member) => [Text.folded(member.email), member.id]
      },
      page
    )
  })

/** API keys, the latest first. */
export const apiKeys = (memory: Memory["Service"]): Port["apiKeys"] =>
  Effect.fn("Repository.apiKeys")(function* (organizationId, page) {
    return yield* list(
      memory,
      {
        kind: "apiKey",
        organizationId,
        filter: {},
        matches: () => true,
        latestFirst: true,
        key: (key) => since(key.createdAt, key.id)
      },
      page
    )
  })

/** Organizations by name, for operators. */
export const organizations = (memory: Memory["Service"]): Port["organizations"] =>
  Effect.fn("Repository.organizations")(function* (search, page) {
    const text = search === undefined ? undefined : Text.folded(search)
    return yield* list(
      memory,
      {
        kind: "organization",
        filter: { search: text },
        matches: (organization) => text === undefined || Text.folded(organization.name).includes(text),
        key: (organization) => [Text.folded(organization.name), organization.id]
      },
      page
    )
  })

/** The directory of advertisers by name. */
export const advertisers = (memory: Memory["Service"]): Port["advertisers"] =>
  Effect.fn("Repository.advertisers")(function* (filter, page) {
    return yield* list(
      memory,
      {
        kind: "advertiser",
        organizationId: Id.installation,
        filter,
        matches: (found) =>
          is(filter.assigned, found.assignment !== undefined) &&
          is(filter.region, found.advertiser.key.region) &&
          among(filter.states, found._tag),
        key: (found) => [Text.folded(found.advertiser.name), found.id]
      },
      page
    )
  })

/** Awaited advertisers, oldest first. */
export const awaited = (memory: Memory["Service"]): Port["awaited"] =>
  Effect.fn("Repository.awaited")(function* (filter, page) {
    return yield* list(
      memory,
      {
        kind: "awaited",
        organizationId: Id.installation,
        filter,
        matches: (awaited) => among(filter.states, awaited._tag),
        key: (awaited) => since(awaited.since, awaited.id)
      },
      page
    )
  })
