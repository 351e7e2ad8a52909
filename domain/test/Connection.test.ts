/** The connection: identity (rule C10), late news, limits, ends. */
import { describe, expect, it } from "@effect/vitest"
import { type Aggregate, Catalogue, Connection, Evidence, Job, Marketplace, Profile, Provider } from "@portolan/domain"
import { Arbitrary, DateTime, Option, Result } from "effect"
import * as commands from "./support/commands.ts"
import { after, type Step, stories, tell } from "./support/Story.ts"
import { ada, advertiser, between, candidate, hour, id, instants, pick } from "./support/values.ts"

const { any, creation } = commands.connection
const told = stories("connection", creation, any, 25)
const propose = commands.propose()

const link = (grant: number, profile = 0, at = 1, permission: "edit" | "view" = "edit"): Connection.Command => ({
  _tag: "Link",
  link: {
    grantId: id("grant", grant),
    profile: candidate(profile, permission),
    permission,
    linkedAt: hour(at),
    linkedBy: ada
  }
})
const connected = after("connection", propose, link(0))

/** What follows from a story. */
const work = (steps: ReadonlyArray<Step<"connection">>) =>
  steps
    .flatMap(({ after, events }) =>
      after._tag === "Absent" ? [] : events.flatMap((event) => Job.ofConnection(after, event))
    )
    .map((wanted) => wanted.task)

describe("late news", () => {
  it.prop(
    "of a grant that was replaced never changes anything",
    [told, instants],
    ([steps, at]) => {
      const last = steps.at(-1)?.after
      if (last === undefined || !Connection.isLinked(last)) return
      const old = id("grant", 9)
      for (const news of [
        { _tag: "LoseGrant", grantId: old, loss: "expired", at },
        { _tag: "Prove", grantId: old, at },
        { _tag: "CheckRights", grantId: old, at, missing: "everything" },
        { _tag: "CheckRights", grantId: old, at }
      ] as const)
        expect(tell("connection", [news], last)[0]?.events).toEqual([])
      expect(
        Connection.evolve(last, { _tag: "GrantLost", connectionId: last.id, grantId: old, loss: "expired", at })
      ).toBe(last)
    },
    { arbitrary: { runs: 200 } }
  )

  it("of a success that was under way does not bring a dead grant back", () => {
    const dead = after(
      "connection",
      propose,
      link(0),
      { _tag: "LoseGrant", grantId: id("grant"), loss: "withdrawn-or-reset", at: hour(2) },
      { _tag: "Prove", grantId: id("grant"), at: hour(3) },
      { _tag: "CheckRights", grantId: id("grant"), at: hour(3) }
    )
    expect(dead._tag).toBe("ReauthorizationNeeded")
  })

  it("that is older than what is known does not turn the clock back", () => {
    const proven = after("connection", propose, link(0), { _tag: "Prove", grantId: id("grant"), at: hour(9) })
    expect(tell("connection", [{ _tag: "Prove", grantId: id("grant"), at: hour(5) }], proven)[0]?.after).toBe(proven)
  })
})

describe("reconnecting", () => {
  it.prop(
    "as another seller or profile is refused, and the old link is kept",
    [told, between(3, 5), instants],
    ([steps, n, at]) => {
      const last = steps.at(-1)?.after
      if (last === undefined || !Connection.isLinked(last) || Connection.isMistaken(last)) return
      const [step] = tell(
        "connection",
        [
          {
            _tag: "Link",
            link: { grantId: id("grant", 9), profile: candidate(n), permission: "edit", linkedAt: at, linkedBy: ada }
          }
        ],
        last
      )
      expect(step?.refused?.reason).toBe("different-identity")
      expect(step?.refused?.detail).toContain(last.link.profile.name)
      expect(step?.after).toBe(last)
    }
  )

  it.prop(
    "as the same keeps the account, the binding and the day of proposal, and ends the old grant once",
    [told, instants],
    ([steps, at]) => {
      const last = steps.at(-1)?.after
      if (last === undefined || !Connection.isLinked(last)) return
      const renewed = tell(
        "connection",
        [{ _tag: "Link", link: { ...last.link, grantId: id("grant", 9), linkedAt: at } }],
        last
      )
      const next = renewed[0]?.after
      if (next === undefined || !Connection.isLinked(next)) throw new Error("not linked")
      expect(next).toMatchObject({ id: last.id, accountId: last.accountId, proposedAt: last.proposedAt })
      expect(Profile.sameKey(next.link.profile.key, last.link.profile.key)).toBe(true)
      expect(next.link.grantId).toBe(id("grant", 9))
      const endsIn = (all: typeof steps) =>
        work(all).filter((one) => one._tag === "EndGrant" && one.grantId === last.link.grantId)
      // A consent of somebody else ended when that was found.
      if (Connection.isMistaken(last)) {
        expect(endsIn(steps)).not.toEqual([])
        expect(endsIn(renewed)).toEqual([])
      } else {
        expect(endsIn(renewed)).toEqual([{ _tag: "EndGrant", grantId: last.link.grantId, end: "replaced" }])
      }
      expect(next.paused).toEqual(last.paused)
      expect(work(renewed)).toContainEqual({ _tag: "ProveConnection", connectionId: last.id, grantId: id("grant", 9) })
    }
  )

  it("mends what was lost", () => {
    expect(
      after(
        "connection",
        propose,
        link(0),
        { _tag: "LoseGrant", grantId: id("grant"), loss: "expired", at: hour(2) },
        link(1)
      )._tag
    ).toBe("Connected")
  })

  it("tells two profiles apart whose numbers a computer would round to one", () => {
    const [step] = tell("connection", [link(1, 1)], connected)
    expect(step?.refused?.reason).toBe("different-identity")
  })
})

describe("a link", () => {
  const channels = [...Catalogue.standard.channels.keys()]
  const marketplaces = ["US", "DE", "JP"].map((code) =>
    Option.getOrThrow(Marketplace.findByCountry(Provider.Provider.make("amazon"), code))
  )
  const places = [...marketplaces.map((one) => one.id), advertiser().key.marketplaceId]
  const types = [...Catalogue.standard.accountTypes.keys(), "agency"]
  const index = between(0, 11)
  const proposals = Arbitrary.map(Arbitrary.all([index, index, index]), ([channel, place, type]) => {
    const { connection } = propose as Extract<Connection.Command, { readonly _tag: "Propose" }>
    const accountType = [...Catalogue.standard.accountTypes.keys(), undefined][type % (types.length + 1)]
    return {
      ...connection,
      channel: channels[channel % channels.length]!,
      marketplaceId: places[place % places.length]!,
      ...(accountType === undefined ? {} : { accountType })
    }
  })
  const profiles = Arbitrary.map(Arbitrary.all([index, index, index]), ([channel, place, type]) => {
    const marketplaceId = places[place % places.length]!
    const { region } = Marketplace.get(marketplaceId)
    const key = { ...candidate().key, channel: channels[channel % channels.length]!, marketplaceId, region }
    return { ...candidate(), key, type: types[type % types.length]! } as Profile.Candidate
  })
  const linkTo = (profile: Profile.Candidate): Connection.Command => ({
    _tag: "Link",
    link: { grantId: id("grant"), profile, permission: "edit", linkedAt: hour(1), linkedBy: ada }
  })

  it.prop(
    "binds a profile of the connection's own channel, marketplace and account type, and refuses every other",
    [proposals, profiles],
    ([proposal, profile]) => {
      const [, step] = tell("connection", [{ _tag: "Propose", connection: proposal }, linkTo(profile)])
      const usesChannel = Catalogue.standard.accountTypes
        .get(profile.type)
        ?.channels.some(({ channel }) => channel === proposal.channel)
      const fits =
        profile.key.channel === proposal.channel &&
        profile.key.marketplaceId === proposal.marketplaceId &&
        (proposal.accountType === undefined ? usesChannel === true : profile.type === proposal.accountType)
      if (fits) expect(step?.events[0]?._tag).toBe("Linked")
      else {
        expect(step?.refused?.reason).toBe("unfit-profile")
        expect(step?.refused?.detail).toContain(profile.name)
      }
    },
    { arbitrary: { runs: 2000 } }
  )

  it.prop(
    "of the same consent to another profile is refused, and one to the same profile with another right changes it",
    [told, between(0, 5), pick<"edit" | "view">("edit", "view"), instants],
    ([steps, n, permission, linkedAt]) => {
      const last = steps.at(-1)?.after
      if (last === undefined || !Connection.isLinked(last) || last.channel !== "amazon-ads") return
      const profile = candidate(n, permission)
      const again: Connection.Command = { _tag: "Link", link: { ...last.link, profile, permission, linkedAt } }
      const [step] = tell("connection", [again], last)
      // What a mistaken connection was bound to was never its own.
      if (Connection.isMistaken(last)) return
      if (!Profile.sameKey(profile.key, last.link.profile.key))
        return expect(step?.refused?.reason).toBe("different-identity")
      const isNews = last.link.permission !== permission && DateTime.isGreaterThan(linkedAt, last.link.linkedAt)
      const isDead = last._tag === "ReauthorizationNeeded"
      expect(step?.events.map(({ _tag }) => _tag)).toEqual(
        isNews && !isDead ? ["Renewed", ...(permission === "view" ? ["LimitFound"] : [])] : []
      )
      // The consent is still in use.
      expect(work(step === undefined ? [] : [step]).filter((one) => one._tag === "EndGrant")).toEqual([])
    },
    { arbitrary: { runs: 1000 } }
  )
})

it("refuses a command whose tag only Object.prototype knows", () => {
  for (const tag of Object.getOwnPropertyNames(Object.prototype)) {
    const decision = Connection.decide(connected, { _tag: tag } as never)
    expect(Result.isFailure(decision)).toBe(true)
  }
})

describe("rights", () => {
  const view = after("connection", propose, link(0, 0, 1, "view"))

  it("a login that may only view makes the connection limited, from the first moment", () => {
    expect(view).toMatchObject({ _tag: "Limited", missing: "the right to edit campaigns (this login can only view)" })
  })

  it.prop("loading data does not lift a limit; only a look at the rights does", [between(2, 900)], ([hours]) => {
    const loaded = tell("connection", [{ _tag: "Prove", grantId: id("grant"), at: hour(hours) }], view)[0]?.after
    expect(loaded).toMatchObject({ _tag: "Limited", provenAt: hour(hours) })
    expect(
      tell("connection", [{ _tag: "CheckRights", grantId: id("grant"), at: hour(hours) }], view)[0]?.after._tag
    ).toBe("Connected")
  })

  it("a limit that is found again is told once", () => {
    const steps = tell(
      "connection",
      [1, 2, 3].map(
        (at) => ({ _tag: "CheckRights", grantId: id("grant"), at: hour(at + 1), missing: "orders" }) as const
      ),
      connected
    )
    expect(steps.flatMap((step) => step.events).filter((event) => event._tag === "LimitFound")).toHaveLength(1)
  })
})

describe("a choice that waits", () => {
  it("is shown wherever the connection stands, and its end leaves everything as it was", () => {
    const before: ReadonlyArray<Connection.State> = [
      after("connection", propose),
      connected,
      after("connection", propose, link(0, 0, 1, "view")),
      after("connection", propose, link(0), { _tag: "LoseGrant", grantId: id("grant"), loss: "expired", at: hour(2) }),
      after("connection", propose, link(0), { _tag: "Disconnect", at: hour(2), by: ada })
    ]
    for (const state of before) {
      const [waits, other, dropped] = tell(
        "connection",
        [
          { _tag: "AwaitSelection", authorizationId: id("authorization", 1), at: hour(5) },
          { _tag: "DropSelection", authorizationId: id("authorization", 2) },
          { _tag: "DropSelection", authorizationId: id("authorization", 1) }
        ],
        state
      )
      expect(Connection.pendingOf(waits!.after)).toEqual({ authorizationId: id("authorization", 1), since: hour(5) })
      expect(Evidence.ofConnection(waits!.after as Connection.Present, hour(30)).mustAct).toBe("member")
      expect(other?.events).toEqual([])
      expect(dropped?.after).toEqual(state)
    }
  })
})

describe("disconnecting", () => {
  it.prop(
    "ends the grant and the load once, and frees the profile; nothing more comes later",
    [told, instants],
    ([steps, at]) => {
      const last = steps.at(-1)?.after
      if (last === undefined) return
      const ending = tell(
        "connection",
        [
          { _tag: "Disconnect", at, by: ada },
          { _tag: "Disconnect", at, by: ada },
          { _tag: "LoseGrant", grantId: id("grant"), loss: "expired", at },
          { _tag: "CheckRights", grantId: id("grant"), at, missing: "x" }
        ],
        last
      )
      const linked = Connection.isLinked(last)
      expect(work(ending)).toEqual(
        !linked
          ? last._tag === "AwaitingAccess"
            ? [{ _tag: "ReconcileAwaited", connectionId: last.id }]
            : []
          : [
              { _tag: "EndGrant", grantId: last.link.grantId, end: "disconnected" },
              { _tag: "CancelBackfill", connectionId: last.id }
            ]
      )
      const [event] = ending[0]?.events ?? []
      expect(event?._tag === "Disconnected" ? event.released : undefined).toEqual(linked ? last.link : undefined)
    }
  )

  it("does not forbid coming back, even as another seller", () => {
    expect(after("connection", propose, link(0), { _tag: "Disconnect", at: hour(2), by: ada }, link(1, 1))._tag).toBe(
      "Connected"
    )
  })
})

describe("follow-up work", () => {
  it.prop("of a link: plan, proof, reminders before its end, and one notice", [told], ([steps]) => {
    for (const { events } of steps) {
      for (const event of events) {
        if (event._tag !== "Linked" && event._tag !== "Renewed") continue
        const wanted = Job.of.connection(connected as Aggregate.Present<"connection">, event)
        expect(wanted.filter((one) => one.task._tag === "PlanBackfill")).toHaveLength(1)
        expect(wanted.filter((one) => one.task._tag === "ProveConnection")).toHaveLength(1)
        expect(wanted.filter((one) => one.task._tag === "Notify")).toHaveLength(event._tag === "Linked" ? 1 : 0)
        const reminders = wanted.filter((one) => one.task._tag === "RemindExpiry").map((one) => one.dueAt)
        const { expiresAt, linkedAt } = event.link
        for (const at of reminders) expect(DateTime.isGreaterThan(at, linkedAt)).toBe(true)
        const [first] = reminders
        expect(first !== undefined).toBe(
          expiresAt !== undefined && DateTime.isGreaterThan(expiresAt, DateTime.add(linkedAt, { days: 1 }))
        )
      }
    }
  })

  it("a right that is missing is told, and one that is back takes up what was blocked", () => {
    const limited = tell(
      "connection",
      [
        { _tag: "CheckRights", grantId: id("grant"), at: hour(3), missing: "reports" },
        { _tag: "CheckRights", grantId: id("grant"), at: hour(4) }
      ],
      connected
    )
    expect(work(limited).map((one) => one._tag)).toEqual(["Notify", "Diagnose", "PlanBackfill", "Notify"])
  })

  it("a lost grant is forgotten and people are told", () => {
    const lost = tell(
      "connection",
      [{ _tag: "LoseGrant", grantId: id("grant"), loss: "expired", at: hour(3) }],
      connected
    )
    expect(work(lost).map((one) => one._tag)).toEqual(["EndGrant", "FindFallback", "Notify"])
  })

  it("a decision is a value: it can be looked at before it is saved", () => {
    expect(Result.isSuccess(Connection.decide(connected, { _tag: "Disconnect", at: hour(1), by: ada }))).toBe(true)
  })
})

describe("waiting for access (rules W-R4, W-R10)", () => {
  const walmart = commands.propose("walmart-connect")
  const expectAccess = (advertiser: string, at = 0): Connection.Command => ({
    _tag: "ExpectAccess",
    advertiser: advertiser,
    by: ada,
    at: hour(at)
  })
  const check = (at: number): Connection.Command => ({ _tag: "CheckAccess", at: hour(at) })
  const partnership = (grant: number, at = 1, permission: "edit" | "view" = "edit"): Connection.Command => ({
    _tag: "Link",
    link: {
      grantId: id("grant", grant),
      profile: advertiser(0, { permission }),
      permission,
      linkedAt: hour(at),
      linkedBy: ada
    }
  })

  it.prop(
    "is reported as late once, a day after it began, and not before",
    [between(0, 48), between(0, 48)],
    ([first, second]) => {
      const steps = tell(
        "connection",
        [check(first), check(second)],
        after("connection", walmart, expectAccess("Olsen"))
      )
      const reports = steps.flatMap((step) => step.events).filter((event) => event._tag === "AccessOverdue")
      expect(reports).toHaveLength(Math.max(first, second) >= Connection.accessHours ? 1 : 0)
      expect(work(steps).filter((one) => one._tag === "Notify")).toHaveLength(reports.length)
    }
  )

  it("asks operators and the clock to look, and tells operators when it is over", () => {
    const steps = tell("connection", [walmart, expectAccess("Olsen"), check(24), partnership(0)])
    expect(
      steps
        .flatMap(({ after, events }) =>
          after._tag === "Absent" ? [] : events.flatMap((event) => Job.ofConnection(after, event))
        )
        .filter(({ task: { _tag } }) => _tag === "ReconcileAwaited" || _tag === "CheckAccess")
        .map(({ dueAt, task }) => [task._tag, dueAt])
    ).toEqual([
      ["ReconcileAwaited", hour(0)],
      ["CheckAccess", hour(24)],
      ["ReconcileAwaited", hour(1)]
    ])
    expect(
      work(
        tell(
          "connection",
          [{ _tag: "DropExpectation", at: hour(3) }],
          after("connection", walmart, expectAccess("Olsen"))
        )
      )
    ).toEqual([{ _tag: "ReconcileAwaited", connectionId: id("connection") }])
  })

  it("is over once the advertiser is ready to be linked: whoever can link it must act, and it is not late", () => {
    const note = (at: number, advertiser?: string): Connection.Command => ({
      _tag: "NoteAccess",
      at: hour(at),
      ...(advertiser === undefined ? {} : { advertiser })
    })
    const [here, again, late, gone, overdue] = tell(
      "connection",
      [note(2, "Olsen Inc"), note(3, "Olsen Inc"), check(30), note(31), check(31)],
      after("connection", walmart, expectAccess("olsen inc"))
    )
    expect([again, late].map((step) => step?.events)).toEqual([[], []])
    expect(Evidence.ofConnection(here?.after as Connection.Present, hour(30))).toMatchObject({
      label: "Ready to be linked",
      mustAct: "member"
    })
    expect(Evidence.ofConnection(gone?.after as Connection.Present, hour(30))).toMatchObject({
      mustAct: "account-owner"
    })
    expect(overdue?.events.map(({ _tag }) => _tag)).toEqual(["AccessOverdue"])
    expect(work([gone].flatMap((step) => step ?? [])).map(({ _tag }) => _tag)).toEqual([
      "ReconcileAwaited",
      "CheckAccess"
    ])
  })

  it("starts anew for another advertiser, and only for another", () => {
    const late = after("connection", walmart, expectAccess("Olsen"), check(30))
    expect(Evidence.ofConnection(late as Connection.Present, hour(30))).toMatchObject({
      label: "Access is overdue",
      mustAct: "operator"
    })
    const [same, other] = tell("connection", [expectAccess("Olsen", 40), expectAccess("Lindqvist", 40)], late)
    expect(same?.events).toEqual([])
    expect(other?.after).toMatchObject({ expected: { advertiser: "Lindqvist", since: hour(40) } })
    expect(Evidence.ofConnection(other?.after as Connection.Present, hour(30)).mustAct).toBe("account-owner")
  })

  it("belongs to channels where no consent returns; elsewhere it is refused", () => {
    const [step] = tell("connection", [expectAccess("Olsen")], after("connection", propose))
    expect(step?.refused?.reason).toBe("contradiction")
  })

  it("that was taken away heals by itself with another grant of the same advertiser, and tells nobody anything before", () => {
    const lost = after("connection", walmart, partnership(0), {
      _tag: "LoseGrant",
      grantId: id("grant"),
      loss: "access-removed",
      at: hour(5)
    })
    expect(Evidence.ofConnection(lost as Connection.Present, hour(30))).toMatchObject({
      status: "reauthorization-needed",
      mustAct: "account-owner"
    })
    expect(Evidence.ofConnection(lost as Connection.Present, hour(30)).nextStep).toContain("by itself")
    const [healed] = tell("connection", [partnership(1, 9)], lost)
    expect(healed?.after).toMatchObject({ _tag: "Connected", link: { grantId: id("grant", 1) } })
    expect(tell("connection", [partnership(0, 9)], lost)[0]?.events).toEqual([])
  })

  it("given for reading only makes the connection limited, in Walmart's words", () => {
    expect(after("connection", walmart, partnership(0, 1, "view"))).toMatchObject({
      _tag: "Limited",
      missing: "write access (the advertiser gave us read access only)"
    })
  })
})

describe("pausing (rule P-R19)", () => {
  const pause = (at = 3): Connection.Command => ({ _tag: "Pause", at: hour(at), by: ada })
  const resume: Connection.Command = { _tag: "Resume", at: hour(9), by: ada }

  it.prop(
    "keeps consent, profile and state, and resuming leaves everything as it was",
    [told],
    ([steps]) => {
      const last = steps.at(-1)?.after
      if (last === undefined || !Connection.isLinked(last) || last.paused !== undefined) return
      const [paused, again, resumed] = tell("connection", [pause(), pause(4), resume], last)
      expect(paused?.after).toEqual({ ...last, paused: { at: hour(3), by: ada } })
      expect(again?.events).toEqual([])
      expect(resumed?.after).toEqual(last)
      expect(work([resumed!])).toEqual([{ _tag: "PlanBackfill", connectionId: last.id, finalisedAt: hour(9) }])
    },
    { arbitrary: { runs: 200 } }
  )

  it("survives limits, losses and renewals, and shows as what needs somebody most", () => {
    const states = tell(
      "connection",
      [
        pause(),
        { _tag: "CheckRights", grantId: id("grant"), at: hour(4), missing: "orders" },
        { _tag: "CheckRights", grantId: id("grant"), at: hour(5) },
        { _tag: "LoseGrant", grantId: id("grant"), loss: "expired", at: hour(6) },
        link(1)
      ],
      connected
    ).map(({ after }) => after as Connection.Linked)
    expect(states.map((state) => state.paused?.at)).toEqual(states.map(() => hour(3)))
    expect(states.map((state) => Evidence.ofConnection(state, hour(30)).status)).toEqual([
      "paused",
      "paused",
      "paused",
      "reauthorization-needed",
      "paused"
    ])
    expect(states.map((state) => Evidence.ofConnection(state, hour(30)).mustAct)).toEqual([
      "member",
      "member",
      "member",
      "account-owner",
      "member"
    ])
  })

  it("ends with the connection, and makes no sense before it is linked", () => {
    expect(
      after("connection", propose, link(0), pause(), { _tag: "Disconnect", at: hour(4), by: ada }, link(1))
    ).not.toHaveProperty("paused")
    expect(tell("connection", [pause()], after("connection", propose))[0]?.refused?.reason).toBe("not-possible-now")
  })
})

describe("moving to another country of the region (rule P-R9)", () => {
  const canada = "A2EUQ1WTGCTBG2" as Extract<Connection.Command, { readonly _tag: "Move" }>["to"]

  it.prop(
    "happens only before the connection is bound",
    [told],
    ([steps]) => {
      for (const { after, before, events } of steps) {
        if (before._tag === "Absent" || after._tag === "Absent" || before.marketplaceId === after.marketplaceId)
          continue
        expect(events).toMatchObject([{ _tag: "ConnectionMoved", to: after.marketplaceId }])
        expect(Connection.isLinked(before)).toBe(false)
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it("is refused once it is bound, and says what to do instead", () => {
    const [step] = tell("connection", [{ _tag: "Move", to: canada }], connected)
    expect(step?.refused).toMatchObject({ reason: "not-possible-now" })
    expect(step?.refused?.nextStep).toContain("Add the marketplace")
    expect(after("connection", propose, { _tag: "Move", to: canada }, link(0))).toMatchObject({ marketplaceId: canada })
  })
})

describe("one of several logins", () => {
  it("takes over without ending the other where it is kept to fall back to (rule S-R7)", () => {
    const kept = { ...link(1), keepsReplaced: true } as Connection.Command
    const steps = tell("connection", [kept], connected)
    expect(steps[0]?.events[0]).toMatchObject({ _tag: "Renewed", replacedGrantId: id("grant"), keepsReplaced: true })
    expect(work(steps).filter((one) => one._tag === "EndGrant")).toEqual([])
  })

  it("is looked for as soon as a grant is lost, and people are told two minutes later", () => {
    const [lost] = tell(
      "connection",
      [{ _tag: "LoseGrant", grantId: id("grant"), loss: "withdrawn-or-reset", at: hour(3) }],
      connected
    )
    expect(Job.ofConnection(lost!.after as Connection.Present, lost!.events[0]!)).toEqual([
      { dueAt: hour(3), task: { _tag: "EndGrant", grantId: id("grant"), end: "refused-by-provider" } },
      { dueAt: hour(3), task: { _tag: "FindFallback", connectionId: id("connection"), grantId: id("grant") } },
      {
        dueAt: DateTime.add(hour(3), { minutes: 2 }),
        task: {
          _tag: "Notify",
          topic: "reauthorization-needed",
          connectionId: id("connection"),
          detail: "withdrawn-or-reset"
        }
      }
    ])
  })
})
