import { degenerates } from "../../mutants/repository/degenerates.ts"
import { mutants } from "../../mutants/repository/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/repository/modelSubject.ts"
import { repo41 } from "./lookups.ts"
import { repo43 } from "./operatorReads.ts"
import { repo25 } from "./anyValue.ts"
import { repo42 } from "./audit.ts"
import { repo06, repo08 } from "./claims.ts"
import { repo07, repo29 } from "./claimRefusals.ts"
import { repo09 } from "./identifiers.ts"
import { repo01 } from "./committing.ts"
import { repo02 } from "./rollback.ts"
import { repo03, repo04, repo05 } from "./versions.ts"
import { repo46 } from "./claimedProfiles.ts"
import { repo44 } from "./erasing.ts"
import { repo52 } from "./loadWindows.ts"
import { repo10, repo27 } from "./history.ts"
import { repo11, repo12 } from "./eventOrder.ts"
import { repo13 } from "./eventIdentity.ts"
import { repo30, sched19 } from "./jobs.ts"
import { repo26 } from "./schemaVersions.ts"
import { repo21 } from "./writeSkew.ts"
import { repo23 } from "./idempotency.ts"
import { repo24 } from "./lostReplies.ts"
import { repo15, repo16 } from "./pages.ts"
import { repo17, repo18 } from "./cursors.ts"
import { repo45 } from "./totals.ts"
import { repo40 } from "./accessScope.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { repo47, repo48 } from "./overlapping.ts"
import { repo49 } from "./narrowedToNothing.ts"
import { repo50 } from "./readingOn.ts"
import { repo51 } from "./outages.ts"
import { repo19 } from "./tenantIsolation.ts"

/** The laws of the unit of work and of what is read after it: the repository, the history, the jobs it schedules. */
export const repository: Port<RepositoryInstance> = {
  name: "repository",
  laws: [
    repo01,
    repo02,
    repo03,
    repo04,
    repo05,
    repo06,
    repo07,
    repo08,
    repo09,
    repo10,
    repo11,
    repo12,
    repo13,
    repo15,
    repo16,
    repo17,
    repo18,
    repo19,
    repo21,
    repo23,
    repo24,
    repo25,
    repo26,
    repo27,
    repo29,
    repo30,
    repo40,
    repo41,
    repo42,
    repo43,
    repo44,
    repo45,
    repo46,
    repo47,
    repo48,
    repo49,
    repo50,
    repo51,
    repo52,
    sched19
  ],
  reference: modelSubject("model repository"),
  mutants,
  degenerates,
  refusals: {}
}
