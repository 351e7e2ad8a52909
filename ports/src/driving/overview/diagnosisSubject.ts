/** A connection whose diagnosis is asked for, with what there is to ask the provider with. */
import {
  type Account,
  type Authorization,
  type Catalogue,
  Channel,
  type Check,
  Connection,
  type Diagnosis,
  given,
  type Id,
  Marketplace
} from "@portolan/domain"
import { Effect, Option } from "effect"
import { type Deployment, offers } from "../../driven/Deployment.ts"
import { pageLimit, type Versioned } from "../../driven/Repository.ts"
import type { Deps } from "../shared/deps.ts"
import { sideBySide } from "../shared/sideBySide.ts"
import { fixedId } from "../shared/fixedId.ts"

/** A connection with what there is to ask with. */
export interface Subject {
  readonly connection: Connection.Present
  readonly account: Account.Present
  /** The account's connections in the same country, this one included. */
  readonly siblings: ReadonlyArray<Connection.Present>
  /** The authorization whose consent waits for a choice. */
  readonly authorization?: Authorization.AwaitingSelection
  readonly diagnosis?: Versioned<Diagnosis.Open>
}

/** Whether a channel has the checklist, and its consent shows the advertising profiles. */
export const showsAdvertising = (channel: Channel.Channel, catalogue: Catalogue.Catalogue): boolean =>
  Channel.hasChecklist(channel, catalogue) && Channel.kind(channel, catalogue) === "advertising"

/** The id of a connection's diagnosis follows from the connection's. */
export const diagnosisId = (deps: Deps<"secrets">, connectionId: Id.ConnectionId) =>
  fixedId(deps, "diagnosis", connectionId)

/** The authorization of a connection whose consent waits for a choice of profile, if there is one. */
export const awaitingSelection = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  connection: Connection.Present
) {
  const pending = Connection.pendingOf(connection)
  if (pending === undefined) return undefined
  return yield* repository.find("authorization", connection.organizationId, pending.authorizationId).pipe(
    Effect.map(({ state }) => (state._tag === "AwaitingSelection" ? state : undefined)),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )
})

/** Reads everything that a look at the provider begins with. */
export const readSubject = Effect.fnUntraced(function* (
  deps: Deps<"repository" | "secrets">,
  connection: Connection.Present
) {
  const { accountId, id, marketplaceId, organizationId } = connection
  const { repository } = deps
  const listed = repository.connections(organizationId, { accountId, marketplaceId }, { limit: pageLimit }).pipe(
    // A first page has no cursor that could be invalid.
    Effect.catchTag("InvalidCursor", Effect.die)
  )
  const known = repository.find("diagnosis", organizationId, yield* diagnosisId(deps, id)).pipe(
    Effect.map((found): Versioned<Diagnosis.Open> | undefined => found),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )
  const own = repository.find("account", organizationId, accountId)
  const read = [own, listed, awaitingSelection(deps, connection), known] as const
  const [{ state: account }, { items: siblings }, authorization, diagnosis] = yield* sideBySide(...read)
  return given({ connection, account, siblings, authorization, diagnosis }) satisfies Subject
})

const hasConsent = (connection: Connection.Present): boolean =>
  Connection.pendingOf(connection) !== undefined ||
  (Connection.isLinked(connection) && connection._tag !== "ReauthorizationNeeded")

/**
 * What is known without asking anybody: whether the country is enabled here, and whether a consent for advertising
 * exists.
 */
export const knownFacts = (
  deployment: Deployment["Service"],
  { connection, siblings }: Subject,
  catalogue: Catalogue.Catalogue
): Check.Facts => {
  const { channel, marketplaceId } = connection
  const advertisingConsent = Channel.hasChecklist(channel, catalogue)
    ? siblings.some((one) => showsAdvertising(one.channel, catalogue) && hasConsent(one))
    : undefined
  const marketplaceEnabled = Option.isSome(Marketplace.find(marketplaceId, catalogue)) && offers(deployment, channel)
  return given({ marketplaceEnabled, advertisingConsent })
}

/**
 * Whether the provider is asked again without anybody's doing: a consent sees no profile, or the connection is limited.
 */
export const isWatched = ({ authorization, connection }: Subject, catalogue: Catalogue.Catalogue): boolean =>
  Channel.hasChecklist(connection.channel, catalogue) &&
  (connection._tag === "Limited" || authorization?.candidates.length === 0)
