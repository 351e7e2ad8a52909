/** What a world holds, for those who look at it. */
import type { Simulator } from "../core/SimulatorApi.ts"

/** What the world holds, without the secrets of consents. */
export const describeWorld = (simulator: Simulator) => {
  const world = simulator.world()
  return {
    seed: world.seed,
    preset: world.preset,
    now: new Date(simulator.now()).toISOString(),
    policy: world.policy,
    applications: Object.values(world.applications),
    people: Object.values(world.people),
    sellers: Object.values(world.sellers),
    vendors: Object.values(world.vendors),
    profiles: Object.values(world.profiles),
    walmart: {
      partner: simulator.walmartPartner(),
      applications: Object.values(world.walmart.applications),
      advertisers: Object.values(world.walmart.advertisers),
      sellers: Object.values(world.walmart.sellers),
      partners: Object.values(world.walmart.partners).map(({ id, name, type }) => ({ id, name, type })),
      grants: Object.values(world.walmart.grants).map(({ refreshToken: _, ...grant }) => grant)
    },
    faults: world.faults,
    schedule: world.schedule,
    grants: Object.values(world.grants).map(({ refreshTokens, ...grant }) => ({
      ...grant,
      refreshTokens: refreshTokens.length
    })),
    requests: world.counters.requests ?? 0
  }
}
