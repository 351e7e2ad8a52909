/** The reference server and a worker as processes of their own, on a real PostgreSQL behind a proxy. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { at, Browser } from "@portolan/app-demo/Http"
import { addCompany, authenticate, choose, enter, marketplaceOf, openAccount } from "@portolan/app-demo/Member"
import type { Place } from "@portolan/app-demo/Place"
import postgres from "postgres"
import { start as startServer } from "../../../../adapters/postgres/test/support/embedded.ts"
import type { DatabaseServer } from "../../src/chaos/faults.ts"
import type { Subject } from "../../src/chaos/Subject.ts"
import * as Child from "../../src/processes/Child.ts"
import * as Proxy from "../../src/processes/Proxy.ts"
import { within } from "../../src/processes/random.ts"

const program = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const signIn = { email: "vera@demo.example.com", password: "portolan-demo" }
const marketplace = "ATVPDKIKX0DER"

/** What is printed at the start behind a word. */
const printed = (output: string, word: string): string => {
  const found = new RegExp(`${word}\\s+(http\\S+)`).exec(output)?.[1]
  if (found === undefined) throw new Error(`the server did not print its ${word}: ${output}`)
  return found
}

/** The session of the demo's owner, as headers; a key may not invite people. */
const sessionOf = async (origin: string) => {
  const browser = new Browser(origin)
  await browser.go("/sign-in", signIn)
  return { cookie: browser.cookie, origin }
}

/** Connects an account, so that a worker has a history to load. */
const connectAccount = async (place: Place) => {
  const who = await enter(place, signIn, "loads")
  const companyId = await addCompany(who, "Lanterns Ltd", "Lanterns")
  const { tile } = await openAccount(who, companyId, "Lanterns", marketplace)
  for (const channel of ["amazon-ads", "amazon-sp"]) {
    const authorizationId = await authenticate(who, tile(channel), "ada")
    await choose(
      who,
      authorizationId,
      (one) => marketplaceOf(one) === marketplace && at(one, "profile").type === "seller"
    )
  }
}

const drainMillis = 90_000

/** Work that was done twice, and work that was given up or never ended. */
const auditWork = async (sql: postgres.Sql) => {
  await within(drainMillis, async () => {
    const [row] = await sql<Array<{ left: number }>>`select count(*)::int as left from portolan.jobs
      where status = 'waiting' and due_at < now()`
    return row?.left === 0 ? true : undefined
  })
  const late = await sql<Array<{ name: string }>>`select (task->>'_tag') || ' ' || id as name from portolan.jobs
    where status = 'parked' or (status = 'waiting' and due_at < now() - interval '30 seconds')`
  const twice = await sql<Array<{ name: string }>>`select aggregate_id || ' ' || (event->>'windowId') as name
    from portolan.events where event->>'_tag' = 'WindowLoaded' group by 1 having count(*) > 1`
  return { lost: late.map(({ name }) => name), doubled: twice.map(({ name }) => name) }
}

/** Starts everything. */
export const realSubject = async (environment: { readonly [name: string]: string } = {}) => {
  const server = await startServer()
  const proxy = await Proxy.start(server.port)
  const folder = await mkdtemp(join(tmpdir(), "portolan-chaos-"))
  const url = new URL(server.url)
  const address = { ...environment, DATABASE_URL: "", DATA_DIR: folder, DATABASE_POOL: "8" }
  url.port = String(proxy.port)
  address.DATABASE_URL = url.href
  // Beside the proxy: what is looked up here is no part of what is cut.
  const direct = () => postgres(server.url, { max: 1, onnotice: () => undefined })
  const asking = async <A>(work: (sql: postgres.Sql) => Promise<A>): Promise<A> => {
    const sql = direct()
    try {
      return await work(sql)
    } finally {
      await sql.end({ timeout: 5 })
    }
  }
  const startMain = (more: { readonly [name: string]: string }) =>
    Child.start({
      name: "server",
      command: [program("server/src/main.ts")],
      environment: { ...address, WORKER: "none", ...more },
      readyWhen: "Ctrl+C stops it"
    })
  let main = await startMain({ PORT: "0", SIMULATOR_PORT: "0", SIMULATOR_REPORT_SECONDS: "1" })
  const origin = printed(main.output, "Console")
  const simulator = printed(main.output, "Simulator")
  const startWorker = () =>
    Child.start({
      name: "worker",
      command: [program("worker/src/main.ts")],
      environment: { ...address, SIMULATOR_URL: simulator },
      readyWhen: "is running"
    })
  let worker = await startWorker()
  const headers = await sessionOf(origin)
  await connectAccount({ origin, simulator })

  const deaths = async () => {
    const dead = [main, worker].flatMap((child) => {
      const said = child.death()
      return said === undefined ? [] : [`${child.name}: ${said}`]
    })
    if (main.death() !== undefined) {
      main = await startMain({ PORT: new URL(origin).port, SIMULATOR_PORT: new URL(simulator).port })
    }
    if (worker.death() !== undefined) worker = await startWorker()
    return dead
  }
  const subject: Subject = {
    origin,
    headers,
    deaths,
    mailedTo: () =>
      asking(async (sql) => {
        const rows = await sql<Array<{ to: string }>>`select mail->'to'->>'email' as to from portolan.kept_mails`
        return rows.map(({ to }) => to)
      }),
    audit: () => asking(auditWork)
  }
  const database: DatabaseServer = {
    terminateAll: () =>
      asking(async (sql) => {
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where backend_type = 'client backend' and pid <> pg_backend_pid()`
      }),
    halt: server.halt,
    resume: server.resume
  }
  const close = async () => {
    await Promise.all([main.stop(), worker.stop()])
    await proxy.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { subject, database, proxy, close }
}
