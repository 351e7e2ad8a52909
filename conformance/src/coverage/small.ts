import type { Coverage } from "./Coverage.ts"

const noOrganization = "it knows no organizations: it is the installation's"
const stateless = "it keeps nothing"

/** The store of workers. */
export const workers: Coverage = {
  port: "workers",
  rows: [
    {
      methods: ["Workers.beat", "Workers.leave", "Workers.status"],
      cells: {
        alone: ["WORKERS-01", "WORKERS-02"],
        race: "each worker writes a row of its own",
        outage: "a sign of life that is lost is followed by the next; what it leads to is the law about time",
        crash: ["WORKERS-01"],
        restart: ["WORKERS-02"],
        "foreign organization": noOrganization,
        clock: ["WORKERS-01", "WORKERS-02"],
        limits: ["WORKERS-01"]
      }
    },
    {
      methods: ["Workers.backlog"],
      cells: {
        alone: "its numbers are those of the queue, which the port scheduler judges (SCHED-33)",
        race: "a read takes no lock and leaves nothing",
        outage: "it fails like every read of the store",
        crash: "a read that ends half-way leaves nothing behind",
        restart: "it keeps nothing of its own",
        "foreign organization": noOrganization,
        clock: "its numbers are those of the queue (SCHED-33)",
        limits: "it is a handful of numbers"
      }
    },
    {
      methods: ["Workers.claimNotice", "Workers.confirmNotice"],
      cells: {
        alone: ["WORKERS-03"],
        race: ["WORKERS-03"],
        outage: "a claim that was not answered ends by itself, which is the case of time",
        crash: ["WORKERS-03"],
        restart: "a claim is a row, and ends by its deadline",
        "foreign organization": noOrganization,
        clock: ["WORKERS-03"],
        limits: "there are two turns and one claim"
      }
    }
  ]
}

/** Identifiers, tokens, digests. */
export const secrets: Coverage = {
  port: "secrets",
  rows: [
    {
      methods: ["Secrets.id"],
      cells: {
        alone: ["SECR-01"],
        race: ["SECR-01"],
        outage: "there is nothing outside that it needs",
        crash: stateless,
        restart: "80 bits of chance tell the ids of two processes apart; nothing else is kept",
        "foreign organization": noOrganization,
        clock: ["SECR-01"],
        limits: ["SECR-01"]
      }
    },
    {
      methods: ["Secrets.token", "Secrets.unit"],
      cells: {
        alone: ["SECR-02", "SECR-05"],
        race: ["SECR-02"],
        outage: "there is nothing outside that it needs",
        crash: stateless,
        restart: stateless,
        "foreign organization": noOrganization,
        clock: "chance does not depend on the time",
        limits: ["SECR-02", "SECR-05"]
      }
    },
    {
      methods: ["Secrets.derive", "Secrets.digest", "Secrets.codeChallenge"],
      cells: {
        alone: ["SECR-03", "SECR-04", "SECR-06"],
        race: "a function of its input, without state",
        outage: "there is nothing outside that it needs",
        crash: stateless,
        restart: ["SECR-03"],
        "foreign organization": ["SECR-06"],
        clock: "a function of its input, whatever the time",
        limits: ["SECR-03", "SECR-04"]
      }
    }
  ]
}

/** Where rows land. */
export const dataSink: Coverage = {
  port: "data-sink",
  rows: [
    {
      methods: ["DataSink.land"],
      cells: {
        alone: ["SINK-01", "SINK-02"],
        race: ["SINK-03", "SINK-06"],
        outage: ["SINK-05"],
        crash: "a landing that was not acknowledged is repeated, and leaves what one leaves (SINK-01, SINK-05)",
        restart: "rows are as durable as the warehouse behind the sink: its own promise",
        "foreign organization": ["SINK-01"],
        clock: "rows have days of their own",
        limits: ["SINK-01", "SINK-02"]
      }
    },
    {
      methods: ["DataSink.count", "DataSink.erase"],
      cells: {
        alone: ["SINK-01", "SINK-04"],
        race: ["SINK-06"],
        outage: ["SINK-05"],
        crash: "an erasure that ends half-way is repeated, and takes the rest",
        restart: "rows are as durable as the warehouse behind the sink: its own promise",
        "foreign organization": ["SINK-04"],
        clock: "rows are counted and erased whatever their age",
        limits: ["SINK-04"]
      }
    }
  ]
}

/** What sends mail, or keeps it. */
export const mailer: Coverage = {
  port: "mailer",
  rows: [
    {
      methods: ["Mailer.send"],
      cells: {
        alone: ["MAIL-01", "MAIL-02", "MAIL-06", "MAIL-07"],
        race: ["MAIL-02"],
        outage: ["MAIL-08"],
        crash: "a mail that was not acknowledged is sent again under its id (MAIL-02, MAIL-06)",
        restart: "what a mailer sends is gone; what it keeps is a row like any other",
        "foreign organization": ["MAIL-02", "MAIL-06"],
        clock: "a mail goes out when it is handed over",
        limits: ["MAIL-04", "MAIL-07"]
      }
    },
    {
      methods: ["Mailer.kept", "Mailer.sends"],
      cells: {
        alone: ["MAIL-01", "MAIL-03"],
        race: "a read takes no lock and leaves nothing",
        outage: "it fails like every read of the store",
        crash: "a read that ends half-way leaves nothing behind",
        restart: "what is kept is a row like any other",
        "foreign organization": ["MAIL-03"],
        clock: ["MAIL-03"],
        limits: ["MAIL-03", "MAIL-04"]
      }
    }
  ]
}

/** What tells people. */
export const notifier: Coverage = {
  port: "notifier",
  rows: [
    {
      methods: ["Notifier.notify"],
      cells: {
        alone: ["NOTIF-01"],
        race: ["NOTIF-01"],
        outage: ["NOTIF-03"],
        crash: "a notice that was not acknowledged is told again under its id (NOTIF-01, NOTIF-03)",
        restart: "a notice that went out is gone; the work that tells it is a job",
        "foreign organization": ["NOTIF-01"],
        clock: "a notice goes out when it is handed over",
        limits: ["NOTIF-01"]
      }
    }
  ]
}
