import { degenerates, mutants } from "../../mutants/secrets/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/secrets/modelSubject.ts"
import { secr03, secr04, secr06 } from "./derived.ts"
import { secr01, secr02, secr05 } from "./random.ts"
import type { SecretsInstance } from "./SecretsInstance.ts"

/** The laws of what makes identifiers, tokens and digests. */
export const secrets: Port<SecretsInstance> = {
  name: "secrets",
  laws: [secr01, secr02, secr03, secr04, secr05, secr06],
  reference: modelSubject("model secrets"),
  mutants,
  degenerates,
  refusals: {}
}
