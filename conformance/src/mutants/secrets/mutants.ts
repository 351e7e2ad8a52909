/** Makers of secrets that are wrong on purpose: SECR-01 to 06. */
import { createHash, createHmac, randomBytes } from "node:crypto"
import { Id } from "@portolan/domain"
import { Clock, Effect, Redacted } from "effect"
import type { SecretsInstance, SecretsService } from "../../laws/secrets/SecretsInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import type { Degenerate } from "../../Port.ts"
import { chance, type Model, modelSubject } from "../../reference/secrets/modelSubject.ts"
import { mutantsOf } from "../mutantsOf.ts"

const derived = (text: (purpose: string, input: string) => string, key: (model: Model) => string) => (model: Model) =>
  ((purpose, input) =>
    Effect.sync(() =>
      Redacted.make(createHmac("sha256", key(model)).update(text(purpose, input)).digest("base64url"))
    )) satisfies SecretsService["derive"]

const whole = (model: Model) => model.deploymentSecret

/** All mutants of the makers of secrets. */
export const mutants: ReadonlyArray<Mutant<SecretsInstance>> = mutantsOf<SecretsInstance, SecretsService, Model>(
  modelSubject
)([
  {
    id: "secr-id-by-the-millisecond",
    law: "SECR-01",
    defect: "Makes ids of the clock alone: two of one millisecond are the same.",
    change: () => ({
      id: (kind) => Effect.map(Clock.currentTimeMillis, (now) => Id.make(kind, now, new Uint8Array(Id.entropyBytes)))
    })
  },
  {
    id: "secr-id-without-time",
    law: "SECR-01",
    defect: "Makes ids of chance alone: they do not sort by time.",
    change: (_, model) => ({
      id: (kind) =>
        Effect.sync(() => Id.make(kind, chance(model, 4).readUInt32BE() * 20, chance(model, Id.entropyBytes)))
    })
  },
  {
    id: "secr-id-by-the-minute",
    law: "SECR-01",
    defect: "Rounds the time of an id down to the minute.",
    change: (_, model) => ({
      id: (kind) =>
        Effect.map(Clock.currentTimeMillis, (now) =>
          Id.make(kind, now - (now % 60_000), chance(model, Id.entropyBytes))
        )
    })
  },
  {
    id: "secr-token-kept",
    law: "SECR-02",
    defect: "Gives the same token again until time has passed.",
    change: () => ({
      token: Effect.map(Clock.currentTimeMillis, (now) =>
        Redacted.make(createHash("sha256").update(String(now)).digest("base64url"))
      )
    })
  },
  {
    id: "secr-token-short",
    law: "SECR-02",
    defect: "Gives tokens of 128 bits.",
    change: (_, model) => ({ token: Effect.sync(() => Redacted.make(chance(model, 16).toString("base64url"))) })
  },
  {
    id: "secr-token-unsafe",
    law: "SECR-02",
    defect: "Writes tokens in base64, whose signs mean something else in an address.",
    change: (_, model) => ({ token: Effect.sync(() => Redacted.make(chance(model, 32).toString("base64"))) })
  },
  {
    id: "secr-derive-trims",
    law: "SECR-03",
    defect: "Trims and lowers the input before it derives.",
    change: (_, model) => ({
      derive: derived((purpose, input) => JSON.stringify([purpose, input.trim().toLowerCase()]), whole)(model)
    })
  },
  {
    id: "secr-derive-any-purpose",
    law: "SECR-03",
    defect: "Leaves the purpose out.",
    change: (_, model) => ({ derive: derived((_purpose, input) => input, whole)(model) })
  },
  {
    id: "secr-derive-salted",
    law: "SECR-03",
    defect: "Derives with a salt of the process: no other process gets the same.",
    change: () => {
      const salt = randomBytes(16).toString("hex")
      const model = { deploymentSecret: salt, drawn: 0 }
      return { derive: derived((purpose, input) => JSON.stringify([purpose, input]), whole)(model) }
    }
  },
  {
    id: "secr-derive-normalises",
    law: "SECR-03",
    defect: "Normalises the input, so that two texts become one.",
    change: (_, model) => ({
      derive: derived((purpose, input) => JSON.stringify([purpose, input.normalize("NFC")]), whole)(model)
    })
  },
  {
    id: "secr-digest-base64",
    law: "SECR-04",
    defect: "Writes digests in capitals.",
    change: ({ digest }) => ({ digest: (text) => Effect.map(digest(text), (hex) => hex.toUpperCase()) })
  },
  {
    id: "secr-challenge-padded",
    law: "SECR-04",
    defect: "Pads the code challenge, as base64 does.",
    change: ({ codeChallenge }) => ({
      codeChallenge: (text) => Effect.map(codeChallenge(text), (challenge) => `${challenge}=`)
    })
  },
  {
    id: "secr-digest-latin1",
    law: "SECR-04",
    defect: "Digests the text's Latin-1 instead of its UTF-8.",
    change: () => ({
      digest: (text) =>
        Effect.sync(() =>
          createHash("sha256")
            .update(Buffer.from(Redacted.value(text), "latin1"))
            .digest("hex")
        )
    })
  },
  {
    id: "secr-unit-constant",
    law: "SECR-05",
    defect: "Gives one half, always.",
    change: () => ({ unit: Effect.succeed(0.5) })
  },
  {
    id: "secr-unit-percent",
    law: "SECR-05",
    defect: "Gives per cent instead of a share.",
    change: ({ unit }) => ({ unit: Effect.map(unit, (share) => share * 100) })
  },
  {
    id: "secr-derive-public",
    law: "SECR-06",
    defect: "Derives by a digest of purpose and input, without the deployment secret.",
    change: () => ({
      derive: (purpose, input) =>
        Effect.sync(() => Redacted.make(createHash("sha256").update(`${purpose}:${input}`).digest("base64url")))
    })
  },
  {
    id: "secr-derive-by-beginning",
    law: "SECR-06",
    defect: "Takes the first 16 characters of the deployment secret for the key.",
    change: (_, model) => ({
      derive: derived(
        (purpose, input) => JSON.stringify([purpose, input]),
        ({ deploymentSecret }) => deploymentSecret.slice(0, 16)
      )(model)
    })
  }
])

const idle: SecretsService = {
  id: (kind) => Effect.succeed(Id.make(kind, 0, new Uint8Array(Id.entropyBytes))),
  token: Effect.succeed(Redacted.make("")),
  derive: () => Effect.succeed(Redacted.make("")),
  digest: () => Effect.succeed(""),
  codeChallenge: () => Effect.succeed(""),
  unit: Effect.succeed(0)
}

const failing: SecretsService = {
  id: () => Effect.die("always"),
  token: Effect.die("always"),
  derive: () => Effect.die("always"),
  digest: () => Effect.die("always"),
  codeChallenge: () => Effect.die("always"),
  unit: Effect.die("always")
}

/** Makers of secrets that no one could call correct. */
export const degenerates: ReadonlyArray<Degenerate<SecretsInstance>> = [
  {
    subject: modelSubject("idle secrets", () => idle),
    passes: { "SECR-06/alone": "It derives nothing at all, so it derives no digest of what everybody knows." }
  },
  { subject: modelSubject("failing secrets", () => failing), passes: {} }
]
