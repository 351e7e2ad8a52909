import type { Coverage } from "./Coverage.ts"

const pure = "a function of its input, without state"
const noStore = "an adapter keeps no state that a process could lose, but waits that a provider asked for"
const byAccess = "a call carries the access of one grant; whose it may be used for is decided before it"

/** Adapters of providers. */
export const provider: Coverage = {
  port: "provider-api",
  rows: [
    {
      methods: ["ProviderApi.authorizeUrl", "ProviderApi.readStart", "ProviderApi.readCallback"],
      cells: {
        alone: ["PROV-01", "PROV-33", "PROV-34"],
        race: pure,
        outage: "nothing outside is called",
        crash: pure,
        restart: pure,
        "foreign organization": "whose a state is, is decided by whoever keeps its digest",
        clock: "a function of its input, whatever the time",
        limits: ["PROV-01", "PROV-33", "PROV-34"]
      }
    },
    {
      methods: ["ProviderApi.exchange"],
      cells: {
        alone: ["PROV-06", "PROV-10"],
        race: "two exchanges of one code are kept apart by the use case; the adapter sends each once (PROV-04)",
        outage: ["PROV-04", "PROV-10", "PROV-22", "PROV-24", "PROV-35"],
        crash: ["PROV-04"],
        restart: noStore,
        "foreign organization": byAccess,
        clock: ["PROV-06"],
        limits: ["PROV-10"]
      }
    },
    {
      methods: ["ProviderApi.refresh"],
      cells: {
        alone: ["PROV-06", "PROV-07", "PROV-09"],
        race: "that one refresh runs at a time is the promise of the vault's leases (VAULT-22)",
        outage: ["PROV-09", "PROV-10", "PROV-11", "PROV-24", "PROV-35"],
        crash: "a refresh whose answer was lost is the use case's to tell (rotationLost)",
        restart: noStore,
        "foreign organization": byAccess,
        clock: ["PROV-06", "PROV-11"],
        limits: ["PROV-10", "PROV-11"]
      }
    },
    {
      methods: ["ProviderApi.prove", "ProviderApi.discover", "ProviderApi.inspect", "ProviderApi.load"],
      cells: {
        alone: ["PROV-10"],
        race: "calls share no state but waits, which only ever make them later",
        outage: ["PROV-10", "PROV-22", "PROV-24", "PROV-35"],
        crash: "a call that was not answered is made again: it changes nothing at the provider",
        restart: noStore,
        "foreign organization": byAccess,
        clock: "windows are given as days; which day it is is the domain's",
        limits: ["PROV-10"]
      }
    },
    {
      methods: ["ProviderApi.advertisers"],
      cells: {
        alone: "its answers are of one provider, and judged in that adapter's own tests",
        race: "calls share no state but waits, which only ever make them later",
        outage: "it is sent by the same client and judged by the same table as `discover` (PROV-10, PROV-24, PROV-35)",
        crash: "a call that was not answered is made again: it changes nothing at the provider",
        restart: noStore,
        "foreign organization": "it is about the installation's partnership and no organization",
        clock: "a list of who lists us, whatever the time",
        limits: "its pages are of one provider, and judged in that adapter's own tests"
      }
    },
    {
      methods: ["ProviderApi.revoke"],
      cells: {
        alone: ["PROV-20"],
        race: "ending a consent twice is ending it",
        outage: ["PROV-20", "PROV-22", "PROV-24"],
        crash: "a revocation that was not answered is asked for again",
        restart: noStore,
        "foreign organization": byAccess,
        clock: "a consent ends when it is ended",
        limits: ["PROV-20"]
      }
    }
  ]
}

/** What hands out jobs. */
export const scheduler: Coverage = {
  port: "scheduler",
  rows: [
    {
      methods: ["Scheduler.consume"],
      cells: {
        alone: ["SCHED-01", "SCHED-08", "SCHED-12", "SCHED-31"],
        race: ["SCHED-15", "SCHED-24"],
        outage: "a worker logs that no work can be fetched and looks again; the adapter's own tests cut its connection",
        crash: ["SCHED-29"],
        restart: ["SCHED-08", "SCHED-23"],
        "foreign organization": ["SCHED-17"],
        clock: ["SCHED-02", "SCHED-12", "SCHED-29"],
        limits: ["SCHED-02", "SCHED-13", "SCHED-24"]
      }
    },
    {
      methods: ["Scheduler.oldestDueAge"],
      cells: {
        alone: ["SCHED-28", "SCHED-33"],
        race: "a read takes no lock and leaves nothing",
        outage: "it fails like every read of the store",
        crash: "a read that ends half-way leaves nothing behind",
        restart: "it keeps nothing of its own",
        "foreign organization": ["SCHED-28"],
        clock: ["SCHED-28"],
        limits: "it is one number"
      }
    },
    {
      methods: ["Scheduler.deadLetters", "Scheduler.redeliver"],
      cells: {
        alone: ["SCHED-13", "SCHED-14"],
        race: "redelivering is one conditional statement: of two, the second finds no dead letter (SCHED-14, twice)",
        outage: "it fails like every call of the store",
        crash: "one statement, which took effect or not; repeating it says so (SCHED-14)",
        restart: "a dead letter is a row like any other",
        "foreign organization": ["SCHED-13", "SCHED-14"],
        clock: ["SCHED-13"],
        limits: ["SCHED-13"]
      }
    }
  ]
}
