import { connectionStore } from "../laws/store/connectionStore.ts"
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
    connectionStore,
    (subjects) => subjects.connectionStore,
    (subject) => ({ connectionStore: subject })
  )
]
