/**
 * Advertisers that let us in without a word (rules W-R3 to W-R6, W-R12), and keys for software. Lists come every
 * fifteen minutes and may be late; one bad list loses nobody.
 */
import { Advertiser, ApiKey, type Profile } from "@portolan/domain"
import { Duration } from "effect"
import { ada, drive, hour, id, minute, type Oracle } from "./Oracle.ts"

const advertiser = (name: string): Profile.Advertiser => ({
  _tag: "Advertiser",
  key: {
    channel: "walmart-connect",
    region: "WALMART-US",
    marketplaceId: "WALMART_US" as Profile.Key["marketplaceId"],
    externalId: "5000" as Profile.ExternalId
  },
  name,
  countryCode: "US",
  currency: "USD",
  type: "walmart-3p",
  permission: "edit"
})

/** One advertiser over many lists. */
export const directory: Oracle = {
  name: "directory",
  run: (world) => {
    const driven = drive("advertiser", world)
    const see = (name: string, at: number) =>
      driven.send({
        _tag: "See",
        id: id("advertiser"),
        organizationId: id("organization"),
        advertiser: advertiser(name),
        at: minute(at)
      })
    see("Lindqvist", 0)
    const paper = { name: "Lindqvist", misses: 0, missedAt: undefined as number | undefined, lost: false, known: 0 }
    let [now, tenant] = [0, undefined as number | undefined]
    for (let step = 0; step < 30; step++) {
      now += world.pick(1, 15, 15, 15, 60)
      const at = world.chance(10) ? now - 40 : now
      const what = world.pick("see", "see", "miss", "miss", "miss", "assign", "unassign")
      if (what === "see") {
        const name = world.pick("Lindqvist", "Lindqvist AB")
        see(name, at)
        if (at >= paper.known && (paper.misses > 0 || paper.lost || name !== paper.name)) {
          Object.assign(paper, { name, misses: 0, lost: false, known: at, missedAt: undefined })
        }
      } else if (what === "miss") {
        driven.send({ _tag: "Miss", at: minute(at) })
        const isSoon = paper.missedAt !== undefined && at < paper.missedAt + Advertiser.missMinutes
        if (!paper.lost && at >= paper.known && !isSoon) {
          Object.assign(paper, { misses: paper.misses + 1, missedAt: at, known: at })
          paper.lost = paper.misses >= 3
        }
      } else if (what === "assign") {
        const to = world.below(2)
        const assignment = { tenantId: id("organization", 5 + to), tenantName: `T${to}`, at: minute(now), by: ada }
        const answer = driven.send({ _tag: "Assign", assignment })
        const isPossible = !paper.lost && (tenant === undefined || tenant === to)
        world.same("W-R9: it belongs to one organization, while it lists us", isPossible, !answer.startsWith("refused"))
        if (isPossible) tenant = to
      } else {
        driven.send({ _tag: "Unassign", at: minute(now), by: ada })
        tenant = undefined
      }
      const state = driven.state()
      if (state._tag === "Absent") return world.same("it is known", true, false)
      world.same("W-R12: three looks in a row without it lose it", paper.lost, state._tag === "Lost")
      world.same("W-R5: what the latest list says of it", paper.name, state.advertiser.name)
      const holder = tenant === undefined ? undefined : id("organization", 5 + tenant)
      world.same("W-R9: whose it is", holder, state.assignment?.tenantId)
    }
  }
}

/** Keys for software: a known end, and revoked at once. */
export const keys: Oracle = {
  name: "keys",
  run: (world) => {
    const key = drive("apiKey", world)
    const life = world.pick(
      0,
      1,
      24,
      Duration.toHours(ApiKey.lifetime.longest),
      Duration.toHours(ApiKey.lifetime.longest) + 1
    )
    const create = {
      _tag: "Create",
      key: {
        id: id("apiKey"),
        organizationId: id("organization"),
        name: "Key" as never,
        start: "pk_1",
        digest: "digest",
        role: "member",
        scopes: ["read"],
        accessScope: { _tag: "Everything" },
        createdBy: ada,
        createdAt: hour(0),
        expiresAt: hour(life)
      }
    } as const
    const lives = life >= 1 && life <= Duration.toHours(ApiKey.lifetime.longest)
    world.same("a key has an end that is near enough", lives, key.send(create) === "done")
    if (!lives) return
    let revoked = false
    for (let step = 0; step < 6; step++) {
      if (world.chance(30)) {
        const answer = key.send({ _tag: "Revoke", at: hour(step), by: ada })
        world.same("a key is revoked once", revoked ? "so already" : "done", answer)
        revoked = true
      }
      const at = world.below(life * 2)
      world.same("a key works until it ends", !revoked && at < life, ApiKey.isLive(key.state(), hour(at)))
    }
  }
}
