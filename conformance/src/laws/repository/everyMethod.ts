/** Every method of the ports, called by one organization about another: what REPO-19 compares. */
import type { Id } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect } from "effect"
import { show } from "../../show.ts"
import * as fixtures from "./fixtures/index.ts"
import type { Services } from "./RepositoryInstance.ts"
import { answer } from "./support.ts"

type OrganizationId = Id.OrganizationId

/** Cursors are sealed with who knows what; whether there is one is all that counts here. */
const paged = <A, E extends Error>(call: Effect.Effect<Repository.Page<A>, E>) =>
  answer(Effect.map(call, ({ items, next }) => ({ items, hasNext: next !== undefined })))

type Calls<Service> = {
  readonly [Method in keyof Service]: (
    services: Services,
    caller: OrganizationId,
    about: OrganizationId
  ) => Effect.Effect<unknown>
}

const page = { limit: 3 }

/** The profile that an organization holds. */
export const profileOf = (organizationId: OrganizationId) => fixtures.keyOf(`${organizationId.slice(-14)}.held`)

/**
 * Each method of the port, called by one organization about things of its own or of another. A method that the port
 * gains does not compile until it is listed here.
 */
const calls: Calls<Services["repository"]> &
  Calls<Services["log"]> &
  Pick<Calls<Services["unitOfWork"]>, "idempotentResource"> = {
  find: ({ repository }, caller, about) =>
    Effect.forEach(fixtures.kinds, (kind) =>
      answer(repository.find(kind, caller, kind === "organization" ? about : fixtures.idOf(kind, about, 0)))
    ),
  companies: ({ repository }, caller, about) =>
    Effect.all([
      paged(repository.companies(caller, {}, page)),
      paged(repository.companies(caller, { search: "acme" }, page)),
      paged(repository.companies(caller, { companyIds: [fixtures.idOf("company", about, 0)] }, page))
    ]),
  accounts: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.accounts(caller, {}, page))] : []),
      paged(repository.accounts(caller, { companyId: fixtures.idOf("company", about, 0) }, page)),
      paged(repository.accounts(caller, { accountIds: [fixtures.idOf("account", about, 0)] }, page))
    ]),
  accessibleAccounts: ({ repository }, caller, about) =>
    answer(
      Effect.map(
        repository.accessibleAccounts(caller, {
          _tag: "Limited",
          companies: [{ id: fixtures.idOf("company", about, 0), right: "read" }],
          brands: [{ id: fixtures.idOf("brand", about, 0), right: "read" }],
          accounts: [{ id: fixtures.idOf("account", about, 0), right: "read" }]
        }),
        (found) => found.toSorted((one, other) => (one.id < other.id ? -1 : 1))
      )
    ),
  grants: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.grants(caller, {}, page))] : []),
      paged(repository.grants(caller, { responsiblePersonId: fixtures.idOf("person", about, "keeper") }, page))
    ]),
  members: ({ repository }, caller) => paged(repository.members(caller, {}, page)),
  apiKeys: ({ repository }, caller) => paged(repository.apiKeys(caller, page)),
  // A person is in several organizations at once, and the lookups by digest know none.
  memberships: ({ repository }, _caller, about) => answer(repository.memberships(fixtures.idOf("person", about, 0))),
  memberByToken: ({ repository }, _caller, about) =>
    answer(repository.memberByToken(fixtures.digestOf(about, "joins invited 0"))),
  apiKeyByDigest: ({ repository }, _caller, about) =>
    answer(repository.apiKeyByDigest(fixtures.digestOf(about, "key 0"))),
  // These belong to the operator of the installation and to no organization; REPO-43 is about them.
  organizations: () => Effect.succeed([]),
  advertisers: () => Effect.succeed([]),
  awaited: () => Effect.succeed([]),
  incidents: () => Effect.succeed([]),
  linked: () => Effect.succeed([]),
  connections: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.connections(caller, {}, page))] : []),
      paged(repository.connections(caller, { companyId: fixtures.idOf("company", about, 0) }, page)),
      paged(repository.connections(caller, { accountId: fixtures.idOf("account", about, 0) }, page))
    ]),
  authorizations: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.authorizations(caller, {}, page))] : []),
      paged(repository.authorizations(caller, { connectionId: fixtures.idOf("connection", about, 0) }, page))
    ]),
  invitations: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.invitations(caller, {}, page))] : []),
      paged(repository.invitations(caller, { connectionId: fixtures.idOf("connection", about, 0) }, page))
    ]),
  connectionsOfGrant: ({ repository }, caller, about) =>
    answer(repository.connectionsOfGrant(caller, fixtures.idOf("grant", about, 0))),
  backfillOf: ({ repository }, caller, about) =>
    answer(repository.backfillOf(caller, fixtures.idOf("connection", about, 0))),
  windows: ({ repository }, caller, about) => answer(repository.windows(caller, fixtures.idOf("backfill", about, 0))),
  tallies: ({ repository }, caller, about) => answer(repository.tallies(caller, fixtures.idOf("connection", about, 0))),
  holders: ({ repository }, caller, about) => answer(repository.holders(caller, [profileOf(about)])),
  // The two lookups by digest know no organization: they give the one thing that the digest belongs to.
  authorizationByState: ({ repository }, _caller, about) =>
    answer(repository.authorizationByState(fixtures.digestOf(about, "state 0"))),
  invitationByToken: ({ repository }, _caller, about) =>
    answer(repository.invitationByToken(fixtures.digestOf(about, "token 0"))),
  after: ({ log }, caller, about) => (caller === about ? answer(log.after(caller, 0, 100)) : Effect.succeed([])),
  of: ({ log }, caller, about) =>
    paged(log.of(caller, [fixtures.idOf("company", about, 0), fixtures.idOf("connection", about, 0)], page)),
  all: ({ log }, caller) => paged(log.all(caller, {}, page)),
  // Following never ends where there is nothing to follow; `after` shows the same events.
  follow: () => Effect.succeed([]),
  idempotentResource: ({ unitOfWork }, caller) =>
    answer(unitOfWork.idempotentResource(caller, "key", `asked by ${caller}`))
}

/** The methods by name. */
export const methods = Object.entries(calls)

/** Methods that find one thing by a digest, or the memberships of a person: they know no organization. */
export const acrossOrganizations: ReadonlySet<string> = new Set([
  "authorizationByState",
  "invitationByToken",
  "memberships",
  "memberByToken",
  "apiKeyByDigest"
])

/** Takes the ids of an organization's things out of an answer. */
export const nameless = (value: unknown, organizationId: OrganizationId): string =>
  fixtures.kinds
    .filter((kind) => kind !== "organization")
    .reduce((text, kind) => text.replaceAll(fixtures.idOf(kind, organizationId, 0), `<${kind}>`), show(value))
    .replaceAll(organizationId, "<organization>")
