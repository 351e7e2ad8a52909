/** Simulators of the Ads API and the Selling Partner API that break one rule each. */
import * as Hosts from "../core/Hosts.ts"
import type { WireRequest } from "../core/Wire.ts"
import type { World } from "../core/World.ts"
import { always, edit, type Mutant, withHeader, withQuery } from "./Mutant.ts"

const grants = (world: World) => Object.values(world.grants)

const regionOf = (request: WireRequest) => {
  const place = Hosts.find(request.host)
  return place !== undefined && "region" in place ? place.region : null
}

/** Gives every person rights on profiles. */
const allow = (world: World, rights: (profiles: Readonly<Record<string, string>>) => object) =>
  edit(Object.values(world.people), ({ profiles }) => ({ profiles: rights(profiles) }))

const ads: ReadonlyArray<Mutant> = [
  {
    id: "takes any client id beside a token",
    by: ["ADS-401-02", "ADS-401-03"],
    before: (world, request) =>
      withHeader(request, "amazon-advertising-api-clientid", Object.keys(world.applications)[0] ?? "")
  },
  {
    id: "guesses the profile",
    by: ["ADS-401-05"],
    before: (world, request) =>
      request.headers["amazon-advertising-api-scope"] === undefined
        ? withHeader(request, "amazon-advertising-api-scope", Object.keys(world.profiles)[0] ?? "")
        : request
  },
  {
    id: "shows profiles in every region",
    by: ["ADS-401-06"],
    before: (world, request) => {
      const region = regionOf(request)
      if (region !== null) edit(Object.values(world.profiles), () => ({ region }))
      return request
    }
  },
  {
    id: "opens every profile to everybody",
    by: ["ADS-401-07"],
    before: always((world) =>
      allow(world, () => Object.fromEntries(Object.keys(world.profiles).map((id) => [id, "edit"])))
    )
  },
  {
    id: "lets those write who may only look",
    by: ["ADS-401-08"],
    before: always((world) =>
      allow(world, (profiles) => Object.fromEntries(Object.keys(profiles).map((id) => [id, "edit"])))
    )
  },
  {
    id: "hides profiles from those who may only look",
    by: ["VIEW-ONLY"],
    before: always((world) =>
      allow(world, (profiles) => Object.fromEntries(Object.entries(profiles).filter(([, right]) => right === "edit")))
    )
  },
  {
    id: "ignores parameters that nobody knows",
    by: ["ADS-400-02", "SPA-400-01"],
    before: (_, request) => withQuery(request, (query) => ["size", "a"].forEach((name) => query.delete(name)))
  },
  {
    id: "keeps reports for ever",
    by: ["ADS-406-01"],
    before: always((world) => edit([world.policy], () => ({ adsRetentionDays: 100_000 })))
  },
  {
    id: "makes the same report twice",
    by: ["ADS-425-01"],
    before: always((world) => {
      world.adsRunning = {}
    })
  },
  {
    id: "stores another campaign than it accepted",
    by: ["KEPT-ADS"],
    after: (world, request, reply) => {
      const last = Object.values(world.campaigns).flatMap((all) => all.filter((one) => one.name === "Checked"))
      if (request.path === "/sp/campaigns") edit(last, () => ({ state: "ENABLED", targetingType: "AUTO" }))
      return reply
    }
  },
  {
    id: "stores what it refused",
    by: ["REFUSED-ADS"],
    after: (world, request, reply) => {
      const profile = request.headers["amazon-advertising-api-scope"] ?? ""
      if (request.path === "/sp/campaigns" && String(reply.body).includes("errorType")) {
        const refused = { id: "1", name: "Checked", state: "ENABLED", targetingType: "AUTO" } as const
        world.campaigns[profile] = [
          ...(world.campaigns[profile] ?? []),
          { ...refused, startDate: "2026-08-01", budget: "5" }
        ]
      }
      return reply
    }
  }
]

const partner: ReadonlyArray<Mutant> = [
  {
    id: "serves sellers in every region",
    by: ["SPA-403-06"],
    before: (world, request) => {
      const region = regionOf(request)
      if (region !== null) edit(Object.values(world.sellers), () => ({ region }))
      return request
    }
  },
  {
    id: "ignores roles",
    by: ["SPA-403-08"],
    before: always((world) =>
      edit(grants(world), ({ roles }) => ({ roles: [...roles, "Finance and Accounting", "Product Listing"] }))
    )
  },
  {
    id: "needs no user agent",
    by: ["SPA-400-02"],
    before: (_, request) => withHeader(request, "user-agent", "Anybody/1.0")
  },
  {
    id: "shows reports of other sellers",
    by: ["SPA-404-01"],
    before: always((world) => {
      const account = grants(world).at(-1)?.account ?? ""
      edit(Object.values(world.spReports), () => ({ account }))
    })
  },
  {
    id: "has no quota",
    by: ["SPA-429-01"],
    before: always((world) => edit([world.policy], () => ({ quotaScale: 0 })))
  },
  {
    id: "has reports ready at once",
    by: ["REPORT-WAITS"],
    before: always((world) => edit([world.policy], () => ({ spReport: { queuedSeconds: 0, processingSeconds: 0 } })))
  },
  {
    id: "serves links for ever",
    by: ["STO-403-01"],
    at: (request, now) => (Hosts.find(request.host)?.kind === "storage" ? 0 : now)
  }
]

/** The mutants. */
export const mutants: ReadonlyArray<Mutant> = [...ads, ...partner]
