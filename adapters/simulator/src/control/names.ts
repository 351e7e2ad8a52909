/** Whether what a control call names is in the world; a name that is nobody's is refused with the nearest one. */
import * as Hosts from "../core/Hosts.ts"
import type { Simulator } from "../core/SimulatorApi.ts"
import type { Action } from "../core/World.ts"
import { NotUnderstood } from "./accept.ts"
import { hint } from "./nearest.ts"

type Kind = "person" | "profile" | "account" | "application" | "grant" | "advertiser" | "partner" | "seller" | "host"

const walmartNames = (simulator: Simulator) => {
  const { advertisers, applications, grants, partners, sellers } = simulator.world().walmart
  return {
    advertiser: Object.values(advertisers).flatMap(({ id, name }) => [name, id]),
    applications: Object.keys(applications),
    grants: Object.keys(grants),
    partner: Object.keys(partners),
    seller: Object.keys(sellers)
  }
}

/** The names that each kind of thing has. */
const namesOf = (simulator: Simulator, kind: Kind): ReadonlyArray<string> => {
  const world = simulator.world()
  const walmart = walmartNames(simulator)
  const accounts = [...Object.keys(world.sellers), ...Object.keys(world.vendors)]
  switch (kind) {
    case "person":
      return Object.keys(world.people)
    case "profile":
      return [...Object.keys(world.profiles), ...Object.values(world.profiles).map(({ accountId }) => accountId)]
    case "account":
      return [...accounts, ...walmart.seller]
    case "application":
      return [...Object.keys(world.applications), ...walmart.applications]
    case "grant":
      return [...Object.keys(world.grants), ...walmart.grants]
    case "host":
      return [...Hosts.all, ...simulator.descriptions.hosts]
    case "advertiser":
    case "partner":
    case "seller":
      return walmart[kind]
  }
}

/** Throws `NotUnderstood` for a name that nothing of the kind has; an absent name is none. */
export const check = (simulator: Simulator, kind: Kind, name: string | undefined, names?: Iterable<string>): void => {
  if (name === undefined) return
  const all = [...(names ?? namesOf(simulator, kind))]
  if (all.includes(name)) return
  const known = hint(name, all)
  throw new NotUnderstood(
    `there is no ${kind} ${name.slice(0, 100)}${known === "" ? ", and no other either" : `: ${known}`}`
  )
}

/** By which fields an action names what. */
const fields: ReadonlyArray<readonly [field: string, kind: Kind]> = [
  ["person", "person"],
  ["profile", "profile"],
  ["account", "account"],
  ["application", "application"],
  ["clientId", "application"],
  ["grant", "grant"],
  ["partner", "partner"],
  ["seller", "seller"],
  ["advertiser", "advertiser"]
]

/** Throws `NotUnderstood` for an action that names something that is not in the world. */
export const checkAction = (simulator: Simulator, action: Action): void => {
  for (const [field, kind] of fields) {
    const value = (action as unknown as Readonly<Record<string, unknown>>)[field]
    if (typeof value !== "string") continue
    // A permission goes by a profile or by its account, everything else by the profile.
    const isProfile = kind === "profile" && action.kind !== "permission"
    check(simulator, kind, value, isProfile ? Object.keys(simulator.world().profiles) : undefined)
  }
}
