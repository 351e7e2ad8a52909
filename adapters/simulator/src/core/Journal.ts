/**
 * What was asked and answered, without secrets: tokens, codes, client secrets and verifiers appear as labels such as
 * `access:G2#17`, so that a journal can be attached to a ticket and still tells which token was used where.
 */
import type { Note } from "./Exchange.ts"
import type { World } from "./World.ts"
import type { WireReply, WireRequest } from "./Wire.ts"

/** Nothing known yet. */
export const note = (): Note => ({
  operation: "unknown",
  rule: null,
  fault: null,
  application: null,
  grant: null,
  account: null,
  secrets: [],
  fields: {}
})

const secretNames: ReadonlySet<string> = new Set([
  "code",
  "spapi_oauth_code",
  "access_token",
  "refresh_token",
  "client_secret",
  "code_verifier",
  "ticket",
  "state",
  "nonce",
  "nexttoken",
  "nextcursor",
  "seal",
  "x-amz-signature"
])
const secretShapes = /Atz[ar]\||amzn1\.oa2-cs\.|APXcIoTp|eyJraWQi/

const clip = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text)

/** Fields with the secret ones replaced; `state` is kept out too, as it binds a browser. */
export const redact = (fields: Iterable<readonly [string, string]>): Record<string, string> => {
  const out: Record<string, string> = Object.create(null) as Record<string, string>
  let size = 0
  for (const [name, value] of fields) {
    if ((size += 1) > 60) break
    out[clip(name)] = secretNames.has(name.toLowerCase()) || secretShapes.test(value) ? "‹secret›" : clip(value)
  }
  return { ...out }
}

const secretParameter = /(^|&)(access_token|refresh_token|client_secret|code_verifier|code|spapi_oauth_code)=/i
const secretValue = /Atz[ar](\||%7C)|APXcIoTp|eyJraWQi/i

/** Writes an exchange down, dropping the oldest beyond the world's limit. */
export const record = (world: World, request: WireRequest, reply: WireReply, now: number, note: Note): void => {
  world.counters.requests = (world.counters.requests ?? 0) + 1
  world.journal.push({
    sequence: world.counters.requests,
    at: new Date(now).toISOString(),
    method: request.method.slice(0, 20),
    host: request.host,
    path: clip(request.path),
    query: request.query === "" ? {} : redact(new URLSearchParams(request.query)),
    operation: note.operation,
    status: reply.status,
    rule: note.rule,
    fault: note.fault,
    application: note.application,
    grant: note.grant,
    account: note.account,
    secrets: note.secrets,
    secretInAddress: secretParameter.test(request.query) || secretValue.test(request.query),
    fields: note.fields
  })
  if (world.journal.length > world.policy.journalLimit * 1.2)
    world.journal = world.journal.slice(-world.policy.journalLimit)
}
