/** The calls of the example client: tokens, refreshes, and repeats that end. */
import type { Settings } from "../src/judge/Driver.ts"

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
  "CLIENT-15",
  "CLIENT-16",
  "CLIENT-17",
  "CLIENT-18",
  "CLIENT-19",
  "CLIENT-20",
  "CLIENT-21",
  "CLIENT-24",
  "CLIENT-25",
  "CLIENT-26"
] as const
export type Flaw = (typeof flaws)[number]

/** One of Amazon's regions. */
export type Region = "NA" | "EU" | "FE"

export type Connection = {
  access: string
  refresh: string
  expiresAt: number
  ended: boolean
  quietUntil: number
  refreshing: Promise<void> | undefined
  /** Profiles that this connection showed; another person shows others. */
  profiles: ReadonlyArray<string> | undefined
}
export type Tokens = { readonly access_token: string; readonly refresh_token: string; readonly expires_in: number }
export type Answer = { readonly status: number; readonly text: string; readonly retryAfter: number }

export class Calls {
  readonly flaw: Flaw | undefined
  settings!: Settings
  now = 0
  lastAccess = ""
  constructor(flaw?: Flaw) {
    this.flaw = flaw
  }

  keep(tokens: Tokens): Connection {
    this.lastAccess = tokens.access_token
    const expiresAt = this.now + tokens.expires_in * 1000
    const { access_token: access, refresh_token: refresh } = tokens
    return { access, refresh, expiresAt, ended: false, quietUntil: 0, refreshing: undefined, profiles: undefined }
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

  async call(
    one: Connection,
    path: string,
    init: RequestInit & { profile?: string; region?: Region } = {}
  ): Promise<Answer> {
    const access = this.flaw === "CLIENT-21" ? this.lastAccess : one.access
    const tail = this.flaw === "CLIENT-17" ? `?access_token=${access}` : ""
    const send = () =>
      this.send(`${this.settings.ads[init.region ?? "NA"]}${path}${tail}`, {
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
}
