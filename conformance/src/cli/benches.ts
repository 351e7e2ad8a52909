import { repository } from "../laws/store/repository.ts"
import { tokenVault } from "../laws/vault/tokenVault.ts"
import { bench, type Bench } from "./Bench.ts"

/** All ports that the suite has laws for. */
export const benches: ReadonlyArray<Bench> = [
  bench(
    tokenVault,
    (subjects) => subjects.tokenVault,
    (subject) => ({ tokenVault: subject })
  ),
  bench(
    repository,
    (subjects) => subjects.repository,
    (subject) => ({ repository: subject })
  )
]
