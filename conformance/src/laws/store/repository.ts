import { degenerates } from "../../mutants/store/degenerates.ts"
import { mutants } from "../../mutants/store/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/store/modelSubject.ts"
import { repo41, repo43 } from "./across.ts"
import { repo25 } from "./anyValue.ts"
import { repo42 } from "./audit.ts"
import { repo06, repo07, repo08, repo09, repo29 } from "./claims.ts"
import { repo01, repo02, repo03, repo04, repo05 } from "./committing.ts"
import { repo44 } from "./erasing.ts"
import { repo10, repo11, repo12, repo13, repo27 } from "./history.ts"
import { repo30, sched19 } from "./intents.ts"
import { repo21, repo23, repo24 } from "./once.ts"
import { repo15, repo16, repo17, repo18 } from "./pages.ts"
import { repo40 } from "./reach.ts"
import type { StoreInstance } from "./StoreInstance.ts"
import { repo19 } from "./walls.ts"

/** The laws of the unit of work and of what is read after it: the connection store, the history, the work it schedules. */
export const repository: Port<StoreInstance> = {
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
    repo27,
    repo29,
    repo30,
    repo40,
    repo41,
    repo42,
    repo43,
    repo44,
    sched19
  ],
  reference: modelSubject("model store"),
  mutants,
  degenerates,
  refusals: {}
}
