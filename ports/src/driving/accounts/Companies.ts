/** The conversation about companies and their brands (flow F1, steps 1 and 2; rules K-R1 to K-R4). */
import { Access, type Company, type Id, type Refused, Text } from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import { Repository, type InvalidCursor, type NotFound, type Page, type PageRequest } from "../../driven/Repository.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import { decide, makeCommit, onConflictAgain } from "../shared/change.ts"
import { makeIdempotency, type IdempotencyKey, idempotencyRecord } from "../shared/creating.ts"
import { makeAccessScope } from "../shared/reach.ts"

/** What changing a company may fail with. */
export type ChangeError = Refused.Refused | NotFound | CommitError

/** Asks about companies. */
export class Companies extends Context.Service<
  Companies,
  {
    /**
     * Adds a company with its first brand. A name that exists already is accepted; `sameNamed` lists the others, so that
     * the person can be warned (rule K-R2).
     */
    readonly add: (
      caller: Access.Caller,
      input: { readonly name: Text.Name; readonly brand: Text.Name },
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<
      { readonly company: Company.Open; readonly sameNamed: ReadonlyArray<Company.Open> },
      ChangeError | InvalidCursor
    >

    /** Adds a brand to a company. */
    readonly addBrand: (
      caller: Access.Caller,
      companyId: Id.CompanyId,
      name: Text.Name,
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<Company.Open, ChangeError>

    /** Renames a company. */
    readonly rename: (
      caller: Access.Caller,
      companyId: Id.CompanyId,
      name: Text.Name
    ) => Effect.Effect<Company.Open, ChangeError>

    /** Lists companies by name; `search` looks into names and brands. */
    readonly list: (
      caller: Access.Caller,
      search: string | undefined,
      page: PageRequest
    ) => Effect.Effect<Page<Company.Open>, Refused.Refused | InvalidCursor | StoreUnavailable>

    /** Reads one company. */
    readonly view: (
      caller: Access.Caller,
      companyId: Id.CompanyId
    ) => Effect.Effect<Company.Open, Refused.Refused | NotFound | StoreUnavailable>
  }
>()("@portolan/ports/driving/Companies") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Companies,
    Effect.gen(function* () {
      const store = yield* Repository
      const secrets = yield* Secrets
      const commit = yield* makeCommit
      const withIdempotency = yield* makeIdempotency
      const accessScope = yield* makeAccessScope

      const read = (caller: Access.Caller, companyId: Id.CompanyId) =>
        Effect.map(store.find("company", caller.organizationId, companyId), ({ state }) => state)

      const change = (
        caller: Access.Caller,
        companyId: Id.CompanyId,
        command: Company.Command,
        idempotency: ReturnType<typeof idempotencyRecord> = {}
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const found = yield* accessScope.company(caller, "administer", companyId)
            const decided = yield* Effect.fromResult(decide("company", companyId, found, command))
            const { actor, organizationId } = caller
            yield* commit({ organizationId, actor, at: yield* DateTime.now, ...idempotency }, [decided])
            return yield* read(caller, companyId)
          })
        )

      return Companies.of({
        add: Effect.fn("Companies.add")(function* (caller, { brand, name }, idempotencyKey) {
          yield* accessScope.requireUnrestricted(caller, "administer")
          const { actor, organizationId } = caller
          const create = Effect.gen(function* () {
            const at = yield* DateTime.now
            const id = yield* secrets.id("company")
            const company = {
              id,
              organizationId,
              name,
              createdAt: at,
              brands: [{ id: yield* secrets.id("brand"), name: brand }]
            } as const
            const decided = yield* Effect.fromResult(decide("company", id, undefined, { _tag: "Add", company }))
            yield* commit({ organizationId, actor, at, ...idempotencyRecord(idempotencyKey, id) }, [decided])
            return id as string
          })
          return yield* withIdempotency(organizationId, idempotencyKey, create, (id) =>
            Effect.gen(function* () {
              const { state: company } = yield* store.find("company", organizationId, id)
              const { items } = yield* store.companies(organizationId, { search: company.name }, { limit: 20 })
              const sameNamed = items.filter(
                (other) => other.id !== id && Text.folded(other.name) === Text.folded(company.name)
              )
              return { company, sameNamed }
            })
          )
        }),

        addBrand: Effect.fn("Companies.addBrand")(function* (caller, companyId, name, idempotencyKey) {
          yield* accessScope.requireUnrestricted(caller, "administer")
          const create = Effect.gen(function* () {
            const brand = { id: yield* secrets.id("brand"), name }
            yield* change(caller, companyId, { _tag: "AddBrand", brand }, idempotencyRecord(idempotencyKey, brand.id))
            return brand.id as string
          })
          return yield* withIdempotency(caller.organizationId, idempotencyKey, create, () => read(caller, companyId))
        }),

        rename: Effect.fn("Companies.rename")((caller, companyId, name) =>
          change(caller, companyId, { _tag: "Rename", name })
        ),

        list: Effect.fn("Companies.list")(function* (caller, search, page) {
          yield* Effect.fromResult(Access.check(caller, "read"))
          const filter = {
            ...(search === undefined ? {} : { search }),
            ...(yield* accessScope.companiesWithin(caller))
          }
          return yield* store.companies(caller.organizationId, filter, page)
        }),

        view: Effect.fn("Companies.view")(function* (caller, companyId) {
          return (yield* accessScope.company(caller, "read", companyId)).state
        })
      })
    })
  )
}
