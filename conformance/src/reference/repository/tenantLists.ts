/** The lists of one organization. */
import { Connection, Text } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { DateTime } from "effect"
import { among, is, list, reads, since, type Model } from "./listing.ts"

const endsBefore = (each: Connection.Present, instant: DateTime.Utc | undefined) =>
  instant === undefined ||
  (Connection.isLinked(each) && each.link.expiresAt !== undefined && DateTime.isLessThan(each.link.expiresAt, instant))

/** `companies` of the port. */
export const companies =
  (model: Model): Repository.Repository["Service"]["companies"] =>
  (organizationId, filter, page) => {
    const { states = ["Open"] } = filter
    const search = filter.search === undefined ? undefined : Text.folded(filter.search)
    return list(
      model,
      {
        kind: "company",
        organizationId,
        filter: { ...filter, states, search },
        matches: (each) =>
          among(filter.companyIds, each.id) &&
          among(states, each._tag) &&
          [each.name, ...each.brands.map((brand) => brand.name)].some((name) => reads(name, search)),
        sortKey: (each) => [Text.folded(each.name), each.id]
      },
      page
    )
  }

/** `accounts` of the port. */
export const accounts =
  (model: Model): Repository.Repository["Service"]["accounts"] =>
  (organizationId, filter, page) => {
    const { accountIds, companyId, states = ["Open"] } = filter
    return list(
      model,
      {
        kind: "account",
        organizationId,
        filter: { ...filter, states },
        matches: (each) => is(companyId, each.companyId) && among(accountIds, each.id) && among(states, each._tag),
        sortKey: (each) => since(each.createdAt, each.id)
      },
      page
    )
  }

/** `connections` of the port. */
export const connections =
  (model: Model): Repository.Repository["Service"]["connections"] =>
  (organizationId, filter, page) =>
    list(
      model,
      {
        kind: "connection",
        organizationId,
        filter,
        matches: (each) =>
          is(filter.companyId, each.companyId) &&
          is(filter.accountId, each.accountId) &&
          among(filter.accountIds, each.accountId) &&
          is(filter.marketplaceId, each.marketplaceId) &&
          is(filter.channel, each.channel) &&
          among(filter.states ?? Connection.listed, each._tag) &&
          is(filter.paused, Connection.isLinked(each) && each.paused !== undefined) &&
          endsBefore(each, filter.expiresBefore),
        sortKey: (each) => since(each.proposedAt, each.id)
      },
      page
    )

/** `authorizations` of the port. */
export const authorizations =
  (model: Model): Repository.Repository["Service"]["authorizations"] =>
  (organizationId, filter, page) =>
    list(
      model,
      {
        kind: "authorization",
        organizationId,
        filter,
        youngestFirst: true,
        matches: (each) =>
          is(filter.connectionId, each.connectionId) &&
          among(filter.accountIds, each.accountId) &&
          among(filter.states, each._tag),
        sortKey: (each) => since(each.startedAt, each.id)
      },
      page
    )

/** `invitations` of the port. */
export const invitations =
  (model: Model): Repository.Repository["Service"]["invitations"] =>
  (organizationId, filter, page) =>
    list(
      model,
      {
        kind: "invitation",
        organizationId,
        filter,
        youngestFirst: true,
        matches: (each) =>
          is(filter.connectionId, each.connectionId) &&
          among(filter.accountIds, each.accountId) &&
          among(filter.states, each._tag) &&
          is(filter.requests, each.request !== undefined),
        sortKey: (each) => since(each.issuedAt, each.id)
      },
      page
    )

/** `grants` of the port. */
export const grants =
  (model: Model): Repository.Repository["Service"]["grants"] =>
  (organizationId, filter, page) =>
    list(
      model,
      {
        kind: "grant",
        organizationId,
        filter,
        youngestFirst: true,
        matches: (each) =>
          is(filter.channel, each.channel) &&
          is(filter.region, each.region) &&
          among(filter.states, each._tag) &&
          is(filter.responsiblePersonId, each.responsibleMember?.personId),
        sortKey: (each) => since(each.consentedAt, each.id)
      },
      page
    )

/** `members` of the port. */
export const members =
  (model: Model): Repository.Repository["Service"]["members"] =>
  (organizationId, filter, page) =>
    list(
      model,
      {
        kind: "member",
        organizationId,
        filter,
        matches: (each) => among(filter.states, each._tag),
        sortKey: (each) => [Text.folded(each.email), each.id]
      },
      page
    )

/** `apiKeys` of the port. */
export const apiKeys =
  (model: Model): Repository.Repository["Service"]["apiKeys"] =>
  (organizationId, page) =>
    list(
      model,
      {
        kind: "apiKey",
        organizationId,
        filter: {},
        matches: () => true,
        youngestFirst: true,
        sortKey: (each) => since(each.createdAt, each.id)
      },
      page
    )
