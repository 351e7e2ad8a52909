/** A small client of Amazon's advertising that keeps the rules, and known-bad ones, each of which breaks one. */
import { createHash, randomBytes } from "node:crypto"
import type { Settings, Worked } from "../src/judge/Driver.ts"
import * as Driver from "../src/judge/Driver.ts"

/** What a known-bad client does, by the rule that it breaks. */
export const flaws = [
  "CLIENT-01",
  "CLIENT-02",
  "CLIENT-03",
  "CLIENT-04",
  "CLIENT-05",
  "CLIENT-06",
  "CLIENT-07",
  "CLIENT-08",
  "CLIENT-09",
  "CLIENT-10",
  "CLIENT-11",
  "CLIENT-13",
  "CLIENT-14",
  "CLIENT-16",
  "CLIENT-17",
  "CLIENT-18",
  "CLIENT-20",
  "CLIENT-21",
  "CLIENT-26"
] as const
export type Flaw = (typeof flaws)[number]

type Pending = { readonly verifier: string }
type Connection = {
  access: string
  refresh: string
  expiresAt: number
  ended: boolean
  quietUntil: number
  refreshing: Promise<void> | undefined
}
type Tokens = { readonly access_token: string; readonly refresh_token: string; readonly expires_in: number }
type Answer = { readonly status: number; readonly text: string; readonly retryAfter: number }

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

class Client {
  readonly flaw: Flaw | undefined
  settings!: Settings
  now = 0
  pending = new Map<string, Pending>()
  used = new Set<string>()
  connections = new Map<string, Connection>()
  lastVerifier = ""
  lastAccess = ""
  constructor(flaw?: Flaw) {
    this.flaw = flaw
  }

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
    const state = randomBytes(16).toString("base64url")
    const verifier = randomBytes(32).toString("base64url")
    this.pending.set(state, { verifier })
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
    const kept = isTrusting ? (found ?? { verifier: this.lastVerifier }) : found
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
    const connection = randomBytes(6).toString("hex")
    this.connections.set(connection, this.keep(JSON.parse(answer.text) as Tokens))
    return { connection }
  }

  keep(tokens: Tokens): Connection {
    this.lastAccess = tokens.access_token
    const expiresAt = this.now + tokens.expires_in * 1000
    const { access_token: access, refresh_token: refresh } = tokens
    return { access, refresh, expiresAt, ended: false, quietUntil: 0, refreshing: undefined }
  }

  async token(fields: Readonly<Record<string, string>>): Promise<Answer> {
    const { clientId, clientSecret } = this.settings
    return this.send(this.settings.token, {
      method: "POST",
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields })
    })
  }

  async send(url: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(url, init)
    const text = await response.text()
    return { status: response.status, text, retryAfter: Number(response.headers.get("retry-after") ?? "0") }
  }

  /** One refresh at a time; whoever comes meanwhile waits for it. */
  async refresh(one: Connection): Promise<void> {
    if (this.flaw === "CLIENT-05") return this.refreshNow(one)
    one.refreshing ??= this.refreshNow(one).finally(() => (one.refreshing = undefined))
    return one.refreshing
  }

  async refreshNow(one: Connection): Promise<void> {
    const answer = await this.token({ grant_type: "refresh_token", refresh_token: one.refresh })
    if (answer.status === 200) {
      const tokens = JSON.parse(answer.text) as Tokens
      const fresh = this.keep(tokens)
      one.access = fresh.access
      one.expiresAt = fresh.expiresAt
      if (this.flaw !== "CLIENT-06") one.refresh = fresh.refresh
      return
    }
    const { error = "" } = (answer.text.startsWith("{") ? JSON.parse(answer.text) : {}) as { readonly error?: string }
    if (error === "invalid_grant" && this.flaw !== "CLIENT-07") one.ended = true
    if (error === "invalid_client" && this.flaw === "CLIENT-08") one.ended = true
    throw new Error(`the refresh is refused: ${error}`)
  }

  async call(one: Connection, path: string, init: RequestInit & { profile?: string } = {}): Promise<Answer> {
    const access = this.flaw === "CLIENT-21" ? this.lastAccess : one.access
    const tail = this.flaw === "CLIENT-17" ? `?access_token=${access}` : ""
    const send = () =>
      this.send(`${this.settings.ads.NA}${path}${tail}`, {
        ...init,
        headers: {
          authorization: `Bearer ${this.flaw === "CLIENT-21" ? access : one.access}`,
          ...(this.flaw === "CLIENT-16" && path.startsWith("/sp/")
            ? {}
            : { "amazon-advertising-api-clientid": this.settings.clientId }),
          ...(init.profile === undefined ? {} : { "amazon-advertising-api-scope": init.profile }),
          ...(init.headers as Record<string, string>)
        }
      })
    const before = one.access
    let answer = await send()
    const repeats = this.flaw === "CLIENT-13" ? 20 : 2
    for (let count = 0; answer.status >= 500 && count < repeats; count += 1) answer = await send()
    const isRefused = () => answer.status === 401 || (answer.status === 403 && this.flaw === "CLIENT-10")
    const rounds = this.flaw === "CLIENT-09" ? 5 : 1
    for (let round = 0; isRefused() && round < rounds; round += 1) {
      // Somebody else may have refreshed meanwhile.
      if (one.access === before || round > 0) await this.refresh(one)
      answer = await send()
    }
    if (answer.status === 429 && this.flaw !== "CLIENT-11") {
      one.quietUntil = this.now + Math.max(1, answer.retryAfter) * 1000
    }
    return answer
  }

  async work({ connection }: { readonly connection: string }): Promise<Worked> {
    const one = this.connections.get(connection)
    if (one === undefined || one.ended) return ended
    if (one.quietUntil > this.now) return later
    try {
      const isOld = one.expiresAt - 60_000 <= this.now
      if (isOld && this.flaw !== "CLIENT-04") await this.refresh(one)
      return await this.read(one)
    } catch {
      return one.ended ? ended : failed
    }
  }

  async read(one: Connection): Promise<Worked> {
    const profiles = await this.call(one, "/v2/profiles")
    if (profiles.status === 429) return later
    if (profiles.status !== 200) return failed
    if (this.flaw === "CLIENT-14" && !profiles.text.startsWith("[")) return { status: "done" }
    const media = "application/vnd.spCampaign.v3+json"
    const ids = profilesIn(profiles.text, this.flaw)
    for (const profile of ids) {
      const headers = { "content-type": media, accept: media }
      const campaigns = await this.call(one, "/sp/campaigns/list", { method: "POST", headers, profile })
      if (campaigns.status === 429) return later
      if (campaigns.status !== 200) return failed
      JSON.parse(campaigns.text)
    }
    return { status: "done" }
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
    disconnect: (order) => one.disconnect(order)
  }
}
