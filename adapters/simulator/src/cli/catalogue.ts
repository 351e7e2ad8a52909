/** Prints what the simulator has. */
import * as Catalogue from "../control/catalogue.ts"
import { descriptionsOf, type Values } from "./options.ts"

/** Prints the catalogue: a line a rule for a person, or all of it as JSON. */
export const catalogue = async (values: Values): Promise<void> => {
  const all = Catalogue.catalogue(descriptionsOf(values), values.assumed)
  if (values.json) {
    console.log(JSON.stringify(all))
    return
  }
  const lines = all.rules.map((rule) => {
    const source = rule.url === "" ? rule.note : rule.url
    return `${rule.id.padEnd(12)} ${rule.provenance.padEnd(10)} ${rule.when}${source === "" ? "" : ` (${source})`}`
  })
  console.log(lines.join("\n"))
}
