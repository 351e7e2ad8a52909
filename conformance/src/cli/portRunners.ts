import { repository } from "../laws/repository/repository.ts"
import { tokenVault } from "../laws/vault/tokenVault.ts"
import { workers } from "../laws/workers/workers.ts"
import { portRunner, type PortRunner } from "./PortRunner.ts"

/** All ports that the suite has laws for. */
export const portRunners: ReadonlyArray<PortRunner> = [
  portRunner(
    tokenVault,
    (subjects) => subjects.tokenVault,
    (subject) => ({ tokenVault: subject })
  ),
  portRunner(
    repository,
    (subjects) => subjects.repository,
    (subject) => ({ repository: subject })
  ),
  portRunner(
    workers,
    (subjects) => subjects.workers,
    (subject) => ({ workers: subject })
  )
]
