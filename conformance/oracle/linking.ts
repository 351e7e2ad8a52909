/**
 * What binds an account to a profile, keeps it bound, and ends it (rules C3, C4, C10, C11, K-R10, K-R12, K-R13, P-R19,
 * S-R6, W-R3, W-R4, W-R10).
 */
import type { Connection, Profile } from "@portolan/domain"
import { Connection as Connections } from "@portolan/domain"
import { DateTime } from "effect"
import { profileOf } from "./profiles.ts"
import { ada, type Answer, drive, type Driven, hour, id, type Oracle, type World } from "./Oracle.ts"

/** What a person would keep on paper. */
interface Paper {
  readonly walmart: boolean
  bound?: { externalId: string; grant: number; view: boolean; until?: number; linkedAt: number }
  dead: boolean
  paused: boolean
  choice?: number
  /** Its marketplace is out of the account. */
  out: boolean
  expected?: { name: string; since: number; overdue: boolean; arrived: boolean }
  ended: boolean
}

const propose = (paper: Paper): Connection.Command => ({
  _tag: "Propose",
  connection: {
    id: id("connection"),
    organizationId: id("organization"),
    companyId: id("company"),
    accountId: id("account"),
    channel: paper.walmart ? "walmart-connect" : "amazon-ads",
    marketplaceId: (paper.walmart ? "WALMART_US" : "ATVPDKIKX0DER") as Profile.Key["marketplaceId"],
    accountType: paper.walmart ? "walmart-3p" : "seller",
    optional: false,
    proposedAt: hour(0)
  }
})

type Sent = Driven<"connection">

/** Whether something was begun while the marketplace was out: that is refused, whatever it is. */
const isOut = (world: World, { out }: Paper, answer: Answer): boolean => {
  if (out) world.same("C14: nothing begins where the marketplace is out", "refused: not-possible-now", answer)
  return out
}

/** Rule C4 and its kin: only a fitting profile is bound, and a bound account keeps its profile. */
const link = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const { fits, profile, view } = profileOf(world, paper.walmart)
  const grant = world.below(3)
  const until = world.chance(50) ? now + 24 * 365 : undefined
  const answer = send({
    _tag: "Link",
    link: {
      grantId: id("grant", grant),
      profile,
      permission: view ? "view" : "edit",
      linkedAt: hour(now),
      linkedBy: ada,
      ...(until === undefined ? {} : { expiresAt: hour(until) })
    }
  })
  if (isOut(world, paper, answer)) return
  const { externalId } = profile.key
  const { bound } = paper
  if (bound !== undefined && bound.externalId !== externalId) {
    return world.same("C10: another seller is refused", "refused: different-identity", answer)
  }
  if (!fits) return world.same("C4: a profile for something else is refused", "refused: unfit-profile", answer)
  if (bound?.grant === grant && (paper.dead || now <= bound.linkedAt)) {
    return world.same("C10: a consent that is gone does not come back", "so already", answer)
  }
  if (bound?.grant === grant && bound.view === view) return
  world.same("K-R13: the selected profile is bound", "done", answer)
  const { choice: _choice, expected: _expected, ...rest } = paper
  Object.assign(paper, rest, { dead: false, ended: false })
  delete paper.choice
  delete paper.expected
  paper.bound = { externalId, grant, view, linkedAt: now, ...(until === undefined ? {} : { until }) }
}

const lose = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const grant = world.below(3)
  const answer = send({ _tag: "LoseGrant", grantId: id("grant", grant), loss: "withdrawn-or-reset", at: hour(now) })
  if (paper.bound === undefined) return
  const isOurs = paper.bound.grant === grant && !paper.dead
  world.same("S-R6: only the consent in use can be lost", isOurs ? "done" : "so already", answer)
  if (isOurs) paper.dead = true
}

const pause = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const on = world.chance(50)
  const answer = send({ _tag: on ? "Pause" : "Resume", at: hour(now), by: ada })
  if (paper.bound === undefined) {
    return world.same("P-R19: only what is connected pauses", true, answer.startsWith("refused"))
  }
  world.same("P-R19: pausing", paper.paused === on ? "so already" : "done", answer)
  paper.paused = on
}

const expect = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const name = world.pick("Lindqvist", "Olsen")
  const answer = send({ _tag: "ExpectAccess", advertiser: name, by: ada, at: hour(now) })
  if (isOut(world, paper, answer)) return
  if (!paper.walmart) return world.same("W-R4: a consent is not waited for so", true, answer.startsWith("refused"))
  if (paper.bound !== undefined) return
  if (paper.expected?.name === name) return world.same("W-R4: waited for already", "so already", answer)
  world.same("W-R4: an advertiser is waited for", "done", answer)
  paper.expected = { name, since: now, overdue: false, arrived: false }
  paper.ended = false
}

const checkAccess = (world: World, paper: Paper, now: number, { events, send }: Sent) => {
  send({ _tag: "CheckAccess", at: hour(now) })
  const { expected } = paper
  const isDue = expected !== undefined && !expected.overdue && !expected.arrived && now - expected.since >= 24
  world.same("W-R10: late is reported once, a day after it began", isDue, events().includes("AccessOverdue"))
  if (expected !== undefined && isDue) expected.overdue = true
}

const noteAccess = (_: World, paper: Paper, now: number, { send }: Sent) => {
  send({ _tag: "NoteAccess", advertiser: "Lindqvist AB", at: hour(now) })
  if (paper.expected !== undefined) paper.expected.arrived = true
}

const choose = (world: World, paper: Paper, now: number, { send }: Sent) => {
  // Access to an advertiser comes without a consent, so none waits for a choice (rule W-R4).
  if (paper.walmart) return
  const n = world.below(3)
  const authorizationId = id("authorization", n)
  if (world.chance(60)) {
    const answer = send({ _tag: "AwaitSelection", authorizationId, at: hour(now) })
    if (isOut(world, paper, answer)) return
    if (answer === "done") {
      paper.choice = n
      delete paper.expected
    }
    return
  }
  send({ _tag: "DropSelection", authorizationId })
  if (paper.choice === n) delete paper.choice
}

const disconnect = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Disconnect", at: hour(now), by: ada })
  // A consent that came in after the end is a new beginning: the end does not take it away.
  if (paper.out) return world.same("C14: it is out already", "so already", answer)
  if (paper.ended) return world.same("C14: it is ended already", "so already", answer)
  const hadMore = paper.bound !== undefined || paper.choice !== undefined || paper.expected !== undefined
  world.same("C14: disconnecting", hadMore ? "done" : "so already", answer)
  if (paper.bound !== undefined || paper.choice !== undefined) paper.ended = true
  Object.assign(paper, { dead: false, paused: false })
  delete paper.bound
  delete paper.choice
  delete paper.expected
}

/** A marketplace taken out takes its connection off the lists, unless that is live; putting it back brings it back. */
const withdraw = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Withdraw", at: hour(now), by: ada })
  if (paper.bound !== undefined) return world.same("C14: what is live stays", true, answer.startsWith("refused"))
  world.same("C14: a marketplace that was a mistake", paper.out ? "so already" : "done", answer)
  paper.out = true
  delete paper.choice
  delete paper.expected
}

const reinstate = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Reinstate", at: hour(now), by: ada })
  world.same("C14: and back", paper.out ? "done" : "so already", answer)
  paper.out = false
}

/** What people read at an instant (rules C3, C11, P-R19, W-R3). */
const statusAt = (paper: Paper, now: number): string => {
  const { bound, choice, dead, ended, expected, out, paused } = paper
  if (out) return "withdrawn"
  if (bound !== undefined) {
    if (dead || (bound.until !== undefined && now >= bound.until)) return "reauthorization-needed"
    if (paused) return "paused"
    return bound.view ? "limited" : "connected"
  }
  if (ended) return "disconnected"
  if (expected !== undefined) return "awaiting-access"
  return choice === undefined ? "not-connected" : "awaiting-selection"
}

const compare = (world: World, paper: Paper, now: number, state: Connection.State) => {
  const linked = Connections.isLinked(state) ? state.link : undefined
  world.same("C4: what is bound", paper.bound?.externalId, linked?.profile.key.externalId)
  world.same("C10: by which consent", paper.bound && id("grant", paper.bound.grant), linked?.grantId)
  if (state._tag === "Absent") return
  for (const later of [0, world.below(48), 24 * 365, 24 * 400]) {
    const at = now + later
    const evidence = world.subject.evidence(state, DateTime.add(hour(at), { seconds: 1 }))
    const status = statusAt(paper, at)
    world.same(`C11: the status ${later} hours later`, status, evidence.status)
    const isQuiet = status === "withdrawn" || (status === "connected" && paper.choice === undefined)
    world.same(`C9: whether nobody must act ${later} hours later`, isQuiet, evidence.mustAct === "nobody")
  }
}

const often = [link, link, link, lose, pause, expect, checkAccess, noteAccess, choose, choose, disconnect]
/** A marketplace is taken out now and then. */
const actions = [...often, ...often, withdraw, reinstate]

/** Connections, from the proposal to their end and back. */
export const linking: Oracle = {
  name: "linking",
  run: (world) => {
    const connection = drive("connection", world)
    const paper: Paper = { walmart: world.chance(40), dead: false, paused: false, ended: false, out: false }
    const first: Answer = connection.send(propose(paper))
    world.same("C1: a connection is proposed", "done", first)
    let now = 1
    for (let step = 0; step < 25; step++) {
      if (world.chance(80)) now += world.pick(1, 5, 24, 200)
      actions[world.below(actions.length)]?.(world, paper, now, connection)
      compare(world, paper, now, connection.state())
    }
  }
}
