import type { Coverage } from "./Coverage.ts"

const noTime = "what it does and answers does not depend on the time"

/** The vault. */
export const vault: Coverage = {
  port: "token-vault",
  rows: [
    {
      methods: ["TokenVault.features"],
      cells: {
        alone: ["META-10"],
        race: "a constant of the adapter",
        outage: "a constant of the adapter",
        crash: "a constant of the adapter",
        restart: "a constant of the adapter",
        "foreign organization": "a constant of the adapter, the same for everybody",
        clock: "a constant of the adapter",
        limits: "a constant of the adapter"
      }
    },
    {
      methods: ["TokenVault.get"],
      cells: {
        alone: ["VAULT-01", "VAULT-02", "VAULT-15", "VAULT-21"],
        race: ["VAULT-01", "VAULT-29"],
        outage: ["VAULT-34"],
        crash: ["VAULT-28"],
        restart: ["VAULT-27"],
        "foreign organization": ["VAULT-10", "VAULT-14"],
        clock: noTime,
        limits: ["VAULT-08", "VAULT-09", "VAULT-30"]
      }
    },
    {
      methods: ["TokenVault.put", "TokenVault.create"],
      cells: {
        alone: ["VAULT-01", "VAULT-05", "VAULT-06", "VAULT-13", "VAULT-26"],
        race: ["VAULT-06", "VAULT-29", "VAULT-36"],
        outage: ["VAULT-34"],
        crash: ["VAULT-28"],
        restart: ["VAULT-27"],
        "foreign organization": ["VAULT-11"],
        clock: noTime,
        limits: ["VAULT-08", "VAULT-09", "VAULT-30"]
      }
    },
    {
      methods: ["TokenVault.compareAndSwap"],
      cells: {
        alone: ["VAULT-03", "VAULT-04", "VAULT-16"],
        race: ["VAULT-03", "VAULT-29", "VAULT-36"],
        outage: ["VAULT-34"],
        crash: ["VAULT-28"],
        restart: ["VAULT-27"],
        "foreign organization": ["VAULT-11", "VAULT-33"],
        clock: ["VAULT-24", "VAULT-33"],
        limits: ["VAULT-09", "VAULT-30"]
      }
    },
    {
      methods: ["TokenVault.remove"],
      cells: {
        alone: ["VAULT-05", "VAULT-07", "VAULT-12"],
        race: ["VAULT-07", "VAULT-35", "VAULT-36"],
        outage: ["VAULT-34"],
        crash: ["VAULT-28", "VAULT-35"],
        restart: ["VAULT-27", "VAULT-35"],
        "foreign organization": ["VAULT-11"],
        clock: ["VAULT-35"],
        limits: ["VAULT-30"]
      }
    },
    {
      methods: ["TokenVault.acquireLease"],
      cells: {
        alone: ["VAULT-22", "VAULT-24"],
        race: ["VAULT-22", "VAULT-36"],
        outage: ["VAULT-34"],
        crash: "a lease that nobody was told of ends by itself at its deadline, which is the case of time (VAULT-23)",
        restart: ["VAULT-23"],
        "foreign organization": ["VAULT-11", "VAULT-33"],
        clock: ["VAULT-23", "VAULT-31", "VAULT-32"],
        limits: ["VAULT-31"]
      }
    },
    {
      methods: ["TokenVault.renewLease", "TokenVault.releaseLease"],
      cells: {
        alone: ["VAULT-25"],
        race: ["VAULT-25", "VAULT-36"],
        outage: ["VAULT-34"],
        crash: "a renewal or a release that was not told leaves the lease to its deadline (VAULT-23)",
        restart: "a lease is a row like a secret, and outlives a process by VAULT-27",
        "foreign organization": ["VAULT-11", "VAULT-33"],
        clock: ["VAULT-25", "VAULT-31", "VAULT-32"],
        limits: ["VAULT-31"]
      }
    },
    {
      methods: ["TokenVault.rewrap"],
      cells: {
        alone: ["VAULT-17", "VAULT-20"],
        race: ["VAULT-19"],
        outage: ["VAULT-34"],
        crash: ["VAULT-18"],
        restart: ["VAULT-18"],
        "foreign organization": ["VAULT-11"],
        clock: noTime,
        limits: ["VAULT-17"]
      }
    }
  ]
}
