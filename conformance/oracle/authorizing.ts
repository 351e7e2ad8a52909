/**
 * One visit to the provider, and the consent that comes of it (rules K-R12, K-R13, C3, C10, C11, C14; the callback is
 * answered once, to the browser that left, within fifteen minutes).
 */
import { Authorization, type Profile } from "@portolan/domain"
import { ada, drive, type Driven, hour, id, minute, type Oracle, type World } from "./Oracle.ts"

type Phase = "away" | "exchanging" | "choosing" | "done" | "declined" | "failed" | "expired" | "dismissed"

/** What a person would keep on paper. */
interface Paper {
  phase: Phase
  offered: ReadonlyArray<string>
  readonly startedAt: number
  lookedAt: number
  selected?: string
}

type Sent = Driven<"authorization">

const candidate = (externalId: string): Profile.Candidate => ({
  _tag: "AdvertisingProfile",
  key: {
    channel: "amazon-ads",
    region: "NA",
    marketplaceId: "ATVPDKIKX0DER" as Profile.Key["marketplaceId"],
    externalId: externalId as Profile.ExternalId
  },
  name: `Profile ${externalId}`,
  countryCode: "US",
  currency: "USD",
  timeZone: "America/Los_Angeles",
  ownerId: "A1",
  type: "seller",
  permission: "edit"
})

const start = (startedAt: number): Authorization.Command => ({
  _tag: "Start",
  authorization: {
    id: id("authorization"),
    organizationId: id("organization"),
    companyId: id("company"),
    accountId: id("account"),
    connectionId: id("connection"),
    channel: "amazon-ads",
    accountType: "seller",
    region: "NA",
    marketplaceId: "ATVPDKIKX0DER" as Profile.Key["marketplaceId"],
    origin: { _tag: "Direct", actor: ada },
    stateDigest: "state",
    browserDigest: "browser",
    startedAt: minute(startedAt),
    expiresAt: minute(startedAt + 15)
  }
})

const isLate = ({ startedAt }: Paper, now: number) => now >= startedAt + 15

const comeBack = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const [browserDigest, declines] = [world.pick("browser", "browser", "browser", "another"), world.chance(30)]
  const answer = declines
    ? send({ _tag: "Decline", browserDigest, detail: "no", at: minute(now) })
    : send({ _tag: "Return", browserDigest, grantId: id("grant"), at: minute(now) })
  if (paper.phase !== "away") {
    return world.same("a callback is answered once", true, answer.startsWith("refused"))
  }
  if (browserDigest === "another") {
    return world.same("only the browser that left comes back", "refused: wrong-browser", answer)
  }
  world.same("the person came back", "done", answer)
  if (isLate(paper, now)) paper.phase = "expired"
  else paper.phase = declines ? "declined" : "exchanging"
}

const record = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const offered = ["11", "12", "13"].slice(0, world.below(4))
  const answer = send({ _tag: "RecordConsent", candidates: offered.map(candidate), at: minute(now) })
  const isPossible = paper.phase === "exchanging"
  world.same("C3: a consent is recorded after the exchange alone", isPossible, answer === "done")
  if (isPossible) Object.assign(paper, { phase: "choosing", offered, lookedAt: now })
}

const lookAgain = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const at = world.chance(30) ? now - 500 : now
  const offered = ["11", "12", "13", "14"].slice(0, world.below(5))
  send({ _tag: "FindCandidates", candidates: offered.map(candidate), at: minute(at) })
  if (paper.phase === "choosing" && at >= paper.lookedAt) Object.assign(paper, { offered, lookedAt: at })
}

const select = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const externalId = world.pick("11", "12", "13", "99")
  const weight = world.pick("none", "none", "warns", "blocks")
  const confirmed = world.chance(50)
  const obstacles = weight === "none" ? [] : [{ weight, detail: "It may be another one." } as const]
  const { key } = candidate(externalId)
  const answer = send({ _tag: "Select", key, obstacles, confirmed, at: minute(now), by: ada })
  const refused = answer.startsWith("refused")
  if (paper.phase === "done") {
    return world.same("K-R13: one profile is selected, once", paper.selected !== externalId, refused)
  }
  if (paper.phase !== "choosing") return world.same("K-R12: a choice needs a consent that waits", true, refused)
  if (!paper.offered.includes(externalId)) {
    return world.same("K-R13: only what the consent shows is selected", "refused: unknown-profile", answer)
  }
  if (weight === "blocks") return world.same("K-R13: what cannot serve is refused", "refused: unfit-profile", answer)
  if (weight === "warns" && !confirmed) {
    return world.same("K-R13: a doubtful profile wants a yes", "refused: needs-confirmation", answer)
  }
  world.same("K-R13: the profile is selected", "done", answer)
  paper.phase = "done"
  paper.selected = externalId
}

const end = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const how = world.pick("Fail", "Expire", "Dismiss")
  if (how === "Expire") {
    send({ _tag: "Expire", at: minute(now) })
    if ((paper.phase === "away" || paper.phase === "exchanging") && isLate(paper, now)) paper.phase = "expired"
    return
  }
  if (how === "Fail") {
    send({ _tag: "Fail", reason: "provider-error", detail: "", at: minute(now) })
    if (paper.phase === "away" || paper.phase === "exchanging") paper.phase = "failed"
    return
  }
  send({ _tag: "Dismiss", at: minute(now), by: ada, because: "It was another one." })
  if (paper.phase === "choosing") paper.phase = "dismissed"
}

const phases: { readonly [T in Authorization.Present["_tag"]]: Phase } = {
  Started: "away",
  Exchanging: "exchanging",
  AwaitingSelection: "choosing",
  Finalised: "done",
  Declined: "declined",
  Failed: "failed",
  Expired: "expired",
  Dismissed: "dismissed"
}

const actions = [comeBack, comeBack, record, record, lookAgain, select, select, select, end]

/** Visits to the provider. */
export const authorizing: Oracle = {
  name: "authorizing",
  run: (world) => {
    const authorization = drive("authorization", world)
    let now = 10
    const paper: Paper = { phase: "away", offered: [], startedAt: now, lookedAt: now }
    world.same("it starts", "done", authorization.send(start(now)))
    for (let step = 0; step < 12; step++) {
      now += world.pick(0, 1, 3, 14, 15, 16)
      const act = step === 0 ? comeBack : actions[world.below(actions.length)]
      act?.(world, paper, now, authorization)
      const state = authorization.state()
      world.same("where it is", paper.phase, state._tag === "Absent" ? undefined : phases[state._tag])
      const seen = state._tag === "AwaitingSelection" ? state.candidates.map(({ key }) => key.externalId) : undefined
      world.same("what can be selected", paper.phase === "choosing" ? paper.offered : undefined, seen)
    }
  }
}

/** Consents: recorded once, ended once; the provider is asked after the end, and the reminders come before it. */
export const consenting: Oracle = {
  name: "consenting",
  run: (world) => {
    const grant = drive("grant", world)
    const until = world.below(400) * 24 + world.below(24)
    const { reminders } = world.subject
    const command = {
      _tag: "Record",
      grant: {
        id: id("grant"),
        organizationId: id("organization"),
        channel: "amazon-ads",
        region: "NA",
        consentedAt: hour(0),
        expiresAt: hour(until)
      }
    } as const
    world.same("a consent is recorded", "done", grant.send(command))
    let [alive, responsible] = [true, 0]
    for (let step = 1; step < 10; step++) {
      const at = hour(step)
      const what = world.pick("end", "end", "hand over", "hand over", "record", "revocation")
      if (what === "hand over") {
        const to = world.below(3)
        const answer = grant.send({ _tag: "HandOver", to: { personId: id("person", to), name: `P${to}` }, at })
        world.same("X-R7: another member answers for it", alive && to !== responsible - 1, answer === "done")
        if (alive) responsible = to + 1
      } else if (what === "end") {
        world.same("C14: it ends once", alive, grant.send({ _tag: "End", end: "disconnected", at }) === "done")
        alive = false
      } else if (what === "record") {
        const answer = grant.send({ ...command, grant: { ...command.grant, region: "EU" } })
        world.same("K-R16: nothing flows into a consent", true, answer.startsWith("refused"))
      } else {
        const answer = grant.send({ _tag: "RecordRevocation", revocation: { outcome: "revoked", detail: "" }, at })
        world.same("C14: the provider is asked after the end", alive, answer.startsWith("refused"))
      }
      world.same("whether it can be used", alive, grant.state()._tag === "Active")
      const now = world.below(400) * 24
      // Each is called for a day ahead, so that the mail of a day comes in time; at once when that day has begun.
      const left = [90, 30, 14, 7, 3, 1]
        .filter((days) => until - days * 24 > now)
        .map((days) => Math.max((until - (days + 1) * 24) * 60, now * 60 + 1))
      world.same("C11: the reminders that are left", left.map(minute), reminders(hour(until), hour(now)))
    }
  }
}
