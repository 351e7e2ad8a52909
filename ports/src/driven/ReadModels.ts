/**
 * What one question reads that would be several with the repository, because each leads to the next: from a key to its
 * organization, from a person to where they work, from a connection to what is around it. It decides nothing.
 */
import type { Account, Aggregate, ApiKey, Authorization, Company, Id, Member, Organization } from "@portolan/domain"
import { Connection, given, Window } from "@portolan/domain"
import { Context, Effect, Layer } from "effect"
import { type NotFound, Repository } from "./Repository.ts"
import type { StoreError } from "./StoreUnavailable.ts"

/** An organization that was read beside something else. One that cannot be read fails nobody who has no use for it. */
export type BesideOrganization = Effect.Effect<Organization.Present, NotFound | StoreError>

/** A key, with its organization. */
export interface KeyHolder {
  readonly key: ApiKey.Present
  /** Not found where organizations are kept elsewhere. */
  readonly organization: BesideOrganization
}

/** A membership, with its organization. */
export interface Workplace {
  readonly member: Member.Active
  /** Not found where organizations are kept elsewhere. */
  readonly organization: BesideOrganization
}

/** What is around a connection; what is not there is absent. */
export interface Surroundings {
  readonly account?: Account.Present
  /** The company that the account belongs to now. */
  readonly company?: Company.Present
  /** The authorization that waits, by the connection's own record. */
  readonly pending?: Authorization.Present
  /** The first load. */
  readonly backfill?: Aggregate.Present<"backfill">
  /** What the windows of the first load add up to, when there is one. */
  readonly tallies?: ReadonlyArray<Window.ClassTally>
}

/** Reads what belongs together. */
export class ReadModels extends Context.Service<
  ReadModels,
  {
    /**
     * Finds a key by its digest with its organization, as `Repository.apiKeyByDigest` does: unknown digests are all
     * answered alike.
     */
    readonly keyHolder: (digest: string) => Effect.Effect<KeyHolder, NotFound | StoreError>

    /** What one person is a member of, oldest first, as `Repository.memberships` does, each with its organization. */
    readonly workplaces: (personId: Id.PersonId) => Effect.Effect<ReadonlyArray<Workplace>, StoreError>

    /** What is around a connection; nothing around one that is not there. */
    readonly surroundings: (
      organizationId: Id.OrganizationId,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<Surroundings, StoreError>
  }
>()("@portolan/ports/driven/ReadModels") {}

/** Nothing in place of what is not there. */
const optional = <A>(
  found: Effect.Effect<{ readonly state: A }, NotFound | StoreError>
): Effect.Effect<A | undefined, StoreError> =>
  found.pipe(
    Effect.map(({ state }): A | undefined => state),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )

const surroundingsBy = Effect.fnUntraced(function* (
  { backfillOf, find, tallies: talliesOf }: Repository["Service"],
  organizationId: Id.OrganizationId,
  connectionId: Id.ConnectionId
) {
  const connection = yield* optional(find("connection", organizationId, connectionId))
  if (connection === undefined) return {}
  const awaited = Connection.pendingOf(connection)
  const account = yield* optional(find("account", organizationId, connection.accountId))
  const company =
    account === undefined ? undefined : yield* optional(find("company", organizationId, account.companyId))
  const pending =
    awaited === undefined ? undefined : yield* optional(find("authorization", organizationId, awaited.authorizationId))
  const backfill = yield* optional(backfillOf(organizationId, connectionId))
  const tallies =
    backfill === undefined ? undefined : Window.talliesOf(backfill.id, yield* talliesOf(organizationId, connectionId))
  return given({ account, company, pending, backfill, tallies }) satisfies Surroundings
})

/** Over the repository, with a question for each part. An adapter that can do it in one is faster. */
export const composed: Layer.Layer<ReadModels, never, Repository> = Layer.effect(
  ReadModels,
  Effect.gen(function* () {
    const repository = yield* Repository
    const organizationOf = (id: Id.OrganizationId): BesideOrganization =>
      Effect.map(repository.find("organization", id, id), ({ state }) => state)
    return ReadModels.of({
      keyHolder: (digest) =>
        Effect.map(repository.apiKeyByDigest(digest), ({ state: key }) => ({
          key,
          organization: organizationOf(key.organizationId)
        })),
      workplaces: (personId) =>
        Effect.map(repository.memberships(personId), (members) =>
          members.map((member) => ({ member, organization: organizationOf(member.organizationId) }))
        ),
      surroundings: (organizationId, connectionId) => surroundingsBy(repository, organizationId, connectionId)
    })
  })
)
