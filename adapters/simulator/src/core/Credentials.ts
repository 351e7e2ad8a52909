/**
 * Codes, tokens and page tickets. Access tokens carry what they stand for and are sealed with the world's seed, so that
 * no table of them has to be kept, however many are issued; revocation and early expiry are facts of the grant. Shapes
 * follow the real ones
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/access-tokens): `Atza|`,
 * `Atzr|`, an access token of about 353 characters, nothing above 2,048.
 */
import { createHash } from "node:crypto"
import * as Random from "./Random.ts"
import type { Grant, World } from "./World.ts"
import { key, labelled } from "./World.ts"
import { own } from "./Wire.ts"

const digest = (world: World, kind: string, payload: string): string =>
  Random.digest(key(world), `${kind}/${payload}`).toString("base64url")

/** Begins with the label of the world, if it has one. */
const seal = (world: World, kind: string, payload: string): string =>
  `${world.label ?? ""}${digest(world, kind, payload)}`

const stretch = (text: string, length: number): string => {
  let out = text
  while (out.length < length) out += createHash("sha256").update(out).digest("base64url")
  return out.slice(0, length)
}

const pack = (world: World, kind: string, payload: string, length: number): string => {
  const prefix = `${kind}${world.label ?? ""}`
  const body = Buffer.from(payload).toString("base64url")
  const size = body.length.toString(36).padStart(2, "0")
  const rest = Math.max(43, length - prefix.length - 2 - body.length)
  return `${prefix}${size}${body}${stretch(digest(world, kind, payload), rest)}`
}

const unpack = (world: World, kind: string, token: string, length: number): string | undefined => {
  const prefix = `${kind}${world.label ?? ""}`
  if (!token.startsWith(prefix) || token.length > 2048) return undefined
  const size = Number.parseInt(token.slice(prefix.length, prefix.length + 2), 36)
  if (!Number.isFinite(size)) return undefined
  const payload = Buffer.from(token.slice(prefix.length + 2, prefix.length + 2 + size), "base64url").toString()
  return pack(world, kind, payload, length) === token ? payload : undefined
}

/** What an access token says. `grant` is empty for a grantless token, which then carries its scope. */
export type Access = {
  readonly grant: string
  readonly clientId: string
  readonly serial: number
  readonly issuedAt: number
  readonly scope: string
}

const accessPrefix = "Atza|IwEBI"
const refreshPrefix = "Atzr|IwEBI"
const accessLength = 353

/** Issues an access token. */
export const access = (world: World, content: Access): string =>
  pack(
    world,
    accessPrefix,
    JSON.stringify([content.grant, content.clientId, content.serial, content.issuedAt, content.scope]),
    accessLength
  )

const memo = new Map<string, Access>()

/** Reads an access token; undefined when it was not issued by this world. */
export const readAccess = (world: World, token: string): Access | undefined => {
  const place = `${key(world)}/${token}`
  const known = memo.get(place)
  if (known !== undefined) return known
  const payload = unpack(world, accessPrefix, token, accessLength)
  if (payload === undefined) return undefined
  const [grant, clientId, serial, issuedAt, scope] = JSON.parse(payload) as [string, string, number, number, string]
  const content = { grant, clientId, serial, issuedAt, scope }
  if (memo.size > 5_000) memo.clear()
  memo.set(place, content)
  return content
}

/** Issues the n-th refresh token of a grant. */
export const refresh = (world: World, grant: string, serial: number): string =>
  pack(world, refreshPrefix, JSON.stringify([grant, serial]), 340)

/** The grant a refresh token belongs to; undefined when it was not issued by this world. */
export const readRefresh = (world: World, token: string): Grant | undefined => {
  const payload = unpack(world, refreshPrefix, token, 340)
  if (payload === undefined) return undefined
  const [grant] = JSON.parse(payload) as [string, number]
  return own(world.grants, grant)
}

/** An authorization code, 20 letters as Login with Amazon writes them. */
export const code = (world: World, serial: number): string => {
  const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
  return `AN${labelled(world, Random.letters(key(world), `code/${serial}`, 18, alphabet))}`
}

/** Proves that a page was shown to a person for exactly these fields at an instant. */
export const ticket = (world: World, person: string, subject: string, at: number): string =>
  `${at}.${seal(world, "ticket", `${person}/${at}/${subject}`)}`

/** Whether a ticket is of this person and subject, and not too old. */
export const isTicket = (world: World, text: string, person: string, subject: string, now: number): boolean => {
  const at = Number(text.split(".")[0])
  return (
    Number.isSafeInteger(at) &&
    now - at <= world.policy.consentPageSeconds * 1000 &&
    ticket(world, person, subject, at) === text
  )
}

/** The cookie value of a signed-in person. */
export const session = (world: World, person: string): string => `${person}.${seal(world, "session", person)}`

/** A short signature for links and page tokens. */
export const sign = (world: World, text: string): string => seal(world, "link", text)
