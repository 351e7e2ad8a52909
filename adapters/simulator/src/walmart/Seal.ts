/**
 * Walmart's tokens and codes. Access tokens have the three parts of a signed web token and carry what they stand for,
 * sealed with the seed, so that no table of them is kept (https://developer.walmart.com/us-marketplace/docs/tokenapi:
 * forms).
 */
import * as Random from "../core/Random.ts"
import { own } from "../core/Wire.ts"
import type { World } from "../core/World.ts"
import { key, labelled } from "../core/World.ts"
import type { Grant } from "./Walmart.ts"

/** What an access token says. `grant` is empty for a token of client credentials. */
export type Access = {
  readonly grant: string
  readonly clientId: string
  readonly serial: number
  readonly issuedAt: number
}

/** Begins with the label of the world, if it has one. */
const seal = (world: World, kind: string, payload: string): string =>
  `${world.label ?? ""}${Random.digest(key(world), `walmart-${kind}/${payload}`).toString("base64url")}`

const header = Buffer.from(JSON.stringify({ kid: "simulated", alg: "HS256" })).toString("base64url")

/** Issues an access token. */
export const access = (world: World, content: Access): string => {
  const { grant, clientId, serial, issuedAt } = content
  const payload = Buffer.from(JSON.stringify([grant, clientId, serial, issuedAt])).toString("base64url")
  return `${header}.${payload}.${seal(world, "access", payload)}`
}

/** Reads an access token; undefined when it was not issued by this world. */
export const readAccess = (world: World, token: string): Access | undefined => {
  const [first, payload, last, ...rest] = token.length > 2048 ? [] : token.split(".")
  if (first !== header || payload === undefined || rest.length > 0) return undefined
  if (last !== seal(world, "access", payload)) return undefined
  const text = Buffer.from(payload, "base64url").toString()
  const [grant, clientId, serial, issuedAt] = JSON.parse(text) as [string, string, number, number]
  return { grant, clientId, serial, issuedAt }
}

const refreshPrefix = "APXcIoTp"

/** The refresh token of a grant. */
export const refresh = (world: World, grant: string): string =>
  `${refreshPrefix}${Buffer.from(grant).toString("base64url")}-${seal(world, "refresh", grant)}`

/** The grant a refresh token belongs to; undefined when it was not issued by this world. */
export const readRefresh = (world: World, token: string): Grant | undefined => {
  if (!token.startsWith(refreshPrefix) || token.length > 2048) return undefined
  const id = Buffer.from(token.slice(refreshPrefix.length).split("-")[0] ?? "", "base64url").toString()
  const grant = own(world.walmart.grants, id)
  return grant?.refreshToken === token ? grant : undefined
}

/** An authorization code: 32 hexadecimal digits, as in Walmart's samples. */
export const code = (world: World, serial: number): string =>
  labelled(world, Random.digest(key(world), `walmart-code/${serial}`).toString("hex").slice(0, 32)).toUpperCase()
