/**
 * What one customer does until the first data has come: a company, a consent, its callback, the choice, and the first
 * window of the load. Over HTTP where people do it, by the handler where the worker does.
 */
import { Hono } from "hono"
import { type Access, type Channel, type Id, type Job, Profile, Stored } from "@portolan/domain"
import { Api } from "@portolan/hono"
import { ProviderScript } from "@portolan/memory"
import { Accounts, ApiKeys, Connecting, Connections, Deployment, JobHandlers } from "@portolan/ports"
import { Database } from "@portolan/postgres"
import { DateTime, Effect, Redacted, Result } from "effect"
import { sql } from "kysely"
import { adsKey, freshDigits, organization, US } from "../../faults/test/matrix/walk.ts"

/** What is watched, in the order in which it happens. */
export const steps = ["addCompany", "authenticateNow", "callback", "choose", "window"] as const

/** One step. */
export type Step = (typeof steps)[number]

/** Sees a step being made, and makes it. */
export type Watch = <A, E, R>(step: Step, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** The API, and the page that providers lead back to. */
export const app = Effect.gen(function* () {
  const { receive } = yield* Connecting.Connecting
  const api = yield* Api.make({
    sessionCookie: "portolan_session",
    readiness: Effect.die("not asked"),
    rateLimit: { calls: Number.MAX_SAFE_INTEGER, windowSeconds: 60 }
  })
  const whole = new Hono()
  whole.get("/callback/:channel", async (c) => {
    const query = new URL(c.req.url).searchParams
    const cookie = Redacted.make((c.req.header("cookie") ?? "").replace(`${Deployment.browserCookie}=`, ""))
    const result = await Effect.runPromise(receive(c.req.param("channel") as Channel.Channel, query, cookie))
    return c.text(result._tag, result._tag === "Handled" ? 200 : 500)
  })
  whole.route("/", api)
  return whole
})

/** An organization with a key for software. */
export interface Customer {
  readonly by: Access.Caller
  readonly key: string
}

/** Makes a customer. */
export const customer = Effect.gen(function* () {
  const by = yield* organization()
  const { secret } = yield* (yield* ApiKeys.ApiKeys).create(by, {
    name: "Bench",
    role: "admin",
    scopes: ["read", "connect", "administer"]
  })
  return { by, key: secret === undefined ? "" : Redacted.value(secret) } satisfies Customer
})

interface Answer {
  readonly id: string
  readonly url: string
  readonly authorizationId: string
  readonly cookie: string
}

/** Sends a request, with a key of its own where it creates something; fails unless it is answered well. */
const send = (url: string, headers: { readonly [name: string]: string }, body?: object) =>
  Effect.tryPromise({
    try: async () => {
      const response = await fetch(url, {
        method: body === undefined ? "GET" : "POST",
        headers: { ...headers, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${url} ${response.status} ${text}`)
      const answer = text.startsWith("{") ? (JSON.parse(text) as Partial<Answer>) : {}
      return { id: "", url: "", authorizationId: "", cookie: "", ...answer, ...cookieOf(response) }
    },
    catch: (cause) => new Error(String(cause))
  })

const cookieOf = (response: Response) => {
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0]
  return cookie === undefined ? {} : { cookie }
}

/** The first waiting job of a kind about a connection. */
const jobOf = Effect.fnUntraced(function* ({ organizationId }: Access.Caller, tag: string, text: string) {
  const { kysely } = yield* Database.Database
  const { rows } = yield* Effect.promise(() =>
    sql<{ readonly id: Id.JobId; readonly schema_version: number; readonly task: unknown }>`
      select id, schema_version, task from portolan.jobs where organization_id = ${organizationId}
      and status = 'waiting' and task->>'_tag' = ${tag} and task::text like ${`%${text}%`} order by id limit 1`.execute(
      kysely
    )
  )
  const [row] = rows
  if (row === undefined) return yield* Effect.die(`no job ${tag}`)
  const task = Result.getOrThrow(Stored.readTask({ id: row.id, schemaVersion: row.schema_version, payload: row.task }))
  return { id: row.id, organizationId, dueAt: yield* DateTime.now, task } satisfies Job.Job
})

const handled = Effect.fnUntraced(function* (job: Job.Job) {
  const outcome = yield* (yield* JobHandlers.JobHandlers).handle({ job, failures: 0 })
  return outcome._tag === "Done" ? outcome : yield* Effect.die(`${job.task._tag}: ${JSON.stringify(outcome)}`)
})

/** Opens an account of a company; gives its connection for advertising. */
const opened = Effect.fnUntraced(function* (by: Access.Caller, companyId: string, name: string) {
  const account = yield* (yield* Accounts.Accounts).create(by, {
    companyId: companyId as Id.CompanyId,
    name,
    accountType: "seller",
    marketplaces: [US]
  })
  const { items } = yield* (yield* Connections.Connections).list(by, { accountId: account.id }, { limit: 10 })
  const ads = items.find(({ connection }) => connection.channel === "amazon-ads")?.connection
  return ads ?? (yield* Effect.die("an account has an advertising connection"))
})

/** Makes one journey against an address; `watch` sees its steps. */
export const journey = Effect.fnUntraced(function* (origin: string, { by, key }: Customer, watch: Watch) {
  const digits = yield* freshDigits
  const profile = adsKey(digits)
  const post = (path: string, body: object) =>
    send(`${origin}/v1${path}`, { authorization: `Bearer ${key}`, "idempotency-key": `${path}-${digits}` }, body)
  const company = yield* watch("addCompany", post("/companies", { name: `Harbour ${digits}`, brand: "Harbour" }))
  const ads = yield* opened(by, company.id, `Harbour ${digits}`)
  const code = `code-${digits}`
  const candidates = [ProviderScript.candidate(profile)]
  yield* (yield* ProviderScript.ProviderScript).consents(code, {
    channel: "amazon-ads",
    region: "NA",
    grantor: `person-${digits}`,
    candidates
  })
  const started = yield* watch("authenticateNow", post(`/connections/${ads.id}/authorizations`, {}))
  const query = new URLSearchParams({ code, state: new URL(started.url).searchParams.get("state") ?? "" })
  yield* watch("callback", send(`${origin}/callback/amazon-ads?${query}`, { cookie: started.cookie }))
  const selection = { profile: Profile.keyText(profile), confirmed: true }
  yield* watch("choose", post(`/authorizations/${started.authorizationId}/select`, selection))
  yield* handled(yield* jobOf(by, "PlanBackfill", ads.id))
  const window = yield* jobOf(by, "LoadWindow", "")
  yield* watch("window", handled(window))
})
