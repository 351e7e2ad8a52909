import type { Coverage, Row } from "./Coverage.ts"

const reads = {
  race: "a read takes no lock and leaves nothing; what it may see beside a change is REPO-01 and REPO-16",
  crash: "a read that ends half-way leaves nothing behind",
  clock: "what it gives does not depend on the time"
}

/** Lists of an organization, page by page. */
const pages = (
  methods: ReadonlyArray<string>,
  alone: ReadonlyArray<string>,
  clock: ReadonlyArray<string> | string
): Row => ({
  methods,
  cells: {
    alone,
    race: ["REPO-16"],
    outage: ["REPO-51"],
    crash: reads.crash,
    restart: ["REPO-01"],
    "foreign organization": ["REPO-17", "REPO-19"],
    clock,
    limits: ["REPO-18", "REPO-45"]
  }
})

/** Lookups of one thing, or of a few. */
const lookups = (
  methods: ReadonlyArray<string>,
  alone: ReadonlyArray<string>,
  limits: ReadonlyArray<string> | string
): Row => ({
  methods,
  cells: {
    alone,
    race: reads.race,
    outage: ["REPO-51"],
    crash: reads.crash,
    restart: ["REPO-01"],
    "foreign organization": ["REPO-19"],
    clock: reads.clock,
    limits
  }
})

const whole = "it is given whole: a connection has a few, and the use case bounds them"

/** The unit of work, the lists and the history. */
export const repository: Coverage = {
  port: "repository",
  rows: [
    {
      methods: ["UnitOfWork.commit"],
      cells: {
        alone: ["REPO-01", "REPO-02", "REPO-03", "REPO-04", "REPO-06", "REPO-08", "REPO-30", "SCHED-19"],
        race: ["REPO-05", "REPO-06", "REPO-21", "REPO-46", "REPO-47", "REPO-48", "SCHED-19"],
        outage: ["REPO-51"],
        crash: ["REPO-10", "REPO-24"],
        restart: ["REPO-01", "REPO-24"],
        "foreign organization": ["REPO-07", "REPO-19", "REPO-29", "REPO-46"],
        clock: "the instant of a change is part of it, and no other clock is looked at",
        limits: ["REPO-09", "REPO-25"]
      }
    },
    {
      methods: ["UnitOfWork.idempotentResource"],
      cells: {
        alone: ["REPO-23"],
        race: ["REPO-23"],
        outage: ["REPO-51"],
        crash: reads.crash,
        restart: ["REPO-24"],
        "foreign organization": ["REPO-19", "REPO-23"],
        clock: "keys are kept for as long as retention says, which is a port of its own",
        limits: ["REPO-23"]
      }
    },
    lookups(["Repository.find"], ["REPO-01", "REPO-25", "REPO-26"], ["REPO-09", "REPO-25"]),
    pages(["Repository.companies", "Repository.accounts"], ["REPO-15", "REPO-40", "REPO-45"], reads.clock),
    pages(
      ["Repository.connections", "Repository.authorizations", "Repository.invitations", "Repository.grants"],
      ["REPO-15", "REPO-40", "REPO-45"],
      ["REPO-40"]
    ),
    pages(["Repository.members", "Repository.apiKeys"], ["REPO-15", "REPO-45"], reads.clock),
    lookups(["Repository.accessibleAccounts"], ["REPO-40"], ["REPO-40"]),
    lookups(
      ["Repository.memberships", "Repository.memberByToken", "Repository.apiKeyByDigest"],
      ["REPO-41"],
      ["REPO-41"]
    ),
    lookups(["Repository.authorizationByState", "Repository.invitationByToken"], ["REPO-19", "REPO-41"], ["REPO-41"]),
    {
      methods: ["Repository.organizations", "Repository.advertisers", "Repository.awaited"],
      cells: {
        alone: ["REPO-43"],
        race: ["REPO-16"],
        outage: ["REPO-51"],
        crash: reads.crash,
        restart: ["REPO-01"],
        "foreign organization": ["REPO-43"],
        clock: reads.clock,
        limits: ["REPO-18"]
      }
    },
    {
      methods: ["Repository.incidents", "Repository.linked"],
      cells: {
        alone: ["REPO-43"],
        race: reads.race,
        outage: ["REPO-51"],
        crash: reads.crash,
        restart: ["REPO-01"],
        "foreign organization": ["REPO-43"],
        clock: reads.clock,
        limits: ["REPO-43"]
      }
    },
    lookups(["Repository.connectionsOfGrant"], ["REPO-19"], whole),
    lookups(["Repository.backfillOf"], ["REPO-49"], "it gives one load"),
    lookups(["Repository.windows", "Repository.tallies"], ["REPO-19", "REPO-52"], whole),
    lookups(["Repository.holders"], ["REPO-06", "REPO-09"], ["REPO-09", "REPO-40"]),
    {
      methods: ["EventLog.after"],
      cells: {
        alone: ["REPO-10", "REPO-11", "REPO-13", "REPO-50"],
        race: ["REPO-11", "REPO-12"],
        outage: ["REPO-51"],
        crash: ["REPO-10"],
        restart: ["REPO-10", "REPO-27"],
        "foreign organization": ["REPO-19", "REPO-50"],
        clock: "positions order the history, and no clock does",
        limits: ["REPO-50"]
      }
    },
    {
      methods: ["EventLog.follow"],
      cells: {
        alone: ["REPO-13"],
        race: ["REPO-13", "REPO-50"],
        outage: "it goes on until the store is back, and then skips nothing, as REPO-50 has it for every position",
        crash: "a follower that ends goes on from its position (REPO-50)",
        restart: "a follower begins anew from a position (REPO-50)",
        "foreign organization": ["REPO-19", "REPO-50"],
        clock: "positions order the history, and no clock does",
        limits: ["REPO-50"]
      }
    },
    pages(["EventLog.of"], ["REPO-11", "REPO-26", "REPO-40"], "positions order the history, and no clock does"),
    pages(["EventLog.all"], ["REPO-40", "REPO-42"], "positions order the history, and no clock does"),
    {
      methods: ["DataSink.erase (of one storage with the repository)"],
      cells: {
        alone: ["REPO-44"],
        race: "the port data-sink has it (SINK-06)",
        outage: "the port data-sink has it (SINK-05)",
        crash: "an erasure that ends half-way is repeated, and takes the rest",
        restart: "rows are as durable as the sink that an installation chooses",
        "foreign organization": ["REPO-44"],
        clock: "what it does does not depend on the time",
        limits: "the port data-sink has it (SINK-04)"
      }
    }
  ]
}
