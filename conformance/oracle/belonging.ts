/**
 * Who belongs to an organization, who owns it, and what a person may do with an account (rules C12, C13, K-R1, K-R17,
 * P-R14 to P-R16, S-R8, S-R9, X-R6, X-R7).
 */
import { Access, Member } from "@portolan/domain"
import { Duration, Result } from "effect"
import { ada, drive, type Driven, hour, id, type Oracle, type World } from "./Oracle.ts"

/** What a person would keep on paper of one address. */
interface Paper {
  phase: "absent" | "invited" | "active" | "gone"
  mails: number
  until: number
  mailedAt?: number
  round: number
}

const everything = { _tag: "Everything" } as const
const life = Duration.toHours(Member.invitationLife)
const email = (n: number) => `p${n}@example.com` as never

const invite = (world: World, { n, now, paper }: Turn, { send }: Sent) => {
  const answer = send({
    _tag: "Invite",
    member: {
      id: id("member", n),
      organizationId: id("organization"),
      email: email(n),
      role: "member",
      accessScope: everything,
      tokenDigest: `${paper.round + 1}`,
      round: paper.round + 1
    },
    by: ada,
    at: hour(now)
  })
  const isPossible =
    paper.phase === "absent" || paper.phase === "gone" || (paper.phase === "invited" && now >= paper.until)
  world.same("P-R14: an address has one open invitation", isPossible, answer === "done")
  if (answer !== "done") return
  Object.assign(paper, { phase: "invited", mails: 1, until: now + life, round: paper.round + 1 })
  delete paper.mailedAt
}

const mailAgain = (world: World, { now, paper }: Turn, { send }: Sent) => {
  const answer = send({ _tag: "MailAgain", at: hour(now) })
  if (paper.mailedAt !== undefined && now <= paper.mailedAt) return
  const isPossible = paper.phase === "invited" && now < paper.until && paper.mails < Member.mailLimit
  world.same("P-R14: an invitation that lives is mailed again, not for ever", isPossible, answer === "done")
  if (answer === "done") Object.assign(paper, { mails: paper.mails + 1, until: now + life, mailedAt: now })
}

const accept = (world: World, { n, now, paper }: Turn, { send }: Sent) => {
  const other = world.chance(20)
  const answer = send({
    _tag: "Accept",
    personId: id("person", other ? 9 : n),
    name: "P",
    email: other ? "q@example.com" : email(n),
    at: hour(now)
  })
  if (paper.phase === "active") return
  const isPossible = paper.phase === "invited" && now < paper.until && !other
  world.same("P-R15: who was invited joins, in time, and nobody else", isPossible, answer === "done")
  if (answer === "done") paper.phase = "active"
}

const leave = (world: World, { now, owner, paper }: Turn, { send }: Sent) => {
  const answer = send({ _tag: "Leave", because: "removed", isOwner: owner, by: ada, at: hour(now) })
  if (paper.phase !== "active") return
  world.same("C13: the owner never leaves", owner, answer.startsWith("refused"))
  if (answer === "done") paper.phase = "gone"
}

const withdraw = (world: World, { now, paper }: Turn, { send }: Sent) => {
  const answer = send({ _tag: "Withdraw", by: ada, at: hour(now) })
  if (paper.phase === "active") return world.same("a member is not withdrawn", true, answer.startsWith("refused"))
  if (paper.phase === "invited") paper.phase = "gone"
}

const change = (world: World, { owner, paper }: Turn, { send }: Sent) => {
  const limited = world.chance(50)
  const role = world.pick("admin", "member", "viewer")
  const accessScope = limited ? ({ _tag: "Limited", companies: [], brands: [], accounts: [] } as const) : everything
  const answer = send({ _tag: "ChangeAccess", role, accessScope, isOwner: owner })
  if (paper.phase !== "active") return
  const isWrong = owner || (role === "admin" && limited)
  world.same("S-R8: admins see everything, and the owner is not limited", isWrong, answer.startsWith("refused"))
}

interface Turn {
  readonly n: number
  readonly now: number
  readonly owner: boolean
  readonly paper: Paper
}
type Sent = Driven<"member">

const actions = [invite, invite, mailAgain, accept, accept, leave, withdraw, change]
const phases = { Absent: "absent", Invited: "invited", Active: "active", Gone: "gone" } as const

/** An organization with its founder and three more addresses. */
export const belonging: Oracle = {
  name: "belonging",
  run: (world) => {
    const organization = drive("organization", world)
    const founding = {
      _tag: "Found",
      organization: {
        id: id("organization"),
        organizationId: id("organization"),
        name: "Kräuter" as never,
        ownerId: id("person"),
        foundedAt: hour(0)
      }
    } as const
    world.same("P-R5: an organization comes first", "done", organization.send(founding))
    const members = [0, 1, 2, 3].map(() => drive("member", world))
    const papers = members.map((): Paper => ({ phase: "absent", mails: 0, until: 0, round: 0 }))
    const [founder, first] = [members[0], papers[0]]
    if (founder === undefined || first === undefined) return
    const identity = { id: id("member"), organizationId: id("organization"), email: email(0), personId: id("person") }
    founder.send({ _tag: "Join", member: { ...identity, name: "P", role: "admin" }, isOwner: true, at: hour(0) })
    first.phase = "active"
    let [owner, now] = [0, 1]
    for (let step = 0; step < 40; step++) {
      if (world.chance(50)) now += world.pick(1, 24, 100, 169)
      const n = world.below(4)
      const [member, paper] = [members[n], papers[n]]
      if (member === undefined || paper === undefined) continue
      if (world.chance(15)) {
        const isMember = paper.phase === "active"
        const answer = organization.send({ _tag: "HandOver", to: id("person", n), isMember, at: hour(now) })
        world.same("X-R7: the ownership goes to a member", !isMember, answer.startsWith("refused"))
        if (isMember) owner = n
      } else actions[world.below(actions.length)]?.(world, { n, now, paper, owner: owner === n }, member)
      const state = organization.state()
      world.same("C13: there is one owner", id("person", owner), state._tag === "Open" ? state.ownerId : undefined)
      world.same("C13: who belongs to it", true, papers[owner]?.phase === "active")
      world.same("P-R14: where an address is", paper.phase, phases[member.state()._tag])
    }
  }
}

const table: { readonly [R in Access.Role]: ReadonlyArray<Access.Action> } = {
  owner: ["own", "manage-people", "administer", "connect", "read"],
  admin: ["manage-people", "administer", "connect", "read"],
  member: ["connect", "read"],
  viewer: ["read"]
}

/** What a caller may do with one account: the role, the key's purpose and the limits on paper, cell by cell. */
export const permitted: Oracle = {
  name: "permitted",
  run: (world) => {
    const account = { id: id("account"), companyId: id("company"), brandIds: [id("brand"), id("brand", 1)] }
    const rows = <I>(ours: I, other: I) =>
      Array.from({ length: world.below(3) }, () => ({
        id: world.pick(ours, other),
        right: world.pick("read", "write")
      }))
    for (let cell = 0; cell < 20; cell++) {
      const limits = {
        companies: rows(id("company"), id("company", 7)),
        brands: rows(id("brand", 1), id("brand", 7)),
        accounts: rows(id("account"), id("account", 7))
      }
      const limited = world.chance(70)
      const accessScope: Access.AccessScope = limited ? { _tag: "Limited", ...limits } : everything
      const role = world.pick("owner", "admin", "member", "viewer")
      const action = world.pick("own", "manage-people", "administer", "connect", "read")
      const scopes = world.chance(30) ? [world.pick("connect", "read", "administer")] : undefined
      world.record({ role, action, scopes, accessScope })
      const held = new Set(
        [
          ...limits.companies.filter((one) => one.id === account.companyId),
          ...limits.brands.filter((one) => account.brandIds.includes(one.id)),
          ...limits.accounts.filter((one) => one.id === account.id)
        ].map(({ right }) => right)
      )
      const best = limited ? (["write", "read"] as const).find((one) => held.has(one)) : "write"
      world.same("K-R17: the strongest right counts", best, world.subject.rightOn(accessScope, account))
      const mayAtAll = table[role].includes(action) && (scopes === undefined || scopes.includes(action as never))
      const may = mayAtAll && (best === "write" || (best === "read" && action === "read"))
      const caller = { role, accessScope, ...(scopes === undefined ? {} : { scopes }) }
      const allowed = Result.isSuccess(world.subject.checkOn(caller, action, account))
      world.same("C12: what is out of reach is refused, whatever is asked", may, allowed)
    }
  }
}
