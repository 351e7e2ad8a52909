/**
 * Where a new account stands on its way to being connected and loaded (flow F2): the steps in their order, which are done,
 * which one is next and what it waits for. A pure function of the account's own connections and loads, so that the way can be
 * left and resumed anywhere, and a page, the API and a test agree on where one is.
 *
 * What is optional never holds anybody up: a vendor without the Selling Partner API is complete (rule P-R12).
 */
import { DateTime } from "effect"
import type * as Account from "../accounts/Account.ts"
import type * as Backfill from "./Backfill.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import * as Connection from "./Connection.ts"
import { syncHours } from "../providers/DataClass.ts"
import type { ConnectionId } from "../kernel/Id.ts"
import type { MarketplaceId } from "../providers/Marketplace.ts"
import type { AccountChannelRow } from "../providers/ProviderTable.ts"

/** The steps after the account exists, in their order (rules P-R7 to P-R10, P-R13, W-R1, W-R8). */
export type StepId = "account" | "access" | "choose" | "second-channel" | "sync"

/**
 * `now`: a person here can do it. `waiting`: it goes on by itself, or somebody else acts. `todo`: an earlier step comes first.
 * `optional`: it can be done, and nothing lacks without it.
 */
export type StepState = "done" | "now" | "waiting" | "todo" | "optional"

/** One step. */
export interface Step {
  readonly id: StepId
  /** What a person reads as its heading. */
  readonly title: string
  readonly state: StepState
  /** One sentence: how it stands, or what comes of it. */
  readonly detail: string
  readonly channel?: Channel.Channel
  readonly connectionId?: ConnectionId
}

/** How far the first load is, and whether it is late (rule P-R13). */
export interface Sync {
  readonly dueAt: DateTime.Utc
  readonly state: "syncing" | "overdue" | "in-sync"
}

/** The way of one account. */
export interface Onboarding {
  readonly marketplaceId: MarketplaceId
  readonly steps: ReadonlyArray<Step>
  /** The first step that is neither done nor optional. Absent: there is none. */
  readonly current?: StepId
  /** Every channel that the account cannot do without is bound to a profile (rule C2). */
  readonly connected: boolean
  /** Connected, and the first load is complete. */
  readonly complete: boolean
  /** Present once a load was planned. */
  readonly sync?: Sync
}

type Connected = Connection.Present | undefined

const alive = (connection: Connected): boolean =>
  connection !== undefined && Connection.isLinked(connection) && connection._tag !== "ReauthorizationNeeded"

const waits = (connection: Connected): boolean =>
  connection !== undefined && Connection.pendingOf(connection) !== undefined

const about = (connection: Connected) =>
  connection === undefined ? {} : { channel: connection.channel, connectionId: connection.id }

/** Whether the advertiser that was expected can be linked. */
const ready = (connection: Connected) =>
  connection?._tag === "AwaitingAccess" && connection.expected.arrived !== undefined

const access = (channel: Channel.Channel, connection: Connected, catalogue: Catalogue): Step => {
  const partner = Channel.accessBy(channel, catalogue) === "partner"
  const name = Channel.label(channel, catalogue)
  const common = {
    id: "access" as const,
    channel,
    title: partner ? "Let us in as partner" : `Connect ${name}`,
    ...about(connection)
  }
  if (alive(connection) || waits(connection)) {
    return {
      ...common,
      state: "done",
      detail: partner ? "The advertiser lists us as its partner." : "Consent was given."
    }
  }
  if (ready(connection)) return { ...common, state: "done", detail: "The advertiser lists us as its partner." }
  if (connection?._tag === "AwaitingAccess") {
    return {
      ...common,
      state: "waiting",
      detail: `We wait for the advertiser “${connection.expected.advertiser}” to appear, and look every 15 minutes.`
    }
  }
  return {
    ...common,
    state: "now",
    detail: partner
      ? "An admin of the advertiser adds us as API partner with write access. There is no sign-in to follow."
      : "Sign in at the provider with the login that manages the account, and agree."
  }
}

const choose = (partner: boolean, connection: Connected): Step => {
  const common = {
    id: "choose" as const,
    ...about(connection),
    title: partner ? "Link the advertiser" : "Choose merchant and marketplace"
  }
  return alive(connection) && connection !== undefined && Connection.isLinked(connection)
    ? { ...common, state: "done", detail: `Bound to ${connection.link.profile.name}.` }
    : ready(connection)
      ? { ...common, state: "now", detail: "Compare the advertiser with the one you expect, and link it." }
      : waits(connection)
        ? { ...common, state: "now", detail: "Choose which of the accounts that the login sees belongs here." }
        : { ...common, state: "todo", detail: "What the login sees is listed once access is there." }
}

const second = (
  { channel, optional }: Pick<AccountChannelRow, "channel" | "optional">,
  name: string,
  connection: Connected,
  before: Step
): Step => {
  const common = { id: "second-channel" as const, channel, title: `Connect ${name}`, ...about(connection) }
  if (alive(connection)) return { ...common, state: "done", detail: `${name} is connected.` }
  if (waits(connection))
    return { ...common, state: "now", detail: "Consent was given; confirm which seller it is for." }
  if (optional)
    return {
      ...common,
      state: "optional",
      detail: `${name} is optional for this kind of account. Nothing lacks without it.`
    }
  return before.state === "done"
    ? { ...common, state: "now", detail: "The same login agrees once more, for sales, inventory and content." }
    : { ...common, state: "todo", detail: "It follows the advertising connection." }
}

const hours = (at: DateTime.Utc): DateTime.Utc => DateTime.add(at, { hours: syncHours })

// A class may miss its own earlier promise; the account as a whole is late after 48 hours, and not before (rule P-R13).
const isLate = (load: Backfill.Present): boolean => load._tag === "Running" && load.overdueSince !== undefined

/** The first load over all connected channels: late when one is late, done when all are. */
const syncOf = (loads: ReadonlyArray<Backfill.Present>): Sync | undefined => {
  const running = loads.filter(({ _tag }) => _tag !== "Cancelled")
  const [first, ...rest] = running
  if (first === undefined) return undefined
  const dueAt = rest.reduce(
    (latest, { finalisedAt }) => DateTime.max(latest, hours(finalisedAt)),
    hours(first.finalisedAt)
  )
  return {
    dueAt,
    state: running.some(isLate) ? "overdue" : running.every(({ _tag }) => _tag === "Complete") ? "in-sync" : "syncing"
  }
}

const sync = (found: Sync | undefined, connected: boolean): Step => {
  const common = { id: "sync" as const, title: "Load the history" }
  switch (found?.state) {
    case undefined:
      return {
        ...common,
        state: "todo",
        detail: `It begins by itself once the account is connected, and takes up to ${syncHours} hours.`
      }
    case "in-sync":
      return connected
        ? { ...common, state: "done", detail: "The history is loaded." }
        : {
            ...common,
            state: "waiting",
            detail: "What is connected is loaded; the rest follows with the other channel."
          }
    case "syncing":
      return {
        ...common,
        state: "waiting",
        detail: `Syncing. It takes up to ${syncHours} hours and goes on without you.`
      }
    case "overdue":
      return {
        ...common,
        state: "waiting",
        detail: `Syncing has taken longer than ${syncHours} hours. Support has been told; the load goes on, and you hear from us when it is complete.`
      }
  }
}

/** Reads the way out of an account, its connections and their loads. `marketplaceId`: the account's first when left out. */
export const of = (
  account: Account.Present,
  connections: ReadonlyArray<Connection.Present>,
  loads: ReadonlyArray<Backfill.Present>,
  marketplaceId: MarketplaceId = account.marketplaces[0],
  catalogue: Catalogue = standard
): Onboarding => {
  const here = connections.filter((one) => one.marketplaceId === marketplaceId)
  const find = (channel: Channel.Channel) => here.find((one) => one.channel === channel)
  const [first, ...others] = Channel.required(account.provider, account.accountType, catalogue)
  const created: Step = {
    id: "account",
    title: "Name the account",
    state: "done",
    detail: `${account.name} was created.`
  }
  if (first === undefined) return { marketplaceId, steps: [created], connected: true, complete: true }
  const entry = access(first.channel, find(first.channel), catalogue)
  const chosen = choose(Channel.accessBy(first.channel, catalogue) === "partner", find(first.channel))
  const more = others.map((row) => second(row, Channel.label(row.channel, catalogue), find(row.channel), chosen))
  const connected = [first, ...others].every(({ channel, optional }) => optional || alive(find(channel)))
  const own = new Set(here.map(({ id }) => id))
  const load = syncOf(loads.filter(({ connectionId }) => own.has(connectionId)))
  const steps = [created, entry, chosen, ...more, sync(load, connected)]
  const current = steps.find(({ state }) => state !== "done" && state !== "optional")
  return {
    marketplaceId,
    steps,
    connected,
    complete: connected && load?.state === "in-sync",
    ...(current === undefined ? {} : { current: current.id }),
    ...(load === undefined ? {} : { sync: load })
  }
}
