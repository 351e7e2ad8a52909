/** What the conformance suite needs to test the platform's cryptography: `npm run conformance -- --subject crypto`. */
import { defineSubjects, type SecretsInstance, type Subject } from "@portolan/conformance"
import { Effect, Redacted } from "effect"
import * as SecretsCrypto from "./src/SecretsCrypto.ts"

const open = (last: string) =>
  Effect.sync(() => SecretsCrypto.make(Redacted.make(`a deployment secret for tests, number ${last}`)))

const secrets: Subject<SecretsInstance> = {
  name: "crypto",
  version: "0.1.0",
  place: "in-process",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(
    Effect.map(open("1"), (service): SecretsInstance => ({
      secrets: service,
      probes: { reopen: () => open("1"), foreign: () => open("2") }
    }))
  )
}

export default defineSubjects({ secrets })
