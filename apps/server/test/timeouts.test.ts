/**
 * What only time brings about, through HTTP on a clock that the test moves: closed tabs, late returns, expired links.
 */
import { describe, expect, it } from "@effect/vitest"
import type { Id, Marketplace, Profile } from "@portolan/domain"
import { Console } from "@portolan/console"
import { Api } from "@portolan/hono"
import { found, IdentityMemory, MemoryAdapters, NotifierMemory, ProviderScript } from "@portolan/memory"
import { useCases, Deployment, Mailer, Scheduler, JobHandlers } from "@portolan/ports"
import { at, list, text } from "@portolan/app-demo/Http"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Hono } from "hono"

const origin = "https://portolan.example.com"
const fixed = (prefix: string) => `${prefix}_${"1".padStart(26, "0")}`
const vera: IdentityMemory.Person = {
  personId: fixed("per") as Id.PersonId,
  name: "Vera",
  email: "vera@example.com",
  password: Redacted.make("correct horse")
}

const world = useCases.pipe(
  Layer.provideMerge(MemoryAdapters.layer({ people: [vera] })),
  Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin }))
)

/** Lets fibers that wait for each other and for promises go on. */
const breathe = Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, 20)))

const pass = (time: "16 minutes" | "25 hours" | "8 days") =>
  Effect.gen(function* () {
    yield* TestClock.adjust(time)
    for (let turn = 0; turn < 5; turn++) yield* breathe
    yield* TestClock.adjust("1 minute")
    for (let turn = 0; turn < 5; turn++) yield* breathe
  })

/** Console and API as one app, with a signed-in member, an account's tile, and a worker. */
const place = Effect.gen(function* () {
  yield* found({
    organizationId: fixed("org") as Id.OrganizationId,
    name: "Solano",
    members: [{ ...vera, role: "owner" }]
  })
  const scheduler = yield* Scheduler.Scheduler
  const { handle } = yield* JobHandlers.JobHandlers
  yield* scheduler.consume(handle, { concurrency: 2 })
  const api = yield* Api.make({ readiness: Effect.die("not asked here"), sessionCookie: IdentityMemory.cookieName })
  const pages = yield* Console.make({ secureCookies: true })
  const app = new Hono().route("/", api).route("/", pages)
  let cookie = ""
  const ask = (method: string, path: string, body?: string, type = "application/json") =>
    Effect.promise(async () => {
      const answer = await app.request(`${origin}${path}`, {
        method,
        headers: {
          cookie,
          origin,
          ...(body === undefined ? {} : { "content-type": type }),
          ...(path.startsWith("/v1/") && method === "POST" ? { "idempotency-key": crypto.randomUUID() } : {})
        },
        ...(body === undefined ? {} : { body })
      })
      for (const line of answer.headers.getSetCookie()) cookie = `${cookie}; ${line.split(";")[0] ?? ""}`
      return { status: answer.status, page: await answer.text(), location: answer.headers.get("location") ?? "" }
    })
  const json = (method: string, path: string, body?: unknown) =>
    Effect.map(
      ask(method, path, body === undefined ? undefined : JSON.stringify(body)),
      ({ page }) => JSON.parse(page) as { readonly [field: string]: unknown }
    )
  const form = (path: string, fields: { readonly [name: string]: string }) =>
    ask("POST", path, new URLSearchParams(fields).toString(), "application/x-www-form-urlencoded")
  yield* form("/sign-in", { email: vera.email, password: "correct horse" })
  const company = yield* json("POST", "/v1/companies", { name: "Nordlys", brand: "Nordlys" })
  const account = yield* json("POST", "/v1/accounts", {
    companyId: text(company, "id"),
    name: "Nordlys US",
    accountType: "seller",
    marketplaces: ["ATVPDKIKX0DER"]
  })
  const detail = yield* json("GET", `/v1/accounts/${text(account, "id")}`)
  const ads = list(detail, "connections").find((one) => one.channel === "amazon-ads") ?? {}
  return { ask, json, form, ads: text(ads, "id"), company: text(company, "id"), accountId: text(account, "id") }
})

describe("time", () => {
  it.effect(
    "a closed tab ends after fifteen minutes; the console says why and what next, and a late return is told",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const { ads, ask, json } = yield* place
          const departure = yield* json("POST", `/v1/connections/${ads}/authorizations`)
          const state = new URL(text(departure, "url")).searchParams.get("state") ?? ""
          yield* pass("16 minutes")
          const authorizations = yield* json("GET", `/v1/connections/${ads}/authorizations`)
          expect(list(authorizations, "items")[0]?.state).toBe("expired")
          expect(at(list(authorizations, "items")[0] ?? {}, "outcome").nextStep).toContain("Start the connection again")
          expect((yield* ask("GET", `/connections/${ads}`)).page).toContain("Timed out")
          const late = yield* ask("GET", `/callback/amazon-ads?code=late&state=${encodeURIComponent(state)}`)
          expect(late.status).toBe(303)
          const told = yield* ask("GET", late.location)
          expect(told.page).toMatch(/time/i)
        })
      ).pipe(Effect.provide(world))
  )

  it.effect("an expired link says so to the guest and to the member", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ads, ask, form, json } = yield* place
        const link = yield* json("POST", `/v1/connections/${ads}/auth-links`, {})
        const path = new URL(text(link, "url")).pathname
        expect((yield* ask("GET", path)).status).toBe(200)
        yield* pass("8 days")
        const seen = yield* ask("GET", path)
        expect(seen.status).toBe(410)
        expect(seen.page).toContain("expired")
        expect((yield* form(path, {})).status).toBe(410)
        const shown = yield* json("GET", `/v1/auth-links/${text(link, "id")}`)
        expect(shown.state).toBe("expired")
        expect(at(shown, "outcome").nextStep).toContain("Create a new link")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("an unanswered request expires; the requester is told by mail, and the owner by the link's page", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ads, ask, json } = yield* place
        const sent = yield* json("POST", "/v1/requests", {
          connectionId: ads,
          owner: { name: "Olive", email: "olive@example.com" },
          marketplaceId: "ATVPDKIKX0DER"
        })
        const { kept } = yield* Mailer.Mailer
        const mails = Effect.map(kept(fixed("org") as Id.OrganizationId, { limit: 50 }), ({ items }) => items)
        const toOlive = Effect.map(mails, (all) => all.find(({ to }) => to.email === "olive@example.com"))
        let asked = yield* toOlive
        // The worker mails it within a few turns; a busy machine needs more of them.
        for (let turn = 0; asked === undefined && turn < 100; turn++) {
          yield* breathe
          asked = yield* toOlive
        }
        const path = /\/link\/[A-Za-z0-9_-]+/.exec(asked?.emailMessage.text ?? "")?.[0] ?? ""
        expect((yield* ask("GET", path)).status).toBe(200)
        yield* pass("8 days")
        expect((yield* json("GET", `/v1/requests/${text(sent, "id")}`)).state).toBe("expired")
        expect((yield* ask("GET", path)).status).toBe(410)
        const told = (yield* mails).filter(
          ({ emailMessage, to }) => to.email === vera.email && emailMessage.subject.includes("expired")
        )
        expect(told).toHaveLength(1)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect(
    "an advertiser that has not appeared within a day is overdue: the customer is told what to check (W-R10)",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const { ask, company, json } = yield* place
          const account = yield* json("POST", "/v1/accounts", {
            companyId: company,
            name: "Nordlys at Walmart",
            accountType: "walmart-3p",
            marketplaces: ["WALMART_US"]
          })
          const detail = yield* json("GET", `/v1/accounts/${text(account, "id")}`)
          const tile = text(
            list(detail, "connections").find(({ channel }) => channel === "walmart-connect") ?? {},
            "id"
          )
          yield* json("PUT", `/v1/connections/${tile}/expectation`, { advertiser: "Nordlys" })
          const page = `/connections/${tile}/advertisers`
          expect((yield* ask("GET", page)).page).toContain("Waiting for the advertiser")
          yield* pass("25 hours")
          expect((yield* ask("GET", page)).page).toContain("The advertiser is overdue")
          expect(at(yield* json("GET", `/v1/connections/${tile}`), "evidence").nextStep).not.toBe("")
        })
      ).pipe(Effect.provide(world))
  )

  it.effect(
    "a first load that is not done after 48 hours is overdue, and heals by itself when the data arrives (P-R13)",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const { accountId, ads, ask, json } = yield* place
          const script = yield* ProviderScript.ProviderScript
          yield* script.consents("late", {
            channel: "amazon-ads",
            region: "NA",
            grantor: "ada",
            candidates: [
              ProviderScript.candidate({
                channel: "amazon-ads",
                region: "NA",
                marketplaceId: "ATVPDKIKX0DER" as Marketplace.MarketplaceId,
                externalId: "123" as Profile.ExternalId
              })
            ]
          })
          yield* script.windows(() => ({ _tag: "NotReady", ticket: "t", retryAfterSeconds: 3600 }))
          const departure = yield* json("POST", `/v1/connections/${ads}/authorizations`)
          const state = new URL(text(departure, "url")).searchParams.get("state") ?? ""
          yield* ask("GET", `/callback/amazon-ads?code=late&state=${encodeURIComponent(state)}`)
          const authorization = text(departure, "authorizationId")
          const [choice = {}] = list(yield* json("GET", `/v1/authorizations/${authorization}`), "choices")
          yield* json("POST", `/v1/authorizations/${authorization}/select`, {
            profile: text(at(choice, "profile"), "reference"),
            confirmed: true
          })
          const sync = Effect.map(json("GET", `/v1/accounts/${accountId}/onboarding`), (way) => at(way, "sync").state)
          yield* pass("25 hours")
          expect(yield* sync).toBe("syncing")
          yield* pass("25 hours")
          expect(yield* sync).toBe("overdue")
          expect((yield* ask("GET", `/start/${accountId}`)).page).toContain("Support has been told")
          const told = (yield* NotifierMemory.notices).find(({ topic }) => topic === "overdue")
          expect(told?.audience).toBe("members-and-support")
          yield* script.windows(() => ({ _tag: "Rows", rows: [] }))
          yield* pass("25 hours")
          expect(yield* sync).toBe("in-sync")
        })
      ).pipe(Effect.provide(world))
  )
})
