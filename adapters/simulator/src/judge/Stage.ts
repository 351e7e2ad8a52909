/** A fresh world with the application turned to it, and what a situation does there. */
import { listen } from "../core/listen.ts"
import * as Hosts from "../core/Hosts.ts"
import type { Entry } from "../core/Exchange.ts"
import * as Simulator from "../core/Simulator.ts"
import type { Policy } from "../core/World.ts"
import type { Driver, Worked } from "./Driver.ts"

/** A situation that did not arise, and why. */
export class NotVerified extends Error {
  override readonly name = "NotVerified"
}

const begins = "2026-07-15T12:00:00.000Z"

/** The stage of one situation. */
export type Stage = {
  readonly simulator: Simulator.Simulator
  readonly driver: Driver
  /** What the application sent so far. */
  readonly journal: () => ReadonlyArray<Entry>
  /** What it sent since this was called. */
  readonly since: () => () => ReadonlyArray<Entry>
  /** A person consents, and their browser comes back; the callback address. */
  readonly consent: (as?: string) => Promise<string>
  /** A person connects. */
  readonly connect: (as?: string) => Promise<string>
  readonly work: (connection: string) => Promise<Worked["status"]>
  /** Time passes for both sides. */
  readonly pass: (milliseconds: number) => Promise<void>
}

/** Requests to the token endpoint of a grant type. */
export const grantsOf = (entries: ReadonlyArray<Entry>, type: string): ReadonlyArray<Entry> =>
  entries.filter(({ fields, path }) => path === "/auth/o2/token" && fields.grant_type === type)

/** Requests to the Ads API. */
export const callsOf = (entries: ReadonlyArray<Entry>): ReadonlyArray<Entry> =>
  entries.filter(({ host }) => Hosts.find(host)?.kind === "ads")

/** Runs a situation on a stage of its own. */
export const play = async <A>(
  driver: Driver,
  policy: Partial<Policy>,
  run: (stage: Stage) => Promise<A>
): Promise<A> => {
  const simulator = Simulator.make({ preset: "demo", seed: "judge", clock: { manual: begins }, policy })
  const server = await listen(simulator, { graceMs: 0 })
  const where = Hosts.addresses(server.url)
  const { clientId, clientSecret, returnUrls } = simulator.application()
  const [redirectUri = ""] = returnUrls
  const consent = async (as = "ada") => {
    const { url } = await driver.begin()
    return simulator.consent({ as, url })
  }
  try {
    await driver.reset({
      clientId,
      clientSecret,
      redirectUri,
      consent: `${where.loginPage.NA}/ap/oa`,
      token: `${where.login.NA}/auth/o2/token`,
      ads: where.ads,
      now: begins
    })
    return await run({
      simulator,
      driver,
      journal: simulator.journal,
      since: () => {
        const seen = simulator.journal().at(-1)?.sequence ?? 0
        return () => simulator.journal().filter((entry) => entry.sequence > seen)
      },
      consent,
      connect: async (as) => {
        const { connection } = await driver.callback({ url: await consent(as) })
        if (connection === undefined) throw new NotVerified("a good callback made no connection")
        return connection
      },
      work: async (connection) => (await driver.work({ connection })).status,
      pass: async (milliseconds) => {
        if (driver.time === undefined) throw new NotVerified("the client's clock cannot be moved: it has no time")
        simulator.advance(milliseconds)
        await driver.time({ now: new Date(simulator.now()).toISOString() })
      }
    })
  } finally {
    await server.close()
  }
}
