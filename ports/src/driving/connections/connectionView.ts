/** A connection as people see it: with the evidence for its status, its first load, its account and its company. */
import {
  type Account,
  type Aggregate,
  type Catalogue,
  type Company,
  Connection,
  Evidence,
  type Freshness,
  given,
  type Id,
  Incident,
  Progress,
  Window
} from "@portolan/domain"
import { DateTime, Effect, type Option } from "effect"
import type { Surroundings } from "../../driven/ReadModels.ts"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Deps } from "../shared/deps.ts"
import { freshnessOf } from "./freshness.ts"
import { sideBySide } from "../shared/sideBySide.ts"

/** The first load of a connection and how far it is. */
export interface BackfillView {
  readonly state: Aggregate.Present<"backfill">
  readonly tallies: ReadonlyArray<Window.ClassTally>
  readonly classes: ReadonlyArray<Progress.ClassProgress>
  /** 0 to 1 over all classes. */
  readonly overall: number
  readonly nextDeadline: Option.Option<DateTime.Utc>
}

/** The first load, window by window: by class, the youngest first. */
export interface Ledger extends BackfillView {
  readonly windows: ReadonlyArray<Window.Present>
}

/** Known trouble at the provider or of this installation, as a customer may know it: it names no other customer. */
export interface KnownIncident {
  readonly kind: Incident.Kind
  readonly since: DateTime.Utc
  /** One or two sentences. */
  readonly text: string
}

/** A connection with the evidence for its status. */
export interface ConnectionView {
  readonly connection: Connection.Present
  readonly evidence: Evidence.Evidence
  /** Absent until the first load is planned. */
  readonly backfill?: BackfillView
  /** How each class of data stands, while the connection is linked; none before a load is planned. */
  readonly freshness: ReadonlyArray<Freshness.ClassFreshness>
  /** Known trouble that the connection may meet; nobody of the organization has to act on it. */
  readonly incident?: KnownIncident
}

/** A connection with its account and its company. */
export interface ConnectionDetail extends ConnectionView {
  readonly account: Account.Present
  readonly company: Company.Present
}

/** How far a first load is at an instant. */
export const backfillView = (
  state: Aggregate.Present<"backfill">,
  tallies: ReadonlyArray<Window.ClassTally>,
  now: DateTime.Utc
): BackfillView => {
  const classes = Progress.perClass(state, tallies, now)
  return { state, tallies, classes, overall: Progress.overall(classes), nextDeadline: Progress.nextDeadline(classes) }
}

// The candidates of a consent that waits for a choice are part of its authorization; one more read, and only while one
// waits.
const pendingAuthorization = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  connection: Connection.Present
) {
  const pending = Connection.pendingOf(connection)
  if (pending === undefined) return undefined
  return yield* repository.find("authorization", connection.organizationId, pending.authorizationId).pipe(
    Effect.map(({ state }) => state),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )
})

/** What the open incidents say to a linked connection: the oldest one where it is. */
const knownIncident = (
  connection: Connection.Present,
  incidents: ReadonlyArray<Incident.Open>,
  catalogue: Catalogue.Catalogue
): KnownIncident | undefined => {
  if (!Connection.isLinked(connection)) return undefined
  const [oldest] = incidents
    .filter(
      ({ channel, region }) =>
        channel === connection.channel && (region === undefined || region === connection.link.profile.key.region)
    )
    .toSorted((one, other) => DateTime.toEpochMillis(one.openedAt) - DateTime.toEpochMillis(other.openedAt))
  return oldest === undefined
    ? undefined
    : { kind: oldest.kind, since: oldest.openedAt, text: Incident.forCustomer(oldest, catalogue) }
}

/** The incidents that are open, read once for a list. */
export const openIncidents = ({ repository }: Deps<"repository">) =>
  Effect.map(repository.incidents(), (all) => all.filter((one): one is Incident.Open => one._tag === "Open"))

/** A connection with the evidence for its status, its first load, and known trouble. */
export const evidenceOf = Effect.fnUntraced(function* (
  connection: Connection.Present,
  { account, backfill, pending, tallies = [] }: Pick<Surroundings, "account" | "backfill" | "pending" | "tallies">,
  incidents: ReadonlyArray<Incident.Open>
) {
  const catalogue = yield* CurrentCatalogue
  const now = yield* DateTime.now
  // What was erased since is not there any more, and the record of its load proves nothing.
  const isErased =
    account?.erasedAt !== undefined &&
    backfill !== undefined &&
    DateTime.isLessThan(backfill.finalisedAt, account.erasedAt)
  const load = isErased ? undefined : backfill
  const freshness = freshnessOf({ connection, account, backfill: load, tallies, now }, catalogue)
  return given({
    connection,
    evidence: Evidence.ofConnection(connection, now, { pending, freshness, catalogue }),
    freshness,
    backfill: load === undefined ? undefined : backfillView(load, tallies, now),
    incident: knownIncident(connection, incidents, catalogue)
  }) satisfies ConnectionView
})

/** The first load of a connection with what its windows add up to; nothing before one is planned. */
const loadOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { id, organizationId }: Connection.Present
) {
  const load = repository.backfillOf(organizationId, id).pipe(
    Effect.map(({ state }) => state),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )
  const [backfill, all] = yield* sideBySide(load, repository.tallies(organizationId, id))
  return backfill === undefined ? {} : { backfill, tallies: Window.talliesOf(backfill.id, all) }
})

/** What is known before a connection is shown, so that it is not read again for each one of a list. */
interface KnownAround {
  readonly account?: Account.Present
  readonly incidents?: ReadonlyArray<Incident.Open>
}

/** Reads for a connection the evidence for its status, its first load, and known trouble. */
export const withEvidence = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  connection: Connection.Present,
  { account, incidents: known }: KnownAround = {}
) {
  const [pending, load, incidents] = yield* sideBySide(
    pendingAuthorization(deps, connection),
    loadOf(deps, connection),
    known === undefined ? openIncidents(deps) : Effect.succeed(known)
  )
  return yield* evidenceOf(connection, { ...given({ account, pending }), ...load }, incidents)
})

/** Reads a connection's surroundings. */
export const withSurroundings = Effect.fnUntraced(function* (deps: Deps<"repository">, connection: Connection.Present) {
  const { accountId, organizationId } = connection
  const { state: account } = yield* deps.repository.find("account", organizationId, accountId)
  const [{ state: company }, view] = yield* sideBySide(
    deps.repository.find("company", organizationId, account.companyId),
    withEvidence(deps, connection, { account })
  )
  return { ...view, account, company } satisfies ConnectionDetail
})

/** Reads a connection with its surroundings, without a check of access. */
export const detailOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  organizationId: Id.OrganizationId,
  id: Id.ConnectionId
) {
  const { state } = yield* deps.repository.find("connection", organizationId, id)
  return yield* withSurroundings(deps, state)
})
