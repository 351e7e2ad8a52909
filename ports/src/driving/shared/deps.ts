/**
 * How a service gets what it needs. A verb of a service is a top-level function whose first parameter is a record of
 * driven ports; it names the ports that it uses in its type, `Deps<"repository" | "secrets">`. The layer of the service
 * reads them once and binds them with `bound`, which fails to compile when a verb needs a port that the layer does not
 * read.
 */
import { Effect } from "effect"
import { Applications } from "../../driven/Applications.ts"
import { AuditLog } from "../../driven/AuditLog.ts"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { DataSink } from "../../driven/DataSink.ts"
import { Deployment } from "../../driven/Deployment.ts"
import { EventLog } from "../../driven/EventLog.ts"
import { Identity } from "../../driven/Identity.ts"
import { Mailer } from "../../driven/Mailer.ts"
import { Notifier } from "../../driven/Notifier.ts"
import { ProviderApi } from "../../driven/ProviderApi.ts"
import { ReadModels } from "../../driven/ReadModels.ts"
import { Repository } from "../../driven/Repository.ts"
import { Secrets } from "../../driven/Secrets.ts"
import { TokenReads } from "../../driven/TokenReads.ts"
import { TokenVault } from "../../driven/TokenVault.ts"
import { UnitOfWork } from "../../driven/UnitOfWork.ts"
import { VaultKeys } from "../../driven/VaultKeys.ts"
import { Workers } from "../../driven/Workers.ts"
import { about } from "./subject.ts"

/** The driven ports by the name that functions use for them. */
const ports = {
  applications: Applications,
  auditLog: AuditLog,
  catalogue: CurrentCatalogue,
  dataSink: DataSink,
  deployment: Deployment,
  eventLog: EventLog,
  identity: Identity,
  mailer: Mailer,
  notifier: Notifier,
  provider: ProviderApi,
  readModels: ReadModels,
  repository: Repository,
  secrets: Secrets,
  tokenReads: TokenReads,
  unitOfWork: UnitOfWork,
  vault: TokenVault,
  vaultKeys: VaultKeys,
  workers: Workers
} as const

type Ports = typeof ports

/** A driven port's name in a record of dependencies. */
export type PortName = keyof Ports

/** The driven ports a function uses, by name. A record with more of them fits as well. */
export type Deps<Name extends PortName> = { readonly [N in Name]: Ports[N]["Service"] }

/** What every function needs that reads, decides and commits. */
export type ChangeDeps = Deps<"repository" | "secrets" | "unitOfWork">

/** Reads ports, once, when a layer is built. The catalogue is always among them. */
export const deps = <const Name extends PortName>(
  ...names: ReadonlyArray<Name>
): Effect.Effect<Deps<Name | "catalogue">, never, Effect.Services<Ports[Name]>> =>
  Effect.all(
    Object.fromEntries((["catalogue", ...names] as const).map((name) => [name, ports[name]]))
  ) as unknown as Effect.Effect<Deps<Name | "catalogue">, never, Effect.Services<Ports[Name]>>

type Verbs<D> = { readonly [verb: string]: (deps: D, ...args: never) => unknown }

/** Verbs without their first parameter. */
export type Bound<V> = {
  readonly [K in keyof V]: V[K] extends (deps: never, ...args: infer Args) => infer A ? (...args: Args) => A : never
}

/**
 * Binds verbs to their dependencies: the same functions without the first parameter. A verb runs with the catalogue
 * that was read when the layer was built, so everything that it calls finds that one as `CurrentCatalogue`. Its spans
 * and what it logs carry the ids of the organization and of the connection among its arguments.
 */
export const bind = <D, const V extends Verbs<D>>(deps: D, verbs: V): Bound<V> =>
  Object.fromEntries(
    Object.entries(verbs).map(([name, verb]) => [
      name,
      (...args: ReadonlyArray<never>) =>
        inContext(deps as Partial<Deps<"catalogue">>, args, verb(deps, ...(args as never)))
    ])
  ) as Bound<V>

const inContext = (deps: Partial<Deps<"catalogue">>, args: ReadonlyArray<unknown>, result: unknown): unknown => {
  if (!Effect.isEffect(result)) return result
  const named = about(args, result)
  return deps.catalogue === undefined ? named : Effect.provideService(named, CurrentCatalogue, deps.catalogue)
}

/**
 * What a layer provides: reads the dependencies once, and binds the verbs to them.
 *
 * @example
 * ```ts
 * static readonly layer = Layer.effect(Audit, bound(deps("eventLog"), verbs))
 * ```
 */
export const bound = <D, R, const V extends Verbs<D>>(
  read: Effect.Effect<D, never, R>,
  verbs: V
): Effect.Effect<Bound<V>, never, R> => Effect.map(read, (deps) => bind(deps, verbs))

/**
 * The type of a service: its contract, where each method also points to the function that carries it out. The type of a
 * method is the contract's alone; "go to definition" on a call offers the contract and the code.
 */
export type Service<Contract, V> = Contract & {
  readonly [K in keyof Pick<V, keyof Contract & keyof V>]: unknown
}
