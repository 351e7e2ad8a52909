import { mailer } from "../laws/mailer/mailer.ts"
import { notifier } from "../laws/notifier/notifier.ts"
import { providerApi } from "../laws/provider/provider.ts"
import { repository } from "../laws/repository/repository.ts"
import { scheduler } from "../laws/scheduler/scheduler.ts"
import { secrets } from "../laws/secrets/secrets.ts"
import { dataSink } from "../laws/sink/dataSink.ts"
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
  ),
  portRunner(
    providerApi,
    (subjects) => subjects.providerApi,
    (subject) => ({ providerApi: subject })
  ),
  portRunner(
    scheduler,
    (subjects) => subjects.scheduler,
    (subject) => ({ scheduler: subject })
  ),
  portRunner(
    secrets,
    (subjects) => subjects.secrets,
    (subject) => ({ secrets: subject })
  ),
  portRunner(
    dataSink,
    (subjects) => subjects.dataSink,
    (subject) => ({ dataSink: subject })
  ),
  portRunner(
    mailer,
    (subjects) => subjects.mailer,
    (subject) => ({ mailer: subject })
  ),
  portRunner(
    notifier,
    (subjects) => subjects.notifier,
    (subject) => ({ notifier: subject })
  )
]
