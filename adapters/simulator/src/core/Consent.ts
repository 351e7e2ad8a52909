/** What both kinds of consent share: writing a code down, and turning a spent one into a grant. */
import * as Credentials from "./Credentials.ts"
import type { Code, Grant, World } from "./World.ts"
import * as Worlds from "./World.ts"

const DAY_MS = 86_400_000

/** Issues an authorization code for a consent that was just given. */
export const issueCode = (world: World, code: Omit<Code, "label" | "usedAt">): string => {
  const serial = Worlds.count(world, "code")
  const text = Credentials.code(world, serial)
  world.codes[text] = { ...code, label: `code:${serial}`, usedAt: null }
  // Spent codes are kept for a while, because 'used twice' and 'unknown' are different facts.
  if (serial % 500 === 0) Worlds.trim(world.codes, 5_000)
  return text
}

/** Makes the grant that a code stands for, with its first refresh token. */
export const grant = (world: World, code: Code): Grant => {
  const id = `G${Worlds.count(world, "grant")}`
  const { adsConsentDays, adsConsentsEndFrom, spConsentDays } = world.policy
  const adsLife = code.issuedAt < adsConsentsEndFrom ? null : adsConsentDays
  const life = code.kind === "ads" ? adsLife : spConsentDays
  const made: Grant = {
    id,
    kind: code.kind,
    clientId: code.clientId,
    person: code.person,
    scope: code.scope,
    account: code.account,
    region: code.region,
    roles: code.roles,
    consentedAt: code.issuedAt,
    expiresAt: life === null ? null : code.issuedAt + life * DAY_MS,
    revokedAt: null,
    refreshTokens: [{ token: Credentials.refresh(world, id, 1), retiredAt: null }],
    withdrawnSerial: 0,
    issued: 0
  }
  world.grants[id] = made
  if (world.counters.grant !== undefined && world.counters.grant % 1000 === 0) Worlds.trim(world.grants, 100_000)
  return made
}

/** Whether a grant still stands. */
export const isActive = (grant: Grant, now: number): boolean =>
  grant.revokedAt === null && (grant.expiresAt === null || now < grant.expiresAt)

/** The selling partner consents of an application that stand, counted by account. */
export const partners = (world: World, clientId: string, now: number): Set<string> => {
  const accounts = new Set<string>()
  for (const grant of Object.values(world.grants)) {
    if (
      grant.kind === "selling-partner" &&
      grant.clientId === clientId &&
      grant.account !== null &&
      isActive(grant, now)
    )
      accounts.add(grant.account)
  }
  return accounts
}
