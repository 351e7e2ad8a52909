/** A small client of Amazon's advertising that keeps the rules, and known-bad ones, each of which breaks one. */
import { createHash, randomBytes } from "node:crypto"
import type * as Driver from "../src/judge/Driver.ts"
import type { Settings, Worked } from "../src/judge/Driver.ts"
import { Calls, type Connection, type Flaw, type Region, type Tokens } from "./exampleCalls.ts"

export { flaws } from "./exampleCalls.ts"

type Pending = { readonly verifier: string; readonly again: string | undefined }

const media = "application/vnd.spCampaign.v3+json"
const later = { status: "later" } as const
const failed = { status: "failed" } as const
const ended = { status: "ended" } as const

/** The identifiers of profiles as they were written: a double would lose digits. */
const profilesIn = (text: string, flaw: Flaw | undefined) => {
  const list = JSON.parse(text) as ReadonlyArray<{
    readonly accountInfo?: { readonly type: string; readonly subType?: string }
  }>
  const ids = [...text.matchAll(/"profileId":\s*(\d+)/g)].map((match) => match[1] ?? "")
  if (flaw === "CLIENT-20" && list.some((one) => "novel" in one)) throw new Error("a field that nobody knows")
  return list.flatMap((one, index) => {
    const id = ids[index] ?? ""
    return one.accountInfo?.type === "seller" ? [flaw === "CLIENT-18" ? String(Number(id)) : id] : []
  })
}

class Client extends Calls {
  pending = new Map<string, Pending>()
  used = new Set<string>()
  connections = new Map<string, Connection>()
  lastVerifier = ""

  async reset(settings: Settings) {
    this.settings = settings
    this.now = Date.parse(settings.now)
    this.pending = new Map()
    this.connections = new Map()
    return {}
  }

  async time({ now }: { readonly now: string }) {
    this.now = Date.parse(now)
    return {}
  }

  async begin() {
    return this.open(undefined)
  }

  /** Begins a consent again, for a connection that there is. */
  async reconnect({ connection }: { readonly connection: string }) {
    return this.open(connection)
  }

  open(again: string | undefined) {
    const state = randomBytes(16).toString("base64url")
    const verifier = randomBytes(32).toString("base64url")
    this.pending.set(state, { verifier, again })
    this.lastVerifier = verifier
    const query = new URLSearchParams({
      client_id: this.settings.clientId,
      scope: "advertising::campaign_management",
      response_type: "code",
      redirect_uri: this.settings.redirectUri,
      state,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256"
    })
    return { url: `${this.settings.consent}?${query.toString()}` }
  }

  async callback({ url }: { readonly url: string }) {
    const query = new URL(url).searchParams
    const code = query.get("code")
    const state = query.get("state") ?? ""
    const found = this.pending.get(state)
    const isTrusting = this.flaw === "CLIENT-02" && !this.used.has(state)
    const kept = isTrusting ? (found ?? { verifier: this.lastVerifier, again: undefined }) : found
    this.used.add(state)
    if (code === null || kept === undefined) return {}
    // Taken before the first wait, so that a callback that comes twice finds nothing.
    if (this.flaw !== "CLIENT-01") this.pending.delete(state)
    const answer = await this.token({
      grant_type: "authorization_code",
      code,
      redirect_uri: this.settings.redirectUri,
      code_verifier: this.flaw === "CLIENT-03" ? this.lastVerifier : kept.verifier
    })
    // The first callback of a code is the one that counts; who sends it twice forgets the state a little later.
    this.pending.delete(state)
    if (answer.status !== 200) return {}
    const made = this.keep(JSON.parse(answer.text) as Tokens)
    const connection = kept.again ?? randomBytes(6).toString("hex")
    if (kept.again !== undefined && !(await this.isSame(made, kept.again))) {
      this.lastAccess = this.connections.get(kept.again)?.access ?? ""
      return {}
    }
    this.connections.set(connection, made)
    return { connection }
  }

  /** Whether a consent that came again shows the profiles of the one before. */
  async isSame(made: Connection, again: string): Promise<boolean> {
    if (this.flaw === "CLIENT-25") return true
    const before = this.connections.get(again)?.profiles ?? []
    const answer = await this.call(made, "/v2/profiles")
    const ids = answer.status === 200 ? profilesIn(answer.text, this.flaw) : []
    made.profiles = ids
    return before.length === 0 || ids.some((id) => before.includes(id))
  }

  async work({
    connection,
    region = "NA"
  }: {
    readonly connection: string
    readonly region?: Region
  }): Promise<Worked> {
    return this.at(connection, (one) => this.read(one, region))
  }

  /** Pauses a campaign of the first profile that may be edited: the list shows no other. */
  async write({ connection }: { readonly connection: string }): Promise<Worked> {
    return this.at(connection, async (one) => {
      const level = this.flaw === "CLIENT-24" ? "?accessLevel=view" : ""
      const profiles = await this.call(one, `/v2/profiles${level}`)
      if (profiles.status !== 200) return failed
      const [profile] = profilesIn(profiles.text, this.flaw)
      if (profile === undefined) return failed
      const body = JSON.stringify({ campaigns: [{ campaignId: "1", state: "PAUSED" }] })
      const headers = { "content-type": media, accept: media }
      const answer = await this.call(one, "/sp/campaigns", { method: "PUT", headers, profile, body })
      return answer.status === 207 ? { status: "done" } : failed
    })
  }

  async at(connection: string, run: (one: Connection) => Promise<Worked>): Promise<Worked> {
    const one = this.connections.get(connection)
    if (one === undefined || one.ended) return ended
    if (one.quietUntil > this.now) return later
    try {
      const isOld = one.expiresAt - 60_000 <= this.now
      if (isOld && this.flaw !== "CLIENT-04") await this.refresh(one)
      return await run(one)
    } catch {
      return one.ended ? ended : failed
    }
  }

  async read(one: Connection, region: Region): Promise<Worked> {
    const profiles = await this.call(one, "/v2/profiles", { region })
    if (profiles.status === 429) return later
    if (profiles.status !== 200) return failed
    if (this.flaw === "CLIENT-14" && !profiles.text.startsWith("[")) return { status: "done" }
    let count = 0
    const ids = profilesIn(profiles.text, this.flaw)
    if (region === "NA") one.profiles = ids
    for (const profile of ids) {
      const place = this.flaw === "CLIENT-15" ? "NA" : region
      const found = await this.campaigns(one, profile, place)
      if (typeof found !== "number") return found
      count += found
    }
    return { status: "done", campaigns: count }
  }

  /** How many campaigns a profile has, page by page. */
  async campaigns(one: Connection, profile: string, region: Region): Promise<number | Worked> {
    let count = 0
    let nextToken: string | undefined
    do {
      const body = JSON.stringify(nextToken === undefined ? {} : { nextToken })
      const headers = { "content-type": media, accept: media }
      const init = { method: "POST", headers, profile, region, body }
      const answer = await this.call(one, "/sp/campaigns/list", init)
      if (answer.status === 429) return later
      if (answer.status !== 200) return failed
      const page = JSON.parse(answer.text) as {
        readonly campaigns: ReadonlyArray<unknown>
        readonly nextToken?: string
      }
      count += page.campaigns.length
      nextToken = this.flaw === "CLIENT-19" ? undefined : page.nextToken
    } while (nextToken !== undefined)
    return count
  }

  async disconnect({ connection }: { readonly connection: string }) {
    if (this.flaw !== "CLIENT-26") this.connections.delete(connection)
    return {}
  }
}

/** A driver of the client; with a flaw, of a known-bad one. */
export const client = (flaw?: Flaw): Driver.Driver => {
  const one = new Client(flaw)
  return {
    reset: (settings) => one.reset(settings),
    begin: () => one.begin(),
    callback: (order) => one.callback(order),
    work: (order) => one.work(order),
    time: (order) => one.time(order),
    disconnect: (order) => one.disconnect(order),
    reconnect: (order) => one.reconnect(order),
    write: (order) => one.write(order)
  }
}
