/**
 * Links and requests to connect, from the first mail to the answer (rules K-R9, X-R1 to X-R5, C6): a link is for one
 * account and one channel, is used once, ends when it says, and nobody is written to more often than they should be.
 */
import { Invitation } from "@portolan/domain"
import { ada, drive, type Driven, hour, id, type Oracle, type World } from "./Oracle.ts"

/** What a person would keep on paper. */
interface Paper {
  phase: "open" | "used" | "revoked" | "expired"
  readonly issuedAt: number
  expiresAt: number
  readonly life: number
  readonly isRequest: boolean
  mails: number
  lastMailAt?: number
  followers: ReadonlyArray<number>
  usedBy?: number
  ownerBounced: boolean
  requesterBounced: boolean
  objectedAt?: number
  objectionStands: boolean
}

type Sent = Driven<"invitation">

const command = ({ expiresAt, isRequest, issuedAt }: Paper): Invitation.Command => ({
  _tag: "Issue",
  link: {
    id: id("invitation"),
    organizationId: id("organization"),
    companyId: id("company"),
    accountId: id("account"),
    connectionId: id("connection"),
    channel: "amazon-ads",
    tokenDigest: "digest",
    issuedBy: ada,
    issuedAt: hour(issuedAt),
    expiresAt: hour(expiresAt),
    ...(isRequest
      ? {
          request: {
            owner: { name: "Olga", email: "olga@example.com" as never },
            requester: { name: "Ada", email: "ada@example.com" as never },
            marketplaceId: "ATVPDKIKX0DER" as never
          }
        }
      : {})
  }
})

const isOver = (paper: Paper, now: number) => paper.phase !== "open" || now >= paper.expiresAt

const follow = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const n = world.below(80)
  const answer = send({ _tag: "Follow", authorizationId: id("authorization", n), at: hour(now) })
  if (paper.phase === "open" && paper.followers.includes(n)) return
  const isFull = paper.followers.length >= Invitation.attemptLimit
  world.same("K-R9: an open link is followed", !isOver(paper, now) && !isFull, answer === "done")
  if (answer !== "done") return
  paper.followers = [...paper.followers, n]
  paper.objectionStands = false
}

const use = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const n = world.below(2)
  const answer = send({ _tag: "Use", authorizationId: id("authorization", n), at: hour(now) })
  if (paper.phase === "used" && paper.usedBy === n) {
    return world.same("K-R9: the same use again", "so already", answer)
  }
  world.same("K-R9: a link is used once", !isOver(paper, now), answer === "done")
  if (answer === "done") Object.assign(paper, { phase: "used", usedBy: n })
}

const mailAgain = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "MailAgain", at: hour(now) })
  if (paper.lastMailAt !== undefined && now <= paper.lastMailAt && !isOver(paper, now)) return
  const isPossible = paper.isRequest && !isOver(paper, now) && paper.mails < Invitation.mailLimit
  world.same("X-R3: a request is mailed again", isPossible, answer === "done")
  if (answer !== "done") return
  paper.mails++
  paper.lastMailAt = now
  paper.expiresAt = Math.max(paper.expiresAt, Math.min(now + paper.life, paper.issuedAt + 24 * 30))
  Object.assign(paper, { ownerBounced: false, requesterBounced: false, objectionStands: false })
  delete paper.objectedAt
}

const remind = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Remind", at: hour(now) })
  const isDue =
    paper.isRequest &&
    !isOver(paper, now) &&
    now >= paper.expiresAt - 48 &&
    paper.mails < Invitation.mailLimit &&
    !paper.ownerBounced &&
    !paper.objectionStands &&
    !(paper.lastMailAt !== undefined && now <= paper.lastMailAt)
  world.same("X-R3: the owner is reminded near the end, at an address that works", isDue, answer === "done")
  if (answer !== "done") return
  paper.mails++
  paper.lastMailAt = now
}

const bounce = (_: World, paper: Paper, now: number, { send }: Sent) => {
  const to = _.pick("owner", "requester")
  const answer = send({ _tag: "Bounce", to, reason: "550 unknown", at: hour(now) })
  if (paper.phase !== "open" || !paper.isRequest) return
  const isKnown = to === "owner" ? paper.ownerBounced : paper.requesterBounced
  _.same("X-R3: a mail that comes back is known, for each of the two", isKnown ? "so already" : "done", answer)
  if (to === "owner") paper.ownerBounced = true
  else paper.requesterBounced = true
}

const object = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Object", because: "not-the-owner", at: hour(now) })
  if (!paper.isRequest || paper.phase !== "open") {
    return world.same("X-R1: only who was request objects", true, answer.startsWith("refused"))
  }
  const isNew = !paper.objectionStands && (paper.objectedAt === undefined || now >= paper.objectedAt + 24)
  world.same("X-R1: an objection is reported, and not over and over", isNew ? "done" : "so already", answer)
  if (isNew) Object.assign(paper, { objectionStands: true, objectedAt: now })
}

const close = (world: World, paper: Paper, now: number, { send }: Sent) => {
  if (world.chance(50)) {
    send({ _tag: "Expire", at: hour(now) })
    if (paper.phase === "open" && now >= paper.expiresAt) paper.phase = "expired"
    return
  }
  const answer = send({ _tag: "Revoke", at: hour(now), by: ada })
  if (paper.phase === "used")
    return world.same("K-R9: what was used is not taken back", "refused: already-used", answer)
  if (paper.phase === "open") paper.phase = "revoked"
}

const phases = { Open: "open", Used: "used", Revoked: "revoked", Expired: "expired", Absent: "absent" } as const

const compare = (world: World, paper: Paper, state: Invitation.State) => {
  world.same("where it is", paper.phase, phases[state._tag])
  if (state._tag !== "Open") return
  world.same("how often it was mailed", paper.mails, state.mails)
  world.same("when it ends", hour(paper.expiresAt), state.expiresAt)
  world.same("how often it was followed", paper.followers.length, state.attempts)
  world.same(
    "whether the owner's mail came back",
    paper.ownerBounced,
    Invitation.bounceTo(state, "owner") !== undefined
  )
  world.same("C6: 30 days are the most", true, paper.expiresAt <= paper.issuedAt + 24 * 30)
}

const actions = [follow, follow, use, mailAgain, mailAgain, remind, remind, bounce, object, close]

/** Links and requests to connect. */
export const requesting: Oracle = {
  name: "requesting",
  run: (world) => {
    const link = drive("invitation", world)
    const life = world.pick(0, 1, 24, 72, 24 * 7, 24 * 30, 24 * 30 + 1)
    const isRequest = world.chance(70)
    const paper: Paper = {
      phase: "open",
      issuedAt: 10,
      expiresAt: 10 + life,
      life,
      isRequest,
      mails: isRequest ? 1 : 0,
      followers: [],
      ownerBounced: false,
      requesterBounced: false,
      objectionStands: false
    }
    const answer = link.send(command(paper))
    const lives = life >= 1 && life <= 24 * 30
    world.same("C6: a link lives an hour to thirty days", lives, answer === "done")
    if (!lives) return
    // Some links meet their limits: fifty visits, five mails.
    const pool = world.pick(actions, actions, actions, actions, actions, actions, [follow], [mailAgain])
    let now = 10
    for (let step = 0; step < (pool[0] === follow && pool.length === 1 ? 90 : 20); step++) {
      if (pool === actions && world.chance(60)) now += world.pick(1, 12, 24, 60, 200)
      else if (pool[0] === mailAgain) now++
      pool[world.below(pool.length)]?.(world, paper, now, link)
      compare(world, paper, link.state())
    }
  }
}
