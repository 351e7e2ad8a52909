/** Every store, the vault, the scheduler and the sink, from one database. */
import type { KeyRing } from "@portolan/ports"
import { type Duration, Layer, type Redacted } from "effect"
import * as AuditLogPostgres from "./AuditLogPostgres.ts"
import * as ReadModelsPostgres from "./ReadModelsPostgres.ts"
import * as RepositoryPostgres from "./RepositoryPostgres.ts"
import * as DataKeys from "./DataKeys.ts"
import * as DataSinkPostgres from "./DataSinkPostgres.ts"
import * as EventLogPostgres from "./EventLogPostgres.ts"
import * as MailerPostgres from "./MailerPostgres.ts"
import * as RetentionPostgres from "./RetentionPostgres.ts"
import * as SchedulerPostgres from "./SchedulerPostgres.ts"
import type { MasterKeyUnusable } from "./Seal.ts"
import * as Store from "./Store.ts"
import * as TokenReadsPostgres from "./TokenReadsPostgres.ts"
import * as TokenVaultPostgres from "./TokenVaultPostgres.ts"
import * as UnitOfWorkPostgres from "./UnitOfWorkPostgres.ts"
import * as VaultKeysPostgres from "./VaultKeysPostgres.ts"
import * as WorkersPostgres from "./WorkersPostgres.ts"

/** What the adapters need besides a database. */
export interface Options {
  /** Seals the data keys: `KeyRingLocal.layer`, or a ring over a key management service. */
  readonly keyRing: Layer.Layer<KeyRing.KeyRing, MasterKeyUnusable | KeyRing.KeyRingUnavailable>
  /** Seals cursors; 32 characters or more, the same in all processes. */
  readonly cursorSecret: Redacted.Redacted<string>
  /** How long work of a worker that died waits at most; see `SchedulerPostgres.claimLife`. */
  readonly claimLife?: Duration.Duration
}

/** The ports without what they stand on. */
export const ports = ({ claimLife, cursorSecret, keyRing }: Options) =>
  Layer.mergeAll(
    UnitOfWorkPostgres.layer,
    Layer.provideMerge(ReadModelsPostgres.layer, RepositoryPostgres.layer({ cursorSecret })),
    EventLogPostgres.layer({ cursorSecret }),
    AuditLogPostgres.layer({ cursorSecret }),
    SchedulerPostgres.layer(claimLife === undefined ? {} : { claimLife }),
    DataSinkPostgres.layer,
    RetentionPostgres.layer,
    WorkersPostgres.layer,
    Layer.provide(
      Layer.mergeAll(TokenVaultPostgres.layer, TokenReadsPostgres.layer, VaultKeysPostgres.layer),
      DataKeys.layer
    ).pipe(Layer.provideMerge(keyRing))
  )

/**
 * Migrates the database and gives UnitOfWork, Repository, ReadModels, EventLog, AuditLog, Scheduler, Workers,
 * Retention, TokenVault, TokenReads, VaultKeys, KeyRing and DataSink. Needs a `Database`: the application opens it with
 * `Database.layerPostgres` or `Database.layerPGlite`.
 */
export const layer = (options: Options) => ports(options).pipe(Layer.provide(Store.layer))

/**
 * A `Mailer` that keeps mails in the same database instead of sending them, for an installation without a mail server.
 * A layer of its own, so that an app takes this one or one that sends. Needs a `Database`.
 */
export const mailArchive = ({ cursorSecret }: Pick<Options, "cursorSecret">) =>
  MailerPostgres.layer({ cursorSecret }).pipe(Layer.provide(Store.layer))
