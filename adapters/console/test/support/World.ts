/** A console over memory adapters, with people who can sign in, a clock that can be moved, and shortcuts to act. */
import {
  Access,
  type Account,
  type Channel,
  type Company,
  type Id,
  Marketplace,
  type Profile,
  type Region
} from "@portolan/domain"
import { found, MemoryAdapters, ProviderScript } from "@portolan/memory"
import {
  Accounts,
  Applications,
  AuthLinks,
  Companies,
  Connecting,
  Connections,
  useCases,
  Deployment,
  Identity,
  PendingAuthorizations,
  Scheduler,
  Secrets,
  JobHandlers
} from "@portolan/ports"
import { Clock, DateTime, Duration, Effect, Layer, ManagedRuntime, Redacted } from "effect"
import type { Hono } from "hono"
import { Console } from "../../src/index.ts"
import { port as applications } from "./applications.ts"

export const origin = "http://console.test"
export const password = "correct horse battery staple"

const id = <A>(text: string) => text as A
export const home = id<Id.OrganizationId>(`org_${"0".repeat(25)}1`)
export const away = id<Id.OrganizationId>(`org_${"0".repeat(25)}2`)

const person = (
  n: number,
  name: string,
  role: Access.Role,
  organizationId: Id.OrganizationId,
  organizationName: string
) => ({
  personId: id<Id.PersonId>(`per_${"0".repeat(25)}${n}`),
  name,
  role,
  organizationId,
  organizationName,
  email: `${name.split(" ")[0]?.toLowerCase()}@example.com`,
  password: Redacted.make(password)
})

/** Everybody who can sign in. */
export const people = {
  ada: person(1, "Ada Ferrer", "owner", home, "Blue Harbor Commerce"),
  mia: person(2, "Mia Lund", "member", home, "Blue Harbor Commerce"),
  vic: person(3, "Vic Stone", "viewer", home, "Blue Harbor Commerce"),
  rex: person(4, "Rex Rival", "owner", away, "Rival Traders"),
  /** Runs the installation, and has an organization too. */
  opal: person(5, "Opal Keys", "owner", id<Id.OrganizationId>(`org_${"0".repeat(25)}3`), "Portolan Hosting"),
  /** A member whose access tests narrow. */
  lim: person(6, "Lim Narrow", "member", home, "Blue Harbor Commerce")
}
export type Who = keyof typeof people

export const caller = (who: Who): Access.Caller => {
  const { name, organizationId, personId, role } = people[who]
  return { organizationId, role, accessScope: Access.everything, actor: { _tag: "Person", personId, name } }
}

/** How long the worker must have had nothing to do, and how long it is waited for at most. */
const quietMillis = 40
const workLimitMillis = 5000

/** The real clock, moved. */
const movedClock = () => {
  let offset = 0
  const millis = () => Date.now() + offset
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: () => BigInt(millis()) * 1_000_000n,
    currentTimeNanos: Effect.sync(() => BigInt(millis()) * 1_000_000n),
    monotonicTimeNanosUnsafe: () => process.hrtime.bigint(),
    monotonicTimeNanos: Effect.sync(() => process.hrtime.bigint()),
    sleep: (duration) =>
      Effect.callback<void>((resume) => {
        const timer = setTimeout(() => resume(Effect.void), Duration.toMillis(duration))
        return Effect.sync(() => clearTimeout(timer))
      })
  }
  return {
    clock,
    move: (by: Duration.Input) => {
      offset += Duration.toMillis(Duration.fromInputUnsafe(by))
    }
  }
}

export const market = (country: string): Marketplace.MarketplaceId => {
  const found = Marketplace.all.find((one) => one.provider === "amazon" && one.countryCode === country)
  if (found === undefined) throw new Error(`no marketplace for ${country}`)
  return found.id
}

export const profile = (
  channel: Channel.Channel,
  country: string,
  externalId: string,
  more: { readonly name: string; readonly type?: "seller" | "vendor"; readonly ownerId?: string }
): Profile.Candidate => {
  const { adsCountryCode, currency, id: marketplaceId, region } = Marketplace.get(market(country))
  return {
    ...ProviderScript.candidate({ channel, region, marketplaceId, externalId } as Profile.Key, more),
    countryCode: adsCountryCode,
    currency
  }
}

export interface Asking {
  readonly as?: Who
  readonly method?: string
  readonly form?: { readonly [field: string]: string | ReadonlyArray<string> }
  readonly headers?: { readonly [name: string]: string }
  readonly cookie?: string
}

export interface Options {
  readonly origin?: string
  readonly productName?: string
  readonly channels?: ReadonlyArray<Channel.Channel>
  readonly openMailbox?: boolean
}

export const make = async (options: Options = {}) => {
  const { clock, move } = movedClock()
  const at = options.origin ?? origin
  const runtime = ManagedRuntime.make(
    useCases.pipe(
      Layer.provideMerge(
        Layer.mergeAll(
          MemoryAdapters.layer({ people: Object.values(people) }),
          Layer.succeed(Deployment.Deployment, {
            origin: at,
            operators: [people.opal.email],
            ...(options.channels === undefined ? {} : { channels: options.channels })
          }),
          Layer.succeed(Applications.Applications, applications),
          Layer.succeed(Clock.Clock, clock)
        )
      )
    )
  )
  const app: Hono = await runtime.runPromise(
    Console.make({
      secureCookies: at.startsWith("https:"),
      demoSignIn: { email: "ada@example.com", password },
      ...(options.productName === undefined ? {} : { productName: options.productName }),
      ...(options.openMailbox === undefined ? {} : { openMailbox: options.openMailbox })
    })
  )
  const run = runtime.runPromise
  for (const [organizationId, members] of Map.groupBy(Object.values(people), (one) => one.organizationId)) {
    await run(found({ organizationId, name: members[0]?.organizationName ?? "", members }))
  }
  const sessions = new Map<Who, string>()

  const signIn = async (who: Who): Promise<string> => {
    const known = sessions.get(who)
    if (known !== undefined) return known
    const cookies = await run(
      Effect.flatMap(Identity.Identity, (identity) =>
        identity.signIn(people[who].email, people[who].password, new Headers())
      )
    )
    const session = cookies.map((cookie) => cookie.split(";")[0]).join("; ")
    sessions.set(who, session)
    return session
  }

  /** Asks the console as a browser would. */
  const ask = async (path: string, { as, cookie, form, headers, method }: Asking = {}): Promise<Response> => {
    const cookies = [as === undefined ? "" : await signIn(as), cookie ?? ""].filter((text) => text !== "").join("; ")
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries(form ?? {})) for (const one of [value].flat()) body.append(name, one)
    return app.request(`${at}${path}`, {
      method: method ?? (form === undefined ? "GET" : "POST"),
      redirect: "manual",
      headers: {
        ...(cookies === "" ? {} : { cookie: cookies }),
        ...(form === undefined ? {} : { origin: at }),
        ...headers
      },
      ...(form === undefined ? {} : { body })
    })
  }
  const html = async (path: string, asking: Asking = { as: "ada" }) => (await ask(path, asking)).text()

  const company = (name: string, brand = name, who: Who = "ada"): Promise<Company.Present> =>
    run(Effect.flatMap(Companies.Companies, (companies) => companies.add(caller(who), { name, brand }))).then(
      (added) => added.company
    )
  const account = (
    of: Company.Present,
    name: string,
    country = "US",
    accountType: "seller" | "vendor" = "seller",
    who: Who = "ada"
  ): Promise<Account.Present> =>
    run(
      Effect.flatMap(Accounts.Accounts, (accounts) =>
        accounts.create(caller(who), { companyId: of.id, name, accountType, marketplaces: [market(country)] })
      )
    )
  const connectionOf = (of: Account.Present, channel: Channel.Channel, who: Who = "ada"): Promise<Id.ConnectionId> =>
    run(
      Effect.flatMap(Connections.Connections, (connections) =>
        connections.list(caller(who), { accountId: of.id }, { limit: 10 })
      )
    ).then((page) => {
      const found = page.items.find((view) => view.connection.channel === channel)
      if (found === undefined) throw new Error(`no ${channel}`)
      return found.connection.id
    })
  const startAuthorization = (connectionId: Id.ConnectionId, who: Who = "ada") =>
    run(Effect.flatMap(Connecting.Connecting, (connecting) => connecting.authenticateNow(caller(who), connectionId)))

  let codes = 0
  /** A code that the provider exchanges for a consent which sees these profiles. */
  const code = async (
    channel: Channel.Channel,
    region: Region.Region,
    candidates: ReadonlyArray<Profile.Candidate>,
    more: { readonly grantor?: string; readonly days?: number } = {}
  ) => {
    const text = `code-${++codes}`
    await run(
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const now = yield* DateTime.now
        yield* script.consents(text, {
          channel,
          region,
          candidates,
          grantor: more.grantor ?? `A${codes}SELLER`,
          expiresAt: DateTime.add(now, { days: more.days ?? 365 })
        })
      })
    )
    return text
  }
  const receive = (channel: Channel.Channel, query: URLSearchParams, browser: Redacted.Redacted<string>) =>
    run(Effect.flatMap(Connecting.Connecting, (connecting) => connecting.receive(channel, query, browser)))

  /** Consents directly; the authorization then waits for a choice. */
  const consent = async (
    of: Account.Present,
    channel: Channel.Channel,
    candidates: ReadonlyArray<Profile.Candidate>,
    who: Who = "ada",
    days?: number
  ) => {
    const connectionId = await connectionOf(of, channel, who)
    const authorizationRedirect = await startAuthorization(connectionId, who)
    const state = authorizationRedirect.url.searchParams.get("state") ?? ""
    const text = await code(channel, of.region, candidates, days === undefined ? {} : { days })
    await receive(channel, new URLSearchParams({ state, code: text }), authorizationRedirect.browser)
    return { connectionId, authorizationId: authorizationRedirect.authorizationId }
  }
  /** Consents and chooses the first profile. */
  const connect = async (
    of: Account.Present,
    channel: Channel.Channel,
    candidate: Profile.Candidate,
    who: Who = "ada",
    days?: number
  ) => {
    const authorization = await consent(of, channel, [candidate], who, days)
    await run(
      Effect.flatMap(PendingAuthorizations.PendingAuthorizations, (pending) =>
        pending.select(caller(who), authorization.authorizationId, { key: candidate.key, confirmed: true })
      )
    )
    return authorization
  }
  const link = async (connectionId: Id.ConnectionId, hours = 168, who: Who = "ada") => {
    const { link, url } = await run(
      Effect.flatMap(AuthLinks.AuthLinks, (links) =>
        links.create(caller(who), connectionId, { life: Duration.hours(hours) })
      )
    )
    return { link, path: new URL(url === undefined ? at : Redacted.value(url)).pathname }
  }
  /** Lets a worker carry out due work for a while. */
  /**
   * Lets the worker run for a while, and then until it has had nothing to do for a moment: a slow machine gets the time
   * it needs.
   */
  const work = (forMillis = 150) =>
    run(
      Effect.scoped(
        Effect.gen(function* () {
          const scheduler = yield* Scheduler.Scheduler
          const { handle } = yield* JobHandlers.JobHandlers
          const worked = { busy: 0, lastAt: Date.now() }
          const counted: typeof handle = (...piece) =>
            Effect.suspend(() => {
              worked.busy += 1
              return Effect.ensuring(
                handle(...piece),
                Effect.sync(() => {
                  worked.busy -= 1
                  worked.lastAt = Date.now()
                })
              )
            })
          yield* scheduler.consume(counted, { concurrency: 2 })
          const until = Date.now() + workLimitMillis
          yield* Effect.sleep(forMillis)
          while ((worked.busy > 0 || Date.now() - worked.lastAt < quietMillis) && Date.now() < until)
            yield* Effect.sleep(10)
        })
      )
    )
  const newId = <K extends Id.Kind>(kind: K) => run(Effect.flatMap(Secrets.Secrets, (secrets) => secrets.id(kind)))

  return {
    app,
    origin: at,
    run,
    move,
    ask,
    html,
    signIn,
    company,
    account,
    connectionOf,
    startAuthorization,
    code,
    receive,
    consent,
    connect,
    link,
    work,
    newId,
    close: () => runtime.dispose()
  }
}

export type World = Awaited<ReturnType<typeof make>>
