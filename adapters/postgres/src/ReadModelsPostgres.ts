/** Reads what belongs together in one statement each. */
import { type Aggregate, Connection, given, type Id, type Stored } from "@portolan/domain"
import { ReadModels, Repository } from "@portolan/ports"
import { Effect, Layer, Result } from "effect"
import { sql } from "kysely"
import { isStorable, readState, type StateRow } from "./codec.ts"
import { eachOrganization, type Row } from "./store/batch.ts"
import { readByKey, readEach } from "./store/reading.ts"
import { selectTallies, tallyOf, type TallyRow } from "./repository/windows.ts"
import { Store } from "./Store.ts"

type Port = ReadModels.ReadModels["Service"]

const { NotFound } = Repository

interface OwnedRow extends StateRow {
  readonly organization_id: Id.OrganizationId
}

/** The organization of each row, whose id is its organization's. */
const organizations = sql<OwnedRow>`select organization_id, id, schema_version, state from portolan.organizations
  where organization_id = ${eachOrganization} and id = ${eachOrganization}`

/** The organization among rows, as it reads. */
const organizationIn = (
  rows: ReadonlyArray<OwnedRow>,
  id: Id.OrganizationId
): Effect.Effect<Aggregate.Present<"organization">, Repository.NotFound | Stored.Unreadable> => {
  const row = rows.find((one) => one.organization_id === id)
  return row === undefined
    ? Effect.fail(new NotFound({ kind: "organization", id }))
    : Effect.fromResult(readState("organization", row))
}

const keyHolder = (store: Store["Service"]): Port["keyHolder"] =>
  Effect.fn("ReadModels.keyHolder")(function* (digest) {
    const unknown = new NotFound({ kind: "apiKey", id: "with this digest" })
    if (!isStorable(digest) || digest === "") return yield* unknown
    const [[row], others] = yield* readEach(
      store,
      { doing: "reading an API key", scope: { digest } },
      sql<OwnedRow>`select organization_id, id, schema_version, state from portolan.api_keys
        where digest = ${digest} limit 1`,
      organizations
    )
    if (row === undefined) return yield* unknown
    const key = yield* Effect.fromResult(readState("apiKey", row))
    return { key, organization: organizationIn(others, key.organizationId) }
  })

const workplaces = (store: Store["Service"]): Port["workplaces"] =>
  Effect.fn("ReadModels.workplaces")(function* (personId) {
    const [rows, others] = yield* readEach(
      store,
      { doing: "reading where a person works", scope: { personId } },
      sql<OwnedRow>`select organization_id, id, schema_version, state from portolan.members
        where person_id = ${personId} order by at, id limit 100`,
      organizations
    )
    const found: Array<ReadModels.Workplace> = []
    for (const row of rows) {
      const read = readState("member", row)
      if (Result.isFailure(read)) yield* Effect.logError(read.failure.message)
      else if (read.success._tag === "Active") {
        found.push({ member: read.success, organization: organizationIn(others, read.success.organizationId) })
      }
    }
    return found
  })

/** What is read around a connection. */
interface AroundRow extends Row {
  readonly connection: StateRow
  readonly account: StateRow | null
  readonly company: StateRow | null
  readonly backfill: StateRow | null
  readonly waiting: ReadonlyArray<StateRow>
  readonly tallies: ReadonlyArray<TallyRow>
}

const stateOf = (alias: string) => {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  return sql`case when ${column("id")} is not null then json_build_object('id', ${column("id")},
    'schema_version', ${column("schema_version")}, 'state', ${column("state")}) end`
}

/** Authorizations of one connection that wait; the youngest is the one that counts. */
const mostWaiting = 5

const around = (organizationId: Id.OrganizationId) => ({
  name: "around",
  column: "connection_id",
  query: (keys: ReadonlyArray<string>) => sql`select c.id as connection_id, ${stateOf("c")} as connection,
      ${stateOf("a")} as account, ${stateOf("o")} as company, ${stateOf("b")} as backfill,
      (select coalesce(json_agg(w), '[]') from (select id, schema_version, state from portolan.authorizations
        where organization_id = c.organization_id and connection_id = c.id and tag = 'AwaitingSelection'
        order by at desc, id desc limit ${mostWaiting}) as w) as waiting,
      (select coalesce(json_agg(t), '[]') from (${selectTallies(
        sql`c.organization_id`,
        sql`s.connection_id = c.id
        and s.backfill_id = b.id`
      )}) as t) as tallies
    from portolan.connections c
    left join portolan.accounts a on a.organization_id = c.organization_id and a.id = c.account_id
    left join portolan.companies o on o.organization_id = c.organization_id and o.id = a.company_id
    left join lateral (select id, schema_version, state from portolan.backfills
      where organization_id = c.organization_id and connection_id = c.id order by id desc limit 1) b on true
    where c.organization_id = ${organizationId} and c.id = any (${sql.val([...keys])}::text[])`
})

const optional = <K extends Aggregate.Kind>(kind: K, row: StateRow | null) =>
  row === null ? Effect.succeed(undefined) : Effect.fromResult(readState(kind, row))

/** The authorization that a connection names; it is among those that wait, unless it has just been finished. */
const pendingOf = (
  { find }: Repository.Repository["Service"],
  connection: Aggregate.Present<"connection">,
  waiting: ReadonlyArray<StateRow>
) => {
  const id = Connection.pendingOf(connection)?.authorizationId
  if (id === undefined) return Effect.succeed(undefined)
  const row = waiting.find((one) => one.id === id)
  if (row !== undefined) return Effect.fromResult(readState("authorization", row))
  return find("authorization", connection.organizationId, id).pipe(
    Effect.map(({ state }) => state),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )
}

const surroundings = (store: Store["Service"], repository: Repository.Repository["Service"]): Port["surroundings"] =>
  Effect.fn("ReadModels.surroundings")(function* (organizationId, connectionId) {
    if (!isStorable(connectionId)) return {}
    const subject = { doing: "reading a connection", scope: { organizationId } }
    const [row] = yield* readByKey<AroundRow>(store, subject, around(organizationId), connectionId)
    if (row === undefined) return {}
    const connection = yield* Effect.fromResult(readState("connection", row.connection))
    return given({
      account: yield* optional("account", row.account),
      company: yield* optional("company", row.company),
      pending: yield* pendingOf(repository, connection, row.waiting),
      backfill: yield* optional("backfill", row.backfill),
      tallies: row.backfill === null ? undefined : row.tallies.map(tallyOf)
    })
  })

/** Reads from `Store`; the repository answers what is left over. */
export const layer: Layer.Layer<ReadModels.ReadModels, never, Store | Repository.Repository> = Layer.effect(
  ReadModels.ReadModels,
  Effect.gen(function* () {
    const store = yield* Store
    const repository = yield* Repository.Repository
    return ReadModels.ReadModels.of({
      keyHolder: keyHolder(store),
      workplaces: workplaces(store),
      surroundings: surroundings(store, repository)
    })
  })
)
