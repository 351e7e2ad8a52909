/** Vaults whose bytes say too much, or can be moved about: VAULT-12 to 16. */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto"
import { Effect, Option } from "effect"
import { clear } from "../../reference/vault/faultPoints.ts"
import { mutant } from "./mutant.ts"

/** Keeps a history, in clear. */
export const plainBackup = mutant(
  "vault-plain-backup",
  "VAULT-12",
  "Keeps what a put replaces in clear in a history column.",
  {
    wrap: (vault, { backend }) => ({
      ...vault,
      put: (organizationId, reference, secret) =>
        Effect.gen(function* () {
          const before = yield* Effect.option(vault.get(organizationId, reference))
          const version = yield* vault.put(organizationId, reference, secret)
          if (Option.isSome(before)) {
            backend.leftovers.push({ where: "history", bytes: Buffer.from(clear(before.value.secret)) })
          }
          return version
        })
    })
  }
)

/** Takes encoding for encryption. */
export const encodedLog = mutant("vault-encoded-log", "VAULT-12", "Writes what it swaps to a log, in base64.", {
  wrap: (vault, { backend }) => ({
    ...vault,
    compareAndSwap: (...[organizationId, reference, expected, secret, fence]) =>
      Effect.tap(vault.compareAndSwap(organizationId, reference, expected, secret, fence), () =>
        Effect.sync(() => {
          const line = JSON.stringify({ reference, next: Buffer.from(clear(secret)).toString("base64") })
          backend.leftovers.push({ where: "log", bytes: Buffer.from(line) })
        })
      )
  })
})

/** Derives what should be drawn. */
export const fixedNonce = mutant("vault-fixed-nonce", "VAULT-13", "Derives the nonce from the reference.", {
  faultPoints: {
    nonce: (organizationId, reference) =>
      createHash("sha256")
        .update(organizationId + reference)
        .digest()
        .subarray(0, 12)
  }
})

/** Binds seals to nothing. */
export const noAad = mutant("vault-no-aad", "VAULT-14", "Encrypts without associated data.", {
  faultPoints: { bound: () => "" }
})

/** Encrypts and does not authenticate. */
export const unauthenticated = mutant("vault-unauthenticated", "VAULT-15", "Uses a cipher without authentication.", {
  faultPoints: {
    seal: (keys, text, bound, nonce) => {
      const key = keys.held.get(keys.active)
      if (key === undefined) return
      const cipher = createCipheriv("aes-256-ctr", key, ivOf(nonce, bound))
      return { keyId: keys.active, nonce, body: Buffer.concat([cipher.update(text, "utf8"), cipher.final()]) }
    },
    open: (keys, seal, bound) => {
      const key = keys.held.get(seal.keyId)
      if (key === undefined) return { _tag: "NoKey" }
      const cipher = createDecipheriv("aes-256-ctr", key, ivOf(seal.nonce, bound))
      const text = Buffer.concat([cipher.update(seal.body), cipher.final()])
      return { _tag: "Opened", text: text.toString("utf8") }
    }
  }
})

const ivOf = (nonce: Uint8Array, bound: string) =>
  createHash("sha256").update(nonce).update(bound).digest().subarray(0, 16)

/** Binds the place and forgets the version. */
export const aadWithoutVersion = mutant(
  "vault-aad-without-version",
  "VAULT-16",
  "Binds seals to organization and reference but not to the version.",
  { faultPoints: { bound: (organizationId, reference) => JSON.stringify([organizationId, reference]) } }
)
