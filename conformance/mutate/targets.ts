/** Which files of a subject are changed, and the ports whose laws have to notice. */

/** A subject whose source is at hand. */
export interface Target {
  /** The module with the subjects, from the root of the repository. */
  readonly subjects: string
  /** What is loaded anew for each change: everything below this folder. */
  readonly folder: string
  readonly files: Readonly<Record<string, ReadonlyArray<string>>>
  /** Files that are not changed, and why. */
  readonly leftOut: Readonly<Record<string, string>>
}

const repository = ["repository"]

/** The subjects that can be mutated, by name. */
export const targets: Readonly<Record<string, Target>> = {
  memory: {
    subjects: "adapters/memory/conformance.ts",
    folder: "adapters/memory/",
    files: {
      "adapters/memory/src/DataSinkMemory.ts": ["data-sink"],
      "adapters/memory/src/EventLogMemory.ts": repository,
      "adapters/memory/src/MailerMemory.ts": ["mailer"],
      "adapters/memory/src/NotifierMemory.ts": ["notifier"],
      "adapters/memory/src/RepositoryMemory.ts": repository,
      "adapters/memory/src/SchedulerMemory.ts": ["scheduler"],
      "adapters/memory/src/SecretsSeeded.ts": ["secrets"],
      "adapters/memory/src/TokenVaultMemory.ts": ["token-vault"],
      "adapters/memory/src/UnitOfWorkMemory.ts": repository,
      "adapters/memory/src/WorkersMemory.ts": ["workers", "scheduler"],
      "adapters/memory/src/paged.ts": ["mailer", "repository"],
      "adapters/memory/src/providerQueries.ts": ["provider-api"],
      "adapters/memory/src/repository/lists.ts": repository,
      "adapters/memory/src/repository/lookups.ts": repository,
      "adapters/memory/src/repository/queries.ts": repository,
      "adapters/memory/src/repository/windows.ts": repository
    },
    leftOut: {
      "adapters/memory/src/organizations.ts": "it founds organizations through the unit of work, and is no adapter",
      "adapters/memory/src/AuditLogMemory.ts": "the port AuditLog has no laws yet",
      "adapters/memory/src/IdentityMemory.ts": "the port Identity has no laws yet",
      "adapters/memory/src/VaultKeysMemory.ts": "the port VaultKeys has no laws yet",
      "adapters/memory/src/ProviderApiMemory.ts": "its answers come from a script; the laws about answers need HTTP",
      "adapters/memory/src/ProviderScript.ts": "it is the script of a test, and no adapter",
      "adapters/memory/src/OlderRecords.ts": "it plants records for tests",
      "adapters/memory/src/Memory.ts": "it declares the world, and decides nothing",
      "adapters/memory/src/MemoryAdapters.ts": "it puts layers together",
      "adapters/memory/src/index.ts": "it exports"
    }
  }
}
