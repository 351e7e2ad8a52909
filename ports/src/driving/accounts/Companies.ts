/** Companies and their brands (flow F1, steps 1 and 2; rules K-R1 to K-R4). */
import type { Access, Company, Id, Refused, Text } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import type { IdempotencyKey } from "../shared/idempotency.ts"
import * as AddCompany from "./addCompany.ts"
import * as ChangeCompany from "./changeCompany.ts"
import * as ListCompanies from "./listCompanies.ts"

/** What changing a company may fail with. */
export type ChangeError = Refused.Refused | NotFound | WriteError

/** Adds, changes and lists companies. */
export interface Contract {
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
    input: { readonly companyId: Id.CompanyId; readonly name: Text.Name },
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<Company.Open, ChangeError>

  /** Renames a brand; accounts that have it keep it under its new name. */
  readonly renameBrand: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    brand: { readonly brandId: Id.BrandId; readonly name: Text.Name }
  ) => Effect.Effect<Company.Open, ChangeError>

  /** Removes a brand that was added by mistake; refused for the last one, and for one that accounts have. */
  readonly removeBrand: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    brandId: Id.BrandId
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
  ) => Effect.Effect<Page<Company.Open>, Refused.Refused | InvalidCursor | StoreError>

  /** Reads one company. */
  readonly view: (
    caller: Access.Caller,
    companyId: Id.CompanyId
  ) => Effect.Effect<Company.Open, Refused.Refused | NotFound | StoreError>
}

const verbs = { ...AddCompany, ...ChangeCompany, ...ListCompanies }

/** Adds, changes and lists companies. */
export class Companies extends Context.Service<Companies, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Companies"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(Companies, bound(deps("repository", "secrets", "unitOfWork"), verbs))
}
