/**
 * One organization's life, by seed: its accounts are connected in the first days, the provider fails now and then, some
 * owners withdraw their consent, and some of those give it again.
 */
import { Access, Failure, type Id, type Marketplace, type Profile } from "@portolan/domain"
import { found, MemoryAdapters, ProviderScript, SecretsSeeded } from "@portolan/memory"
import {
  Accounts,
  Companies,
  Connecting,
  Connections,
  Deployment,
  JobHandlers,
  PendingAuthorizations,
  Scheduler,
  Secrets,
  useCases
} from "@portolan/ports"
import { DateTime, Effect, Layer, Ref } from "effect"
import { type Ledger, layer as provider } from "./provider.ts"
import type { Draw } from "./draw.ts"

/** What becomes of one account, in minutes since the beginning. */
export interface Fate {
  readonly connectsAt: number
  readonly withdrawnAt?: number
  readonly renewedAt?: number
}

/** The plan of one organization. */
export interface Plan {
  readonly fates: ReadonlyArray<Fate>
  /** When the provider fails, and how many calls in a row. */
  readonly outages: ReadonlyArray<{ readonly at: number; readonly calls: number }>
}

const dayMinutes = 1_440

/** Draws the life of an organization. */
export const planOf = (draw: Draw, accounts: number, days: number): Plan => {
  const lastDay = Math.max(1, days - 2)
  const fateOf = (): Fate => {
    const connectsAt = draw.below(Math.min(3, lastDay) * dayMinutes)
    if (days < 10 || draw.next() >= 0.1) return { connectsAt }
    const withdrawnAt = (5 + draw.below(days - 9)) * dayMinutes + draw.below(dayMinutes)
    const renewedAt = withdrawnAt + (1 + draw.below(2)) * dayMinutes
    return draw.next() < 0.5 && renewedAt < lastDay * dayMinutes
      ? { connectsAt, withdrawnAt, renewedAt }
      : { connectsAt, withdrawnAt }
  }
  return {
    fates: Array.from({ length: accounts }, fateOf),
    outages: Array.from({ length: Math.ceil(days / 30) }, () => ({
      at: draw.below(lastDay * dayMinutes),
      calls: 1 + draw.below(3)
    }))
  }
}

const US = "ATVPDKIKX0DER" as Marketplace.MarketplaceId

const keyOf = (externalId: string): Profile.Key => ({
  channel: "amazon-ads",
  region: "NA",
  marketplaceId: US,
  externalId: externalId as Profile.ExternalId
})

/** The use cases of one organization over memory. */
export const world = (seed: string, seen: Ledger) =>
  useCases.pipe(
    Layer.provideMerge(MemoryAdapters.layer({ provider: provider(seen), secrets: SecretsSeeded.layer(seed) })),
    Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com", proofHours: 24 }))
  )

/** Goes to the provider with a consent, comes back, and chooses the profile where a choice is left. */
const consent = Effect.fnUntraced(function* (
  by: Access.Caller,
  connectionId: Id.ConnectionId,
  { grantor, key, round }: { readonly grantor: string; readonly key: Profile.Key; readonly round: number }
) {
  const code = `code-${key.externalId}-${round}`
  const expiresAt = DateTime.add(yield* DateTime.now, { days: 365 })
  yield* (yield* ProviderScript.ProviderScript).consents(code, {
    channel: "amazon-ads",
    region: "NA",
    grantor,
    expiresAt,
    candidates: [ProviderScript.candidate(key, { ownerId: `A1${key.externalId}` })]
  })
  const connecting = yield* Connecting.Connecting
  const { authorizationId, browser, url } = yield* connecting.authenticateNow(by, connectionId)
  const query = new URLSearchParams({ code, state: url.searchParams.get("state") ?? "" })
  const result = yield* connecting.receive("amazon-ads", query, browser)
  if (result._tag === "Handled" && result.authorization._tag === "Finalised") return
  yield* (yield* PendingAuthorizations.PendingAuthorizations).select(by, authorizationId, { key, confirmed: true })
})

/** An account, as it was left at the end. */
export interface Lived {
  readonly fate: Fate
  readonly connectionId: Id.ConnectionId
  readonly key: Profile.Key
}

/** Sleeps until a minute since the beginning. */
const until = (beginning: DateTime.Utc, minute: number) =>
  Effect.flatMap(DateTime.now, (now) =>
    Effect.sleep(Math.max(0, DateTime.toEpochMillis(beginning) + minute * 60_000 - DateTime.toEpochMillis(now)))
  )

const liveAccount = Effect.fnUntraced(function* (by: Access.Caller, beginning: DateTime.Utc, fate: Fate, n: number) {
  yield* until(beginning, fate.connectsAt)
  const { company } = yield* (yield* Companies.Companies).add(by, { name: `Harbour ${n}`, brand: `Harbour ${n}` })
  const account = yield* (yield* Accounts.Accounts).create(by, {
    companyId: company.id,
    name: `Harbour ${n}`,
    accountType: "seller",
    marketplaces: [US]
  })
  const { items } = yield* (yield* Connections.Connections).list(by, { accountId: account.id }, { limit: 10 })
  const ads = items.find(({ connection }) => connection.channel === "amazon-ads")
  if (ads === undefined) return yield* Effect.die(new Error("an account without a connection for advertising"))
  const connectionId = ads.connection.id
  const key = keyOf(String(1_000_000_000 + n))
  const grantor = `owner-${n}`
  yield* consent(by, connectionId, { grantor, key, round: 1 })
  if (fate.withdrawnAt !== undefined) {
    yield* until(beginning, fate.withdrawnAt)
    yield* (yield* ProviderScript.ProviderScript).withdraw(grantor)
  }
  if (fate.renewedAt !== undefined) {
    yield* until(beginning, fate.renewedAt)
    yield* consent(by, connectionId, { grantor, key, round: 2 })
  }
  return { fate, connectionId, key } satisfies Lived
})

const outage = (beginning: DateTime.Utc, { at, calls }: Plan["outages"][number]) =>
  Effect.gen(function* () {
    yield* until(beginning, at)
    const script = yield* ProviderScript.ProviderScript
    const failure = new Failure.Temporary({ detail: "the provider is busy", throttled: false })
    yield* script.fail("refresh", failure, calls)
    yield* script.fail("load", failure, calls)
  })

/** The script keeps what was asked; nobody looks at it here, and a year of it is long. */
const forget = Effect.gen(function* () {
  const { table } = yield* ProviderScript.ProviderScript
  yield* Ref.update(table, (state) => ({ ...state, calls: [] }))
}).pipe(Effect.delay("1 day"), Effect.forever)

/** Lives through the plan with one worker; gives who called, and what the accounts expect at the end. */
export const live = Effect.fnUntraced(function* ({ fates, outages }: Plan, days: number) {
  const { id } = yield* Secrets.Secrets
  const beginning = yield* DateTime.now
  const [organizationId, personId] = [yield* id("organization"), yield* id("person")]
  const owner = { personId, name: "Olive", email: "olive@books.example.com", role: "owner" as const }
  yield* found({ organizationId, name: "Sharp Books", members: [owner] })
  const by: Access.Caller = {
    organizationId,
    role: "owner",
    accessScope: Access.everything,
    actor: { _tag: "Person", personId, name: owner.name }
  }
  yield* (yield* ProviderScript.ProviderScript).tokens({ rotates: true })
  const { handle } = yield* JobHandlers.JobHandlers
  yield* (yield* Scheduler.Scheduler).consume(handle, { concurrency: 1 })
  yield* Effect.forkScoped(forget)
  yield* Effect.forkScoped(Effect.forEach(outages, (one) => outage(beginning, one), { concurrency: "unbounded" }))
  const accounts = yield* Effect.forEach(fates, (fate, n) => liveAccount(by, beginning, fate, n), {
    concurrency: "unbounded"
  })
  yield* until(beginning, days * dayMinutes)
  return { by, accounts }
})
