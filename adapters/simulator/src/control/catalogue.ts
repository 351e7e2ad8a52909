/** Everything that a simulator has, as data: rules, presets, faults, policies, operations. */
import { all as adsOperations } from "../amazon/adsOperations.ts"
import { all as spOperations } from "../amazon/spOperations.ts"
import * as Rule from "../core/Rule.ts"
import { policy } from "../core/World.ts"
import type { Descriptions } from "../describe/Descriptions.ts"
import * as presets from "../presets/index.ts"
import type { Operation } from "../describe/Described.ts"
import { all as connectOperations } from "../walmart/connectOperations.ts"

const operationOf =
  (family: string) =>
  ({ described }: { readonly described: Operation }) => ({
    family,
    name: described.name,
    method: described.method,
    path: described.path,
    honoured: described.parameters.filter((one) => one.refused === undefined).map((one) => one.name),
    refused: described.parameters.filter((one) => one.refused !== undefined).map((one) => one.name)
  })

/** The effects of faults, and where they can happen. */
const faults = ["status", "junk", "field", "redirect", "delay", "drip", "hang", "reset", "cut"]

/** What there is; with `assumed`, only the rules that nobody confirms. */
export const catalogue = (descriptions: Descriptions, assumed: boolean) => {
  const rules = Rule.all.filter((rule) => !assumed || rule.provenance === "assumed")
  return assumed
    ? { rules }
    : {
        rules,
        presets: presets.all.map(({ id, title }) => ({ id, title })),
        faults,
        policies: policy,
        operations: [
          ...spOperations.map(operationOf("selling-partner")),
          ...adsOperations.map(operationOf("ads")),
          ...connectOperations.map(operationOf("walmart-connect"))
        ],
        described: descriptions.entries.map(({ document, family, hosts }) => ({
          title: document.title,
          for: family ?? hosts.join(", "),
          operations: document.operations.length
        }))
      }
}
