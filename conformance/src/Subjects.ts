import type { Instance, Subject } from "./Subject.ts"
import type { MailerInstance } from "./laws/mailer/MailerInstance.ts"
import type { NotifierInstance } from "./laws/notifier/NotifierInstance.ts"
import type { ProviderInstance } from "./laws/provider/ProviderInstance.ts"
import type { RepositoryInstance } from "./laws/repository/RepositoryInstance.ts"
import type { SchedulerInstance } from "./laws/scheduler/SchedulerInstance.ts"
import type { SecretsInstance } from "./laws/secrets/SecretsInstance.ts"
import type { SinkInstance } from "./laws/sink/SinkInstance.ts"
import type { VaultInstance } from "./laws/vault/VaultInstance.ts"
import type { WorkersInstance } from "./laws/workers/WorkersInstance.ts"

const marker = Symbol.for("@portolan/conformance/Subjects")

/** The adapters that one module offers for testing, by port. */
export interface Subjects {
  readonly tokenVault?: Subject<VaultInstance>
  readonly repository?: Subject<RepositoryInstance>
  readonly workers?: Subject<WorkersInstance>
  readonly providerApi?: Subject<ProviderInstance>
  readonly scheduler?: Subject<SchedulerInstance>
  readonly secrets?: Subject<SecretsInstance>
  readonly dataSink?: Subject<SinkInstance>
  readonly mailer?: Subject<MailerInstance>
  readonly notifier?: Subject<NotifierInstance>
}

const ports = [
  "tokenVault",
  "repository",
  "workers",
  "providerApi",
  "scheduler",
  "secrets",
  "dataSink",
  "mailer",
  "notifier"
]

/** What a module given to `--subject` exports by default. Throws when a name is none of a port. */
export const defineSubjects = (subjects: Subjects): Subjects => {
  const unknown = Object.keys(subjects).find((name) => !ports.includes(name))
  if (unknown !== undefined)
    throw new Error(`defineSubjects takes ${ports.slice(0, -1).join(", ")} and ${ports.at(-1)}, not '${unknown}'`)
  return Object.assign({ ...subjects }, { [marker]: true })
}

/** Tells whether a value was made by `defineSubjects`. */
export const isSubjects = (value: unknown): value is Subjects =>
  typeof value === "object" && value !== null && marker in value

/** Lists the names of what a module offers. */
export const names = (subjects: Subjects): ReadonlyArray<string> =>
  Object.values(subjects)
    .filter((subject): subject is Subject<Instance> => typeof subject === "object" && subject !== null)
    .map((subject) => subject.name)
