/** Reads that begin together: one statement, the rows of each tenant for itself, and failures for themselves. */
import { describe, expect, it } from "@effect/vitest"
import { Id } from "@portolan/domain"
import { Repository, Secrets, UnitOfWork } from "@portolan/ports"
import { SecretsCrypto } from "@portolan/secrets"
import { Effect, Exit, Layer, Redacted } from "effect"
import { type Dialect, sql } from "kysely"
import { Database, PostgresAdapters, Store } from "../src/index.ts"
import { read } from "../src/store/reading.ts"
import { change, company } from "./support/change.ts"
import { freshDatabase } from "./support/databases.ts"
import { options } from "./support/subjects.ts"

/** Counts the statements that leave through a dialect. */
const counting = () => {
  let count = 0
  const wrap = (dialect: Dialect): Dialect => ({
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (kysely) => dialect.createIntrospector(kysely),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => {
      const driver = dialect.createDriver()
      const own = driver.acquireConnection.bind(driver)
      driver.acquireConnection = async (settings) => {
        const connection = await own(settings)
        const execute = connection.executeQuery.bind(connection)
        connection.executeQuery = (query) => {
          count += 1
          return execute(query)
        }
        return connection
      }
      return driver
    }
  })
  return { wrap, statements: () => count }
}

const secrets = SecretsCrypto.layer(Redacted.make("a deployment secret for tests, 32 or more"))

/** Counts over all statements of the subjects, which take turns. */
const { statements, wrap } = counting()

/** The stores over a database; what they are made of stays in reach. */
const over = <E, R>(database: Layer.Layer<Database.Database, E, R>) =>
  Layer.mergeAll(secrets, PostgresAdapters.layer(options)).pipe(
    Layer.provideMerge(Layer.provideMerge(Store.layer, database))
  )

const subjects = [
  {
    name: "postgres",
    layer: over(
      Layer.unwrap(Effect.map(freshDatabase, ({ url }) => Database.layerPostgres({ url, poolSize: 2, wrap })))
    )
  },
  { name: "pglite", layer: over(Database.layerPGlite({ wrap })) }
] as const

const unbounded = { concurrency: "unbounded" } as const

const odd = "50 % of $1, %1$L 'quoted' \\ \"twice\" {braces} ünï ✓"

const newCompany = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, name: string) {
  const { state, write } = yield* company(organizationId, name)
  yield* (yield* UnitOfWork.UnitOfWork).commit(change(organizationId, { writes: [write] }))
  return state
})

for (const subject of subjects) {
  describe(subject.name, () => {
    it.layer(subject.layer, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
      it.effect("reads of one organization that begin together are one statement, and equal ones are asked once", () =>
        Effect.gen(function* () {
          const { id } = yield* Secrets.Secrets
          const { companies, find, incidents } = yield* Repository.Repository
          const [own, other] = [yield* id("organization"), yield* id("organization")]
          const made = yield* Effect.forEach(["A", odd, "C"], (name) => newCompany(own, name))
          const theirs = yield* newCompany(other, "Theirs")
          const before = statements()
          const [found, list, searched, , missing] = yield* Effect.all(
            [
              Effect.forEach([...made, ...made], (one) => find("company", own, one.id), unbounded),
              companies(own, {}, { limit: 10 }),
              companies(own, { search: odd }, { limit: 10 }),
              incidents(),
              Effect.exit(find("company", own, theirs.id))
            ],
            unbounded
          )
          expect(statements() - before).toBe(1)
          expect(found.map(({ state }) => state)).toEqual([...made, ...made])
          expect(list.items.map(({ id }) => id).toSorted()).toEqual(made.map(({ id }) => id).toSorted())
          expect(searched.items).toEqual([made[1]])
          expect(Exit.isFailure(missing)).toBe(true)

          // Of two organizations: each statement sees the rows of its own.
          const [mine, yours] = yield* Effect.all(
            [companies(own, {}, { limit: 10 }), companies(other, {}, { limit: 10 })],
            unbounded
          )
          expect([mine.items.length, yours.items]).toEqual([3, [theirs]])
          expect(statements() - before).toBe(3)
        })
      )

      it.effect("a read that the server refuses fails alone, and nothing of a scope stays behind", () =>
        Effect.gen(function* () {
          const store = yield* Store.Store
          const organizationId = yield* (yield* Secrets.Secrets).id("organization")
          const made = yield* newCompany(organizationId, "Alone")
          const subject = { doing: "trying", scope: { organizationId } }
          const all = sql<{ readonly id: string }>`select id from portolan.companies`
          const deleting = sql`with gone as (delete from portolan.companies returning id) select id from gone`
          const [good, wrong, writing, unseen] = yield* Effect.all(
            [
              read(store, subject, all),
              Effect.exit(read(store, subject, sql`select 1 / 0 as never`)),
              Effect.exit(read(store, subject, deleting)),
              read(store, { doing: "trying", scope: { personId: "per_x" as Id.PersonId } }, all)
            ],
            unbounded
          )
          expect(good).toEqual([{ id: made.id }])
          expect(Exit.hasDies(wrong) && Exit.hasDies(writing)).toBe(true)
          expect(unseen).toEqual([])
          const { kysely } = store.database
          const left = yield* Effect.promise(() =>
            sql<{ readonly left: string }>`select concat(current_setting('portolan.organization', true),
              current_setting('portolan.person', true), nullif(current_setting('role'), 'none')) as left`.execute(
              kysely
            )
          )
          expect(left.rows).toEqual([{ left: "" }])
          // A transaction that is bound to an organization learns nothing of another one.
          const nested = yield* Effect.exit(
            Effect.tryPromise(() =>
              kysely.transaction().execute(async (trx) => {
                await sql`select set_config('portolan.organization', ${organizationId}, true)`.execute(trx)
                await sql`select portolan.read_batch('none', '{organization}', '{org_other}', '{select 1}', '{}')`.execute(
                  trx
                )
              })
            )
          )
          expect(Exit.isFailure(nested)).toBe(true)
        })
      )
    })
  })
}
