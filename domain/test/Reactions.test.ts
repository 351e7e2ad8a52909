/**
 * Which events call for which work, written down apart from the code: what is not listed calls for nothing. Whoever
 * adds a mail, a notice or a job changes this table, so nothing is sent twice and nothing is forgotten.
 */
import { describe, expect, it } from "@effect/vitest"
import { Aggregate, Job, Invitation } from "@portolan/domain"
import { Arbitrary, Effect, Schema } from "effect"
import * as commands from "./support/commands.ts"
import { stories } from "./support/Story.ts"
import { id } from "./support/values.ts"

const named = (task: Job.Task): string => {
  switch (task._tag) {
    case "Notify":
      return `Notify ${task.topic}`
    case "MailRequest":
      return `MailRequest ${task.about} ${task.to}`
    default:
      return task._tag
  }
}

/** Every kind of work that each event was seen to call for, over many stories. */
const seen = <K extends Aggregate.Kind>(kind: K, { any, creation }: commands.Commands<K>) => {
  const found = new Map<string, Set<string>>()
  const told = Effect.runSync(Arbitrary.sampleEffect(stories(kind, creation, any, 25, 12), { count: 2000, seed: 3 }))
  for (const { after, events } of told.flat()) {
    if (after._tag === "Absent") continue
    for (const event of events) {
      const works = found.get(event._tag) ?? new Set()
      for (const { task } of Job.of[kind](after as Aggregate.Present<K>, event)) works.add(named(task))
      found.set(event._tag, works)
    }
  }
  return Object.fromEntries(
    [...found].filter(([, works]) => works.size > 0).map(([event, works]) => [event, [...works].toSorted()])
  )
}

describe("work", () => {
  it("of a connection", () => {
    expect(seen("connection", commands.connection)).toEqual({
      Linked: ["Notify connected", "PlanBackfill", "ProveConnection", "ReconcileAwaited", "RemindExpiry"],
      Renewed: ["EndGrant", "PlanBackfill", "ProveConnection", "ReconcileAwaited", "RemindExpiry", "SpreadRenewal"],
      LimitFound: ["Diagnose", "Notify limited"],
      LimitLifted: ["Notify limit-lifted", "PlanBackfill"],
      GrantLost: ["EndGrant", "FindFallback", "Notify reauthorization-needed"],
      AccessExpected: ["CheckAccess", "ReconcileAwaited"],
      AccessNoted: ["CheckAccess", "ReconcileAwaited"],
      AccessOverdue: ["Notify access-overdue"],
      ExpectationDropped: ["ReconcileAwaited"],
      ConnectionResumed: ["PlanBackfill"],
      Disconnected: ["CancelBackfill", "EndGrant"]
    })
  })

  it("of an authorization", () => {
    expect(seen("authorization", commands.authorization)).toEqual({
      AuthorizationStarted: ["ExpireAuthorization"],
      ConsentRecorded: ["Diagnose", "FindCandidates", "MailRequest needs-choice requester", "RemindSelection"],
      ProfileSelected: ["MailRequest connected owner", "MailRequest connected requester"],
      AuthorizationFailed: ["EndGrant"],
      AuthorizationExpired: ["EndGrant"],
      AuthorizationDismissed: ["EndGrant"]
    })
  })

  it("of a link", () => {
    expect(seen("invitation", commands.invitation)).toEqual({
      LinkIssued: ["ExpireInvitation", "MailRequest asked owner", "MailRequest asked requester", "RemindRequest"],
      RequestMailedAgain: ["ExpireInvitation", "MailRequest asked owner"],
      RequestReminded: ["MailRequest reminded owner"],
      RequestObjected: ["MailRequest objected requester"],
      RequestBounced: ["MailRequest bounced requester"],
      LinkRevoked: ["MailRequest withdrawn owner"],
      LinkExpired: ["MailRequest expired requester"]
    })
  })

  it("of a load", () => {
    expect(seen("backfill", commands.backfill)).toEqual({
      BackfillPlanned: ["CheckDeadline", "CheckSync", "LoadWindow"],
      BackfillExtended: ["CheckDeadline", "CheckSync", "LoadWindow"],
      DeadlineMissed: ["Notify deadline-missed"],
      LoadOverdue: ["Notify overdue"],
      LoadCaughtUp: ["Notify caught-up"],
      BackfillCompleted: ["Notify backfill-complete"]
    })
  })

  it("of people, organizations, accounts, the directory and plans", () => {
    expect(seen("member", commands.member)).toEqual({
      MemberInvited: ["ExpireMembership", "MailInvitation"],
      InvitationMailed: ["ExpireMembership", "MailInvitation"],
      InvitationBounced: ["MailInvitationBounced"],
      NewsCollected: ["MailNews"],
      NewsMailed: ["MailNews"]
    })
    expect(seen("organization", commands.organization)).toEqual({
      OwnershipOffered: ["ExpireOwnershipOffer", "MailOwnership"],
      OwnershipOfferEnded: ["MailOwnership"],
      OwnershipHandedOver: ["MailOwnership"],
      ClosingScheduled: ["CloseOrganization", "MailClosing"],
      OrganizationReopened: ["MailClosing"]
    })
    expect(seen("account", commands.account)).toEqual({ DeletionScheduled: ["EraseData"] })
    expect(seen("advertiser", commands.directory)).toEqual(
      Object.fromEntries(
        ["AdvertiserAssigned", "AdvertiserUnassigned", "AdvertiserChanged", "AdvertiserLost", "AdvertiserReturned"].map(
          (event) => [event, ["ReconcileAdvertiser"]]
        )
      )
    )
    expect(seen("consolidation", commands.consolidation)).toEqual({ PlanMailed: ["MailPlan"] })
    expect(seen("incident", commands.incident)).toEqual({
      IncidentOpened: ["CheckIncident", "NotifyIncident"],
      IncidentClosed: ["NotifyIncident"]
    })
  })

  it("is not called for by keys, companies, grants and what is awaited", () => {
    expect(seen("apiKey", commands.apiKey)).toEqual({})
    expect(seen("company", commands.company)).toEqual({})
    expect(seen("grant", commands.grant)).toEqual({})
    expect(seen("awaited", commands.awaited)).toEqual({})
  })
})

describe("the mails of a request that finishes by itself", () => {
  it("tell both sides, and the requester is asked to choose only when a minute has passed", () => {
    const authorization = commands.startedAuthorization({ _tag: "ByLink", invitationId: id("invitation") })
    const consented = {
      _tag: "AwaitingSelection",
      ...authorization,
      grantId: id("grant"),
      consentedAt: authorization.startedAt,
      candidates: [],
      candidatesAt: authorization.startedAt
    } as const
    const choose = Job.ofAuthorization(consented, {
      _tag: "ConsentRecorded",
      candidates: [],
      at: authorization.startedAt
    }).find(({ task }) => task._tag === "MailRequest")
    expect(choose?.dueAt).toBeDefined()
    expect(Number(choose?.dueAt.epochMilliseconds) - authorization.startedAt.epochMilliseconds).toBe(
      Job.choiceMinutes * 60_000
    )
    expect(
      Job.ofAuthorization(
        { ...consented, origin: commands.startedAuthorization().origin },
        { _tag: "ConsentRecorded", candidates: [], at: authorization.startedAt }
      ).some(({ task }) => task._tag === "MailRequest")
    ).toBe(false)
    expect(Schema.is(Invitation.Objection)("not-the-owner")).toBe(true)
  })
})
