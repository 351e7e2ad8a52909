import type { RepositoryInstance } from "../../laws/repository/RepositoryInstance.ts"
import { byLaw, type Mutant } from "../../Mutant.ts"
import * as accessScope from "./accessScope.ts"
import * as anyValue from "./anyValue.ts"
import * as audit from "./audit.ts"
import * as claims from "./claims.ts"
import * as committing from "./committing.ts"
import * as erasing from "./erasing.ts"
import * as history from "./history.ts"
import * as idempotency from "./idempotency.ts"
import * as jobs from "./jobs.ts"
import * as loadWindows from "./loadWindows.ts"
import * as lookups from "./lookups.ts"
import * as misreading from "./misreading.ts"
import * as operatorReads from "./operatorReads.ts"
import * as pages from "./pages.ts"
import * as schemaVersions from "./schemaVersions.ts"
import * as sharing from "./sharing.ts"
import * as tenantIsolation from "./tenantIsolation.ts"
import * as versions from "./versions.ts"

const files = [
  committing,
  versions,
  claims,
  history,
  pages,
  tenantIsolation,
  idempotency,
  anyValue,
  jobs,
  accessScope,
  lookups,
  operatorReads,
  audit,
  erasing,
  loadWindows,
  schemaVersions,
  sharing,
  misreading
]

/** All mutants of the repository, by the id of their law and their own. */
export const mutants: ReadonlyArray<Mutant<RepositoryInstance>> = files
  .flatMap((file): ReadonlyArray<Mutant<RepositoryInstance>> => Object.values(file))
  .toSorted(byLaw)
