import { degenerates, mutants } from "../../mutants/provider/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/provider/modelSubject.ts"
import { prov10, prov11, prov20, prov35 } from "./answers.ts"
import { prov22, prov24 } from "./leaks.ts"
import type { ProviderInstance } from "./ProviderInstance.ts"
import { prov01, prov33, prov34 } from "./queries.ts"
import { prov04, prov06, prov07, prov09 } from "./tokens.ts"

/** The laws of adapters of providers. */
export const providerApi: Port<ProviderInstance> = {
  name: "provider-api",
  laws: [prov01, prov04, prov06, prov07, prov09, prov10, prov11, prov20, prov22, prov24, prov33, prov34, prov35],
  reference: modelSubject("model provider"),
  mutants,
  degenerates,
  refusals: {}
}
