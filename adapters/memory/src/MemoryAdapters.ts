/** Every driven port from one fresh world. */
import { type ProviderApi, ReadModels, type Secrets, TokenReads } from "@portolan/ports"
import { Layer } from "effect"
import * as AuditLogMemory from "./AuditLogMemory.ts"
import * as RepositoryMemory from "./RepositoryMemory.ts"
import * as DataSinkMemory from "./DataSinkMemory.ts"
import * as EventLogMemory from "./EventLogMemory.ts"
import * as IdentityMemory from "./IdentityMemory.ts"
import * as MailerMemory from "./MailerMemory.ts"
import * as Memory from "./Memory.ts"
import * as NotifierMemory from "./NotifierMemory.ts"
import * as ProviderApiMemory from "./ProviderApiMemory.ts"
import * as ProviderScript from "./ProviderScript.ts"
import * as SchedulerMemory from "./SchedulerMemory.ts"
import * as SecretsSeeded from "./SecretsSeeded.ts"
import * as TokenVaultMemory from "./TokenVaultMemory.ts"
import * as UnitOfWorkMemory from "./UnitOfWorkMemory.ts"
import * as VaultKeysMemory from "./VaultKeysMemory.ts"
import * as WorkersMemory from "./WorkersMemory.ts"

/**
 * The ports that keep something: unit of work, lists, history, audit log, scheduler, vault, sink, notices, mails. Needs
 * a `Memory`.
 */
export const stores = Layer.mergeAll(
  UnitOfWorkMemory.layer,
  Layer.provideMerge(ReadModels.composed, RepositoryMemory.layer),
  EventLogMemory.layer,
  AuditLogMemory.layer,
  SchedulerMemory.layer,
  TokenReads.composed.pipe(Layer.provide(RepositoryMemory.layer), Layer.provideMerge(TokenVaultMemory.layer)),
  VaultKeysMemory.layer,
  DataSinkMemory.layer,
  NotifierMemory.layer,
  MailerMemory.layer,
  WorkersMemory.layer
)

/** What a world may be told at its start. */
export interface Options {
  /** Who can sign in; nobody when left out. */
  readonly people?: ReadonlyArray<IdentityMemory.Person>
  /** Where ids and tokens come from; the same ones in every run when left out. */
  readonly secrets?: Layer.Layer<Secrets.Secrets>
  /** The provider; the one that `ProviderScript` plays when left out. */
  readonly provider?: Layer.Layer<ProviderApi.ProviderApi, never, ProviderScript.ProviderScript>
}

/** All driven ports, and `Memory` and `ProviderScript` for a test to look into. Each build is a world of its own. */
export const layer = ({ people = [], provider, secrets = SecretsSeeded.layer() }: Options = {}) =>
  Layer.mergeAll(
    Layer.provideMerge(stores, Memory.layer()),
    Layer.provideMerge(provider ?? ProviderApiMemory.layer, ProviderScript.layer),
    Layer.provideMerge(IdentityMemory.layer(people), secrets)
  )
