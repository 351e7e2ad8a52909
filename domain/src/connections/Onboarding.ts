/**
 * The steps from a new account to its loaded data, in their order (flow F2): which are done, which is next, and what it
 * waits for. A pure function of the account's own connections and loads, so that a person can leave and resume at any
 * step, and a page, the API and a test agree on the current one.
 *
 * An optional step blocks nobody: a vendor without the Selling Partner API is complete (rule P-R12).
 */
import { given } from "../kernel/given.ts"
import * as DateTime from "effect/DateTime"
import type * as Account from "../accounts/Account.ts"
import * as Backfill from "./Backfill.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import * as Connection from "./Connection.ts"
import { syncHours } from "../providers/DataClass.ts"
import type { ClassTally } from "./window/tally.ts"
import type { ConnectionId } from "../kernel/Id.ts"
import type { MarketplaceId } from "../providers/Marketplace.ts"
import type { AccountChannelRow } from "../providers/ProviderTable.ts"
import { text } from "../messages/Messages.ts"

/** The steps after the account exists, in their order (rules P-R7 to P-R10, P-R13, W-R1, W-R8). */
export type StepId = "account" | "access" | "choose" | "second-channel" | "sync"

/**
 * `now`: a person here can do it. `waiting`: it goes on by itself, or another party acts. `todo`: an earlier step comes
 * first. `optional`: it can be done, and the account is complete without it.
 */
export type StepState = "done" | "now" | "waiting" | "todo" | "optional"

/** One step. */
export interface Step {
  readonly id: StepId
  /** What a person reads as its heading. */
  readonly title: string
  readonly state: StepState
  /** One sentence: the state of the step, or its result. */
  readonly detail: string
  readonly channel?: Channel.Channel
  readonly connectionId?: ConnectionId
}

/** How far the first load is, and whether it is late (rule P-R13). */
export interface Sync {
  readonly dueAt: DateTime.Utc
  readonly state: "syncing" | "overdue" | "in-sync"
}

/** The steps of one account in one marketplace. */
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

/** A load with the sums of its windows. */
export interface Load {
  readonly state: Backfill.Present
  readonly tallies: ReadonlyArray<ClassTally>
}

type Connected = Connection.Present | undefined

/** The connection as it stands at an instant: a consent that has ended by itself must be given again (rule C11). */
const asOf = (connection: Connected, now: DateTime.Utc): Connected => {
  const since = connection === undefined ? undefined : Connection.consentEndedAt(connection, now)
  return since === undefined || connection === undefined || !Connection.isLinked(connection)
    ? connection
    : { ...connection, _tag: "ReauthorizationNeeded", loss: "expired", since }
}

const alive = (connection: Connected): boolean =>
  connection !== undefined && Connection.isLinked(connection) && connection._tag !== "ReauthorizationNeeded"

const waits = (connection: Connected): boolean =>
  connection !== undefined && Connection.pendingOf(connection) !== undefined

const about = (connection: Connected) => given({ channel: connection?.channel, connectionId: connection?.id })

/** Whether the advertiser that was expected can be linked. */
const ready = (connection: Connected) =>
  connection?._tag === "AwaitingAccess" && connection.expected.arrived !== undefined

const access = (channel: Channel.Channel, connection: Connected, catalogue: Catalogue): Step => {
  const partner = Channel.accessBy(channel, catalogue) === "partner"
  const name = Channel.label(channel, catalogue)
  const common = {
    id: "access" as const,
    channel,
    title: partner ? text("onboarding.let-in-title") : text("onboarding.connect-title", { what: name }),
    ...about(connection)
  }
  if (alive(connection) || waits(connection)) {
    return {
      ...common,
      state: "done",
      detail: partner ? text("onboarding.listed-as-partner") : text("onboarding.consent-given")
    }
  }
  if (ready(connection)) return { ...common, state: "done", detail: text("onboarding.listed-as-partner") }
  if (connection?._tag === "AwaitingAccess") {
    return {
      ...common,
      state: "waiting",
      detail: text("onboarding.wait-for-advertiser", { advertiser: connection.expected.advertiser })
    }
  }
  return { ...common, state: "now", detail: partner ? text("onboarding.admin-adds-us") : text("onboarding.sign-in") }
}

const choose = (partner: boolean, connection: Connected): Step => {
  const common = {
    id: "choose" as const,
    ...about(connection),
    title: partner ? text("onboarding.link-title") : text("onboarding.choose-title")
  }
  if (alive(connection) && connection !== undefined && Connection.isLinked(connection)) {
    return { ...common, state: "done", detail: text("onboarding.bound", { profile: connection.link.profile.name }) }
  }
  if (ready(connection)) return { ...common, state: "now", detail: text("onboarding.compare-advertiser") }
  return waits(connection)
    ? { ...common, state: "now", detail: text("onboarding.choose-account") }
    : { ...common, state: "todo", detail: text("onboarding.listed-later") }
}

const second = (
  { channel, optional }: Pick<AccountChannelRow, "channel" | "optional">,
  name: string,
  connection: Connected,
  before: Step
): Step => {
  const common = {
    id: "second-channel" as const,
    channel,
    title: text("onboarding.connect-title", { what: name }),
    ...about(connection)
  }
  if (alive(connection))
    return { ...common, state: "done", detail: text("onboarding.channel-connected", { channel: name }) }
  if (waits(connection)) return { ...common, state: "now", detail: text("onboarding.confirm-seller") }
  if (optional) return { ...common, state: "optional", detail: text("onboarding.channel-optional", { channel: name }) }
  return before.state === "done"
    ? { ...common, state: "now", detail: text("onboarding.agree-once-more") }
    : { ...common, state: "todo", detail: text("onboarding.follows-advertising") }
}

const hours = (at: DateTime.Utc): DateTime.Utc => DateTime.add(at, { hours: syncHours })

// A class may miss its own earlier promise; the account as a whole is late after 48 hours, and not before (rule P-R13).
const isLate = ({ state }: Load): boolean => state._tag === "Running" && state.overdueSince !== undefined

/** The first load over all connected channels: late when one is late, done when all are. */
const syncOf = (loads: ReadonlyArray<Load>, catalogue: Catalogue): Sync | undefined => {
  const running = loads.filter(({ state }) => state._tag !== "Cancelled")
  const [first, ...rest] = running
  if (first === undefined) return undefined
  const due = ({ state, tallies }: Load) => hours(Backfill.syncStart(state, tallies, catalogue))
  const dueAt = rest.reduce((latest, load) => DateTime.max(latest, due(load)), due(first))
  if (running.some(isLate)) return { dueAt, state: "overdue" }
  return { dueAt, state: running.every(({ state }) => state._tag === "Complete") ? "in-sync" : "syncing" }
}

const sync = (found: Sync | undefined, connected: boolean): Step => {
  const common = { id: "sync" as const, title: text("onboarding.load-title") }
  switch (found?.state) {
    case undefined:
      return { ...common, state: "todo", detail: text("onboarding.load-begins", { hours: syncHours }) }
    case "in-sync":
      return connected
        ? { ...common, state: "done", detail: text("onboarding.loaded") }
        : { ...common, state: "waiting", detail: text("onboarding.partly-loaded") }
    case "syncing":
      return { ...common, state: "waiting", detail: text("onboarding.syncing", { hours: syncHours }) }
    case "overdue":
      return { ...common, state: "waiting", detail: text("onboarding.overdue", { hours: syncHours }) }
  }
}

/**
 * When it is asked, and for what: the account's first marketplace and the standard catalogue when they are left out.
 */
export interface Options {
  readonly now: DateTime.Utc
  readonly marketplaceId?: MarketplaceId
  readonly catalogue?: Catalogue
}

/** The steps of an account at an instant, from its connections and their loads. */
export const of = (
  account: Account.Present,
  connections: ReadonlyArray<Connection.Present>,
  loads: ReadonlyArray<Load>,
  { catalogue = standard, marketplaceId = account.marketplaces[0], now }: Options
): Onboarding => {
  const here = connections.filter((one) => one.marketplaceId === marketplaceId)
  const find = (channel: Channel.Channel) =>
    asOf(
      here.find((one) => one.channel === channel),
      now
    )
  const [first, ...others] = Channel.required(account.provider, account.accountType, catalogue)
  const created: Step = {
    id: "account",
    title: text("onboarding.name-title"),
    state: "done",
    detail: text("onboarding.account-created", { account: account.name })
  }
  if (first === undefined) return { marketplaceId, steps: [created], connected: true, complete: true }
  const entry = access(first.channel, find(first.channel), catalogue)
  const selection = choose(Channel.accessBy(first.channel, catalogue) === "partner", find(first.channel))
  const more = others.map((row) => second(row, Channel.label(row.channel, catalogue), find(row.channel), selection))
  const connected = [first, ...others].every(({ channel, optional }) => optional || alive(find(channel)))
  const own = new Set(here.map(({ id }) => id))
  const load = syncOf(
    loads.filter(({ state }) => own.has(state.connectionId)),
    catalogue
  )
  const steps = [created, entry, selection, ...more, sync(load, connected)]
  const current = steps.find(({ state }) => state !== "done" && state !== "optional")
  return {
    marketplaceId,
    steps,
    connected,
    complete: connected && load?.state === "in-sync",
    ...given({ current: current?.id, sync: load })
  }
}
