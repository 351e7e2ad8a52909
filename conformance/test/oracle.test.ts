/** The domain against independent statements of its rules, and those statements against domains that are wrong. */
import { describe, expect, it } from "@effect/vitest"
import { Aggregate, Evidence, type Refused } from "@portolan/domain"
import { DateTime, Result } from "effect"
import { ours, type Subject } from "../oracle/Oracle.ts"
import { judge, oracles } from "../oracle/oracles.ts"

type Kind = Aggregate.Kind
type Machine<K extends Kind> = Aggregate.Machine<K>

/** The domain with one machine in which something is changed. */
const withMachine = <K extends Kind>(kind: K, change: (machine: Machine<K>) => Partial<Machine<K>>): Subject => ({
  ...ours,
  machines: { ...ours.machines, [kind]: { ...Aggregate.machine(kind), ...change(Aggregate.machine(kind)) } }
})

/** One command is answered in another way. */
const answering = <K extends Kind>(
  kind: K,
  tag: string,
  answer: (
    machine: Machine<K>,
    state: Aggregate.Types[K]["state"],
    command: Aggregate.Types[K]["command"]
  ) => Result.Result<ReadonlyArray<unknown>, Refused.Refused>
): Subject =>
  withMachine(kind, (machine) => ({
    decide: (state, command) =>
      command._tag === tag
        ? (answer(machine, state, command) as ReturnType<Machine<K>["decide"]>)
        : machine.decide(state, command)
  }))

/** One event leaves the state as it is. */
const forgetting = (kind: Kind, tag: string): Subject =>
  withMachine(kind, (machine) => ({
    evolve: (state, event) => (event._tag === tag ? state : machine.evolve(state, event as never))
  }))

const soAlready = Result.succeed([])

const wrong: { readonly [what: string]: readonly [oracle: string, subject: Subject] } = {
  "binds whatever it is given": [
    "linking",
    answering("connection", "Link", (machine, state, command) => {
      const decided = machine.decide(state, command)
      return Result.isFailure(decided) && state._tag === "Proposed" && command._tag === "Link"
        ? Result.succeed([
            {
              _tag: "Linked",
              connectionId: state.id,
              accountId: state.accountId,
              channel: state.channel,
              link: command.link
            }
          ])
        : decided
    })
  ],
  "never loses a consent": ["linking", answering("connection", "LoseGrant", () => soAlready)],
  "never tells that access is late": ["linking", answering("connection", "CheckAccess", () => soAlready)],
  "leaves a connection behind": ["linking", forgetting("connection", "ConnectionWithdrawn")],
  "keeps a country for ever": ["keeping", answering("account", "RemoveMarketplace", () => soAlready)],
  "keeps a company for ever": ["duplicates", answering("company", "Remove", () => soAlready)],
  "closes for ever": ["closing", forgetting("organization", "OrganizationReopened")],
  "pauses for ever": ["linking", forgetting("connection", "ConnectionResumed")],
  "reads yesterday's clock": [
    "linking",
    {
      ...ours,
      evidence: (state, now, known) => Evidence.ofConnection(state, DateTime.subtract(now, { days: 400 }), known)
    }
  ],
  "takes a callback in another browser": [
    "authorizing",
    answering("authorization", "Return", (machine, state, command) =>
      machine.decide(state, { ...command, browserDigest: "browser" } as never)
    )
  ],
  "takes a callback after its time": [
    "authorizing",
    answering("authorization", "Return", (machine, state, command) =>
      machine.decide(
        state._tag === "Started" ? { ...state, expiresAt: DateTime.add(state.expiresAt, { days: 9 }) } : state,
        command
      )
    )
  ],
  "forgets the candidates of a look": ["authorizing", forgetting("authorization", "CandidatesFound")],
  "ends a consent twice": ["consenting", forgetting("grant", "GrantEnded")],
  "reminds too late": ["consenting", { ...ours, reminders: (end, now) => ours.reminders(end, now).slice(1) }],
  "writes for ever": [
    "requesting",
    answering("invitation", "MailAgain", (machine, state, command) =>
      machine.decide(state._tag === "Open" ? { ...state, mails: 1 } : state, command)
    )
  ],
  "lets a link be used twice": ["requesting", forgetting("invitation", "LinkUsed")],
  "forgets a bounce": ["requesting", forgetting("invitation", "RequestBounced")],
  "lets the owner go": [
    "belonging",
    answering("member", "Leave", (machine, state, command) =>
      machine.decide(state, { ...command, isOwner: false } as never)
    )
  ],
  "lets anybody join": [
    "belonging",
    answering("member", "Accept", (machine, state, command) =>
      machine.decide(state, (state._tag === "Invited" ? { ...command, email: state.email } : command) as never)
    )
  ],
  "hands the ownership to strangers": [
    "belonging",
    answering("organization", "HandOver", (machine, state, command) =>
      machine.decide(state, { ...command, isMember: true } as never)
    )
  ],
  "lets everybody write": ["permitted", { ...ours, rightOn: () => "write" }],
  "lets out of reach be read": [
    "permitted",
    {
      ...ours,
      checkOn: (caller, action, account) => (action === "read" ? Result.void : ours.checkOn(caller, action, account))
    }
  ],
  "erases early": [
    "keeping",
    answering("account", "RecordErasure", (machine, state, command) =>
      machine.decide(state, { ...command, at: DateTime.add((command as never)["at"], { days: 8 }) } as never)
    )
  ],
  "removes what is connected": [
    "keeping",
    answering("account", "Remove", (machine, state, command) =>
      machine.decide(state, { ...command, connected: 0 } as never)
    )
  ],
  "loads a day again": [
    "loading",
    withMachine("backfill", (machine) => ({
      decide: (state, command) =>
        command._tag === "Plan" && state._tag !== "Absent"
          ? machine.decide(state, { ...command, windows: command.windows.slice(1) })
          : machine.decide(state, command)
    }))
  ],
  "cries too early": [
    "loading",
    answering("backfill", "CheckSync", (machine, state, command) =>
      machine.decide(state, { ...command, at: DateTime.add((command as never)["at"], { hours: 12 }) } as never)
    )
  ],
  "never tells of a missed deadline": ["loading", answering("backfill", "CheckDeadline", () => soAlready)],
  "shows what a login has lost": ["mainAccount", forgetting("consolidation", "SecondaryAccessRemoved")],
  "lets anybody grant": [
    "mainAccount",
    answering("consolidation", "Grant", (machine, state, command) =>
      machine.decide(state, {
        ...command,
        performerId: (state as Extract<typeof state, { _tag: "Open" }>).accounts.find(
          (one) => one.id === (command as never)["accountId"]
        )?.administratorId
      } as never)
    )
  ],
  "leaves a step out": [
    "mainAccount",
    { ...ours, plan: (state) => ({ ...ours.plan(state), steps: ours.plan(state).steps.slice(1) }) }
  ],
  "joins every country": [
    "expanding",
    { ...ours, expand: (...input) => ({ ...ours.expand(...input), decision: "add-marketplace" }) }
  ],
  "names another cause": [
    "diagnosing",
    {
      ...ours,
      diagnose: (...input) => {
        const { headline: _first, ...rest } = ours.diagnose(...input)
        const failed = rest.checks.findLast((one) => one.state === "failed")
        return failed === undefined ? rest : { ...rest, headline: failed }
      }
    }
  ],
  "loses an advertiser at one bad list": [
    "directory",
    answering("advertiser", "Miss", (machine, state, command) =>
      machine.decide(state._tag === "Listed" ? { ...state, misses: 2 } : state, command)
    )
  ],
  "gives an advertiser to two": [
    "directory",
    answering("advertiser", "Assign", (machine, state, command) => {
      if (state._tag !== "Listed") return machine.decide(state, command)
      const { assignment: _held, ...free } = state
      return machine.decide(free, command)
    })
  ],
  "revokes a key and goes on": ["keys", forgetting("apiKey", "ApiKeyRevoked")]
}

describe("the domain, judged by independent statements of its rules", () => {
  for (const oracle of oracles) {
    it(`does as the rules say: ${oracle.name}`, () => {
      const { steps, violations } = judge(4000, { only: [oracle] })
      expect(violations).toEqual([])
      expect(steps).toBeGreaterThanOrEqual(4000)
    })
  }

  it("gives the same run for the same seed", () => {
    expect(judge(3000, { seed: 7 })).toEqual(judge(3000, { seed: 7 }))
  })

  for (const [what, [name, subject]] of Object.entries(wrong)) {
    it(`finds a domain that ${what}`, () => {
      const only = oracles.filter((oracle) => oracle.name === name)
      expect(judge(4000, { only, subject }).violations).not.toEqual([])
    })
  }

  it("has a wrong domain for every body of rules", () => {
    const judged = new Set(Object.values(wrong).map(([name]) => name))
    expect(oracles.map(({ name }) => name).filter((name) => !judged.has(name))).toEqual([])
  })
})
