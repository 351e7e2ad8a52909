/** Writing a secret by one statement (migration 0013): it is sealed for the version that it will have. */
import { TokenVault } from "@portolan/ports"
import { Effect, type Redacted } from "effect"
import { type Kysely, sql } from "kysely"
import { attempt } from "../store/attempts.ts"
import { type Looked, sendSingle } from "../store/single.ts"
import type { Tables } from "../Tables.ts"
import {
  asVaultError,
  columnOf,
  isRefusal,
  type Refusal,
  type Sealed,
  sealSecret,
  type SecretName,
  type VaultContext
} from "./rows.ts"

const { Fenced, SecretExists, SecretNotFound, StaleVersion } = TokenVault

type Rule = "create" | "put" | "swap"

/** A secret that is written, and what has to be true of the one before. */
interface Writing extends SecretName {
  readonly rule: Rule
  readonly version: number
  readonly fence?: number | undefined
}

interface Answer {
  readonly answer: "written" | "present" | "absent" | "fenced" | "other"
  readonly found_version: number
}

const sent = async (
  kysely: Kysely<Tables>,
  id: string,
  { fence, organizationId, reference, rule, version }: Writing,
  { keyId, nonce, sealed, tag }: Sealed
): Promise<Answer> => {
  const { rows } = await sql<Answer>`select answer, found_version from portolan.write_secret(
    ${organizationId}, ${id}, ${columnOf(reference)}, ${rule}, ${version}, ${fence ?? null}::bigint,
    ${sealed}, ${nonce}, ${tag}, ${keyId})`.execute(kysely)
  const [row] = rows
  if (row === undefined) throw new Error("a secret that is written has no answer")
  return row
}

const looked = async (
  kysely: Kysely<Tables>,
  id: string,
  { organizationId, reference, version }: Writing,
  { nonce }: Sealed
): Promise<Looked<Answer>> => {
  const { rows } = await sql<{ readonly outcome: "written" | "absent" | "unknown" }>`
    select portolan.abandon_secret(${organizationId}, ${id}, ${columnOf(reference)}, ${version}, ${nonce})
      as outcome`.execute(kysely)
  const outcome = rows[0]?.outcome ?? "unknown"
  return outcome === "written" ? { value: { answer: "written", found_version: version - 1 } } : outcome
}

/** Seals a secret with the active key and sends it. */
const write = async (
  { keys, store: { database } }: VaultContext,
  writing: Writing,
  secret: Redacted.Redacted<string>
): Promise<Answer> => {
  const keyId = keys.active()
  const key = await keys.open(database.kysely, writing.organizationId, keyId, true)
  const sealed = sealSecret(key, keyId, writing, secret)
  return await sendSingle(database, {
    send: (kysely, id) => sent(kysely, id, writing, sealed),
    look: (kysely, id) => looked(kysely, id, writing, sealed)
  })
}

/** Runs a change that says itself what it refuses. */
export const trying = <A>(
  { store }: VaultContext,
  doing: string,
  run: () => Promise<A>
): Effect.Effect<A, Refusal | TokenVault.VaultUnavailable> =>
  asVaultError(attempt({ kind: store.database.kind, doing, isRefusal, run }))

/** How often a secret is sealed anew because others wrote in between; each of them has had success. */
const writeAttempts = 100

/**
 * Writes the next version of a secret. It is sealed for the first version, which a new reference has; the answer says
 * when it must be sealed for another one.
 */
export const writeNext = (
  context: VaultContext,
  name: SecretName,
  rule: "create" | "put",
  secret: Redacted.Redacted<string>
): Effect.Effect<number, Refusal | TokenVault.VaultUnavailable> =>
  trying(context, "storing a secret", async () => {
    let version = 1
    for (let count = 0; count < writeAttempts; count++) {
      const { answer, found_version: found } = await write(context, { ...name, rule, version }, secret)
      if (answer === "written") return version
      if (answer === "present") throw new SecretExists({ reference: name.reference, version: Number(found) })
      version = Number(found) + 1
    }
    throw new Error("others write the same secret all the time")
  })

/** Replaces a secret of an expected version. */
export const replace = (
  context: VaultContext,
  name: SecretName,
  secret: Redacted.Redacted<string>,
  { expected, fence }: { readonly expected: number; readonly fence: number | undefined }
): Effect.Effect<number, Refusal | TokenVault.VaultUnavailable> =>
  trying(context, "replacing a secret", async () => {
    const { reference } = name
    const version = expected + 1
    const { answer, found_version: found } = await write(context, { ...name, rule: "swap", version, fence }, secret)
    if (answer === "written") return version
    if (answer === "absent") throw new SecretNotFound({ reference })
    if (answer === "fenced") throw new Fenced({ reference })
    throw new StaleVersion({ reference, expected, found: Number(found) })
  })
