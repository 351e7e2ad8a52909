/** Reads outside of transactions, gathered with what else is read at the same time. */
import type { StoreUnavailable } from "@portolan/ports"
import { Effect } from "effect"
import type { RawBuilder } from "kysely"
import type { Store, TenantScope } from "../Store.ts"
import type { Row, Scope } from "./batch.ts"
import { insistent, judged } from "./failure.ts"
import type { Family, Reads } from "./Reads.ts"

type Read<A> = Effect.Effect<A, StoreUnavailable.StoreUnavailable>

/** What is read and what it sees. */
export interface Subject {
  /** What fails when it fails, e.g. `reading the history`. */
  readonly doing: string
  readonly scope: Pick<TenantScope, "organizationId" | "digest" | "personId" | "directory" | "linked">
}

const scopeOf = ({ digest, directory, linked, organizationId, personId }: Subject["scope"]): Scope => {
  if (organizationId !== undefined) return { name: "organization", value: organizationId }
  if (digest !== undefined) return { name: "digest", value: digest }
  if (personId !== undefined) return { name: "person", value: personId }
  if (directory === true) return { name: "directory", value: "on" }
  return { name: "linked", value: linked === true ? "on" : "" }
}

/** It fails as a transaction does, and is not interrupted on the way. */
const attempt = <A>(
  { database, reads }: Store["Service"],
  doing: string,
  work: (reads: Reads) => Promise<A>
): Read<A> =>
  insistent<A, StoreUnavailable.StoreUnavailable>(
    database.kind,
    doing,
    Effect.tryPromise({ try: () => work(reads), catch: (cause) => judged(doing, cause) })
  )

/** Reads the rows of a query. The type of a row is the caller's promise, as it is for every statement in SQL. */
export const read = <R>(
  store: Store["Service"],
  { doing, scope }: Subject,
  query: RawBuilder<R>
): Read<ReadonlyArray<R>> =>
  attempt(store, doing, async (reads) => {
    const [rows = []] = await reads.all(scopeOf(scope), query)
    return rows as ReadonlyArray<R>
  })

/**
 * Reads the rows of a list: from the replica when it may serve this organization, else from the primary, also when the
 * replica fails.
 */
export const readList = <R>(
  store: Store["Service"],
  subject: Subject,
  query: RawBuilder<R>
): Read<ReadonlyArray<R>> => {
  const {
    database: { replica },
    replicaReads
  } = store
  const { organizationId } = subject.scope
  const fromPrimary = read(store, subject, query)
  if (replica === undefined || replicaReads === undefined || organizationId === undefined) return fromPrimary
  const fromReplica = Effect.tryPromise({
    try: () => replicaReads.all(scopeOf(subject.scope), query),
    catch: (cause) => replica.distrust(cause)
  })
  return Effect.suspend(() =>
    replica.mayServe(organizationId)
      ? fromReplica.pipe(
          Effect.map(([rows = []]) => rows as ReadonlyArray<R>),
          Effect.catch(() => fromPrimary)
        )
      : fromPrimary
  )
}

/** The rows of a query, and those of another one that is put in every organization that the first rows name. */
export const readEach = <R, S>(
  store: Store["Service"],
  { doing, scope }: Subject,
  query: RawBuilder<R>,
  each: RawBuilder<S>
): Read<readonly [ReadonlyArray<R>, ReadonlyArray<S>]> =>
  attempt(store, doing, async (reads) => {
    const [rows = [], others = []] = await reads.all(scopeOf(scope), query, each)
    return [rows as ReadonlyArray<R>, others as ReadonlyArray<S>] as const
  })

/** Reads the rows of one key; keys of one family that are read at the same time share a query. */
export const readByKey = <R extends Row>(
  store: Store["Service"],
  { doing, scope }: Subject,
  family: Family,
  key: string
): Read<ReadonlyArray<R>> =>
  attempt(store, doing, async (reads) => (await reads.byKey(scopeOf(scope), family, key)) as ReadonlyArray<R>)
