/** The three ways in which aggregates are read: by a condition, as a list, and by a digest. */
import type { Aggregate, Id, Stored } from "@portolan/domain"
import { Cursor, Repository } from "@portolan/ports"
import { Effect, Result } from "effect"
import { sql } from "kysely"
import { isStorable, readState, type StateRow } from "../codec.ts"
import { paged, readPage, type Window } from "../paged.ts"
import type { Row as AnyRow } from "../store/batch.ts"
import { read, readByKey, type Subject } from "../store/reading.ts"
import type { Store } from "../Store.ts"
import { tableOf } from "../Tables.ts"
import { type Condition } from "./conditions.ts"

/** What the repository works with. */
export interface RepositoryContext {
  readonly store: Store["Service"]
  /** Seals cursors. */
  readonly key: CryptoKey
}

interface Row extends StateRow, AnyRow {
  readonly id: string
  readonly schema_version: number | null
  readonly state: unknown
  readonly version: number
}

interface ListRow extends Row {
  readonly place: string | number
}

const versioned = <K extends Aggregate.Kind>(kind: K, row: Row) =>
  Result.map(readState(kind, row), (state): Repository.Versioned<Aggregate.Present<K>> => ({
    state,
    version: row.version
  }))

/** Reads the rows of a kind that meet a condition; `rest` may also order and limit them. */
export const selectEach = <K extends Aggregate.Kind>(
  { store }: RepositoryContext,
  kind: K,
  scope: Subject["scope"],
  rest: Condition
) =>
  Effect.map(
    read(
      store,
      { doing: `reading a ${kind}`, scope },
      sql<Row>`select id, version, schema_version, state from ${sql.table(tableOf[kind])} where ${rest}`
    ),
    (rows) => rows.map((row) => versioned(kind, row))
  )

/** Fails with the first row that cannot be read. */
const readable = <A>(rows: ReadonlyArray<Result.Result<A, Stored.Unreadable>>) =>
  Effect.forEach(rows, (row): Effect.Effect<A, Stored.Unreadable> => Effect.fromResult(row))

/** What is read by a key of an organization. `rest`: the rows of some keys, which may also be limited and ordered. */
export interface Keyed<K extends Aggregate.Kind> {
  readonly kind: K
  /** The column of the key. */
  readonly column: string
  readonly rest: (keys: Condition, organizationId: Id.OrganizationId) => Condition
  /** What tells the query from others by the same column; left out where there is only one. */
  readonly name?: string
}

/** Reads the rows of a key. Those of other keys that are read at the same time share the query. */
export const selectByKey = <K extends Aggregate.Kind>(
  { store }: RepositoryContext,
  { column, kind, name = `${kind} by ${column}`, rest }: Keyed<K>,
  organizationId: Id.OrganizationId,
  key: string
) => {
  const table = sql.table(tableOf[kind])
  const more = column === "id" ? sql`` : sql`, ${sql.ref(column)}`
  const query = (keys: ReadonlyArray<string>) =>
    sql`select id, version, schema_version, state${more} from ${table} where organization_id = ${organizationId}
      and ${rest(sql`${sql.val([...keys])}::text[]`, organizationId)}`
  const family = { name, column, query }
  return Effect.flatMap(
    readByKey<Row>(store, { doing: `reading a ${kind}`, scope: { organizationId } }, family, key),
    (rows) => readable(rows.map((row) => versioned(kind, row)))
  )
}

/** The same; fails with the first row that cannot be read. */
export const select = <K extends Aggregate.Kind>(
  context: RepositoryContext,
  kind: K,
  scope: Subject["scope"],
  rest: Condition
) => Effect.flatMap(selectEach(context, kind, scope, rest), readable)

/** What a list shows, and in which order. */
export interface List<K extends Aggregate.Kind> {
  readonly kind: K
  /** One organization, or all of them. */
  readonly scope: { readonly organizationId: Id.OrganizationId } | { readonly directory: true }
  /** What the list's cursors are bound to. */
  readonly filter: object
  readonly where: ReadonlyArray<Condition>
  readonly sort?: "at" | "sort_name" | "sort_address"
  readonly latestFirst?: boolean
}

const selectList = <K extends Aggregate.Kind>(
  store: Store["Service"],
  { kind, latestFirst = false, scope, sort = "at", where }: List<K>,
  window: Window
) => {
  const column = sql.ref(sort)
  const direction = sql.raw(latestFirst ? "desc" : "asc")
  const own = "organizationId" in scope ? [sql`organization_id = ${scope.organizationId}`] : []
  const comparison = sql.raw(latestFirst ? "<" : ">")
  const { after } = window
  return readPage<ListRow>(
    store,
    { doing: `listing ${kind} rows`, scope },
    {
      columns: sql`id, version, schema_version, state, ${column} as place`,
      table: sql.table(tableOf[kind]),
      where: sql.join([...own, ...where, sql`true`], sql` and `),
      after: after === undefined ? sql`true` : sql`(${column}, id) ${comparison} (${after[0]}, ${after[1]})`,
      order: sql`place ${direction}, id ${direction}`
    },
    window
  )
}

/** Reads one page of a list. */
export const list = <K extends Aggregate.Kind>(
  { key, store }: RepositoryContext,
  spec: List<K>,
  page: Repository.PageRequest
) => {
  const { filter, kind, scope, sort = "at" } = spec
  const name = ["organizationId" in scope ? scope.organizationId : null, kind, Cursor.spelled(filter)]
  return paged({ key, name, page }, (window) => selectList(store, spec, window), {
    place: (row) => [sort === "at" ? Number(row.place) : row.place, row.id],
    read: (row) => readState(kind, row)
  })
}

/** Finds the one row that belongs to a digest, in whatever organization. */
export const byDigest = Effect.fnUntraced(function* <K extends Aggregate.Kind>(
  context: RepositoryContext,
  kind: K,
  { column, digest, id }: { readonly column: string; readonly digest: string; readonly id: string }
) {
  const [found] =
    !isStorable(digest) || digest === ""
      ? []
      : yield* select(context, kind, { digest }, sql`${sql.ref(column)} = ${digest} limit 1`)
  return found ?? (yield* new Repository.NotFound({ kind, id }))
})
