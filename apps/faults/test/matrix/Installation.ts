/**
 * An installation on a real PostgreSQL with a provider that a script plays, and processes of it: each has services of
 * its own, so that nothing but the database is shared, and may be ended at any outside call.
 */
import { Failure } from "@portolan/domain"
import { MemoryAdapters } from "@portolan/memory"
import {
  Deployment,
  NotifierByMail,
  ProviderApi,
  Repository,
  StoreUnavailable,
  TokenVault,
  UnitOfWork,
  type UseCases,
  useCases
} from "@portolan/ports"
import { Database, KeyRingLocal, PostgresAdapters } from "@portolan/postgres"
import { SecretsCrypto } from "@portolan/secrets"
import { Clock, Context, Duration, Effect, Exit, Layer, Redacted, Scope } from "effect"
import { lifeWith, type Life, mortal } from "./Crash.ts"

/** Who runs the installation. */
export const operatorEmail = "operator@portolan.example.com"
/** Who hears of what waits for support. */
export const supportEmail = "support@portolan.example.com"

const options: PostgresAdapters.Options = {
  keyRing: KeyRingLocal.layer({ active: { id: "m1", key: Redacted.make("11".repeat(32)) } }),
  cursorSecret: Redacted.make("a cursor secret for faults, 32 or more")
}

/** The address of the installation's database, as its superuser. */
export class DatabaseUrl extends Context.Service<DatabaseUrl, Redacted.Redacted<string>>()(
  "@portolan/app-faults/DatabaseUrl"
) {}

/** The driven ports over a database, and the provider's script. */
export const driven = (url: Redacted.Redacted<string>) =>
  Layer.mergeAll(
    Layer.succeed(DatabaseUrl, url),
    PostgresAdapters.layer(options),
    PostgresAdapters.mailArchive(options),
    SecretsCrypto.layer(Redacted.make("a deployment secret for faults, 32 or more")),
    Layer.succeed(Deployment.Deployment, {
      origin: "https://portolan.example.com",
      operators: [operatorEmail],
      supportEmail
    })
  ).pipe(Layer.provideMerge(MemoryAdapters.layer()), Layer.provideMerge(Database.layerPostgres({ url, poolSize: 12 })))

/** What the driven ports give. */
export type Driven = Layer.Success<ReturnType<typeof driven>>

/** How a process differs from one that nothing happens to. */
export interface Special {
  /** Where it ends. */
  readonly life?: Life
  /** By how much its clock is ahead of the true time; a function where that changes while it runs. */
  readonly ahead?: Duration.Input | (() => Duration.Input)
  /** Its way to the provider. */
  readonly provider?: (provider: ProviderApi.ProviderApi["Service"]) => ProviderApi.ProviderApi["Service"]
}

const temporary = (doing: string) =>
  Effect.fail(new Failure.Temporary({ detail: `${doing}: the reply was lost`, throttled: false }))

/** The ports that a process meets, as `life` lets it. */
const withLife = (driven: Context.Context<Driven>, life: Life) => {
  const gone = (doing: string) => Effect.fail(new StoreUnavailable.StoreUnavailable({ doing, cause: "reply lost" }))
  const away = (doing: string) => Effect.fail(new TokenVault.VaultUnavailable({ doing, cause: "reply lost" }))
  const { ProviderApi: Provider } = ProviderApi
  return driven.pipe(
    Context.add(Provider, mortal(Context.get(driven, Provider), life, { port: "provider", lost: temporary })),
    Context.add(
      TokenVault.TokenVault,
      mortal(Context.get(driven, TokenVault.TokenVault), life, { port: "vault", lost: away })
    ),
    Context.add(
      UnitOfWork.UnitOfWork,
      mortal(Context.get(driven, UnitOfWork.UnitOfWork), life, { port: "unitOfWork", lost: gone })
    ),
    Context.add(
      Repository.Repository,
      mortal(Context.get(driven, Repository.Repository), life, { port: "repository", lost: gone })
    )
  )
}

/** The clock of a machine that is ahead. */
const aheadBy = (own: Clock.Clock, ahead: () => Duration.Input): Clock.Clock => {
  const now = () => own.currentTimeMillisUnsafe() + Duration.toMillis(Duration.fromInputUnsafe(ahead()))
  const nanos = () => BigInt(now()) * 1_000_000n
  return {
    currentTimeMillisUnsafe: now,
    currentTimeMillis: Effect.sync(now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => own.sleep(duration)
  }
}

/** A process: runs effects against services of its own. */
export type Process = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, Exclude<R, UseCases | Driven>>

/** Starts a process over the installation that is in the context. */
export const process = Effect.fnUntraced(function* ({ ahead, life = lifeWith(0, "before"), provider }: Special = {}) {
  // Without the scope of whoever starts it: what a process runs belongs to the scope that it is run in.
  const own = Context.omit(Scope.Scope)(yield* Effect.context<Driven>())
  const { ProviderApi: Provider } = ProviderApi
  const special = provider === undefined ? own : Context.add(own, Provider, provider(Context.get(own, Provider)))
  const ports = withLife(special, life)
  const layer = useCases.pipe(Layer.provideMerge(NotifierByMail.layer), Layer.provideMerge(Layer.succeedContext(ports)))
  // A process that died in the middle of what cannot be interrupted never ends; nobody waits for it.
  const scope = yield* Effect.acquireRelease(Scope.make(), (made) => Effect.forkDetach(Scope.close(made, Exit.void)))
  const services = yield* Layer.buildWithScope(Layer.fresh(layer), scope)
  const clock = yield* Clock.clockWith(Effect.succeed)
  const run: Process = (effect) =>
    Effect.provide(
      ahead === undefined
        ? effect
        : Effect.provideService(effect, Clock.Clock, aheadBy(clock, typeof ahead === "function" ? ahead : () => ahead)),
      services
    )
  return run
})
