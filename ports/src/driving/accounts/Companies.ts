/** Companies and their brands (flow F1, steps 1 and 2; rules K-R1 to K-R4). */
import type { Access, Company, Effects, Id, Refused, Text } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import type { IdempotencyKey } from "../shared/idempotency.ts"
import * as AddCompany from "./addCompany.ts"
import * as ChangeCompany from "./changeCompany.ts"
import type { CompanyFilter } from "./listCompanies.ts"
import * as ListCompanies from "./listCompanies.ts"
import * as RemoveCompany from "./removeCompany.ts"

import type { CompanyCommand } from "./removeCompany.ts"

export type { CompanyFilter } from "./listCompanies.ts"
export type { CompanyCommand } from "./removeCompany.ts"

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
    { readonly company: Company.Present; readonly sameNamed: ReadonlyArray<Company.Present> },
    ChangeError | InvalidCursor
  >

  /** Adds a brand to a company. */
  readonly addBrand: (
    caller: Access.Caller,
    input: { readonly companyId: Id.CompanyId; readonly name: Text.Name },
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<Company.Present, ChangeError>

  /** Renames a brand; accounts that have it keep it under its new name. */
  readonly renameBrand: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    brand: { readonly brandId: Id.BrandId; readonly name: Text.Name }
  ) => Effect.Effect<Company.Present, ChangeError>

  /** Removes a brand that was added by mistake; refused for the last one, and for one that accounts have. */
  readonly removeBrand: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    brandId: Id.BrandId
  ) => Effect.Effect<Company.Present, ChangeError>

  /** Renames a company. */
  readonly rename: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    name: Text.Name
  ) => Effect.Effect<Company.Present, ChangeError>

  /**
   * Takes a company that is there twice off the lists and choices; refused while it has an account in use. Access that
   * is limited to it stays as it is, and shows nothing.
   */
  readonly remove: (caller: Access.Caller, companyId: Id.CompanyId) => Effect.Effect<Company.Present, ChangeError>

  /** Puts a removed company back, with its brands, its main account and its history. */
  readonly restore: (caller: Access.Caller, companyId: Id.CompanyId) => Effect.Effect<Company.Present, ChangeError>

  /**
   * Takes every account in use to another company and removes the company. Asked again, it goes on where it stopped.
   */
  readonly merge: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    into: Id.CompanyId
  ) => Effect.Effect<Company.Present, ChangeError>

  /** What removing, merging or restoring would do, for a page that asks for confirmation (rule C14). */
  readonly effects: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    command: CompanyCommand
  ) => Effect.Effect<ReadonlyArray<Effects.Effect>, Refused.Refused | NotFound | StoreError>

  /** Lists companies by name: those in use, unless other states are asked for. */
  readonly list: (
    caller: Access.Caller,
    filter: CompanyFilter,
    page: PageRequest
  ) => Effect.Effect<Page<Company.Present>, Refused.Refused | InvalidCursor | StoreError>

  /** Reads one company. */
  readonly view: (
    caller: Access.Caller,
    companyId: Id.CompanyId
  ) => Effect.Effect<Company.Present, Refused.Refused | NotFound | StoreError>
}

const verbs = { ...AddCompany, ...ChangeCompany, ...ListCompanies, ...RemoveCompany }

/** Adds, changes and lists companies. */
export class Companies extends Context.Service<Companies, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Companies"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(Companies, bound(deps("repository", "secrets", "unitOfWork"), verbs))
}
