/** A small correct maker of secrets, whose chance is a counter: every law passes, and mutants are made from it. */
import { createHash, createHmac } from "node:crypto"
import { Id } from "@portolan/domain"
import { Clock, Effect, Redacted } from "effect"
import type { SecretsInstance, SecretsService } from "../../laws/secrets/SecretsInstance.ts"
import type { Subject } from "../../Subject.ts"

/** What the model keeps. */
export interface Model {
  readonly deploymentSecret: string
  /** How much chance was drawn. */
  drawn: number
}

/** So many bytes that nobody has seen before. */
export const chance = (model: Model, bytes: number): Buffer => {
  model.drawn += 1
  return createHash("sha512").update(`${model.deploymentSecret}/${model.drawn}`).digest().subarray(0, bytes)
}

const make = (model: Model): SecretsService => ({
  id: (kind) => Effect.map(Clock.currentTimeMillis, (millis) => Id.make(kind, millis, chance(model, Id.entropyBytes))),
  token: Effect.sync(() => Redacted.make(chance(model, 32).toString("base64url"))),
  derive: (purpose, input) =>
    Effect.sync(() =>
      Redacted.make(
        createHmac("sha256", model.deploymentSecret)
          .update(JSON.stringify([purpose, input]))
          .digest("base64url")
      )
    ),
  digest: (text) => Effect.sync(() => createHash("sha256").update(Redacted.value(text)).digest("hex")),
  codeChallenge: (text) => Effect.sync(() => createHash("sha256").update(Redacted.value(text)).digest("base64url")),
  unit: Effect.sync(() => chance(model, 4).readUInt32BE() / 2 ** 32)
})

/** Makes the model, or one that departs from it, a subject. */
export const modelSubject = (
  name: string,
  wrap: (secrets: SecretsService, model: Model) => SecretsService = (secrets) => secrets
): Subject<SecretsInstance> => {
  const open = (deploymentSecret: string) =>
    Effect.sync(() => {
      const model: Model = { deploymentSecret, drawn: 0 }
      return wrap(make(model), model)
    })
  const own = "a deployment secret of the model, number 1"
  return {
    name,
    version: "1",
    place: "in-process",
    manifest: { features: [], clock: "effect" },
    open: Effect.succeed(
      Effect.map(open(own), (secrets): SecretsInstance => ({
        secrets,
        probes: { reopen: () => open(own), foreign: () => open("a deployment secret of the model, number 2") }
      }))
    )
  }
}
