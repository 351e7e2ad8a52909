/** Compares the simulator with descriptions, and says where it falls short. */
import { measure, type Parity } from "../parity/parity.ts"
import { descriptionsOf, type Values } from "./options.ts"

const most = 40

const lines = (found: Parity): ReadonlyArray<string> => [
  ...found.unlike.map(({ got, operation, status }) => `  ${operation} ${status}: got ${got}`),
  ...Object.entries(found.invalid).flatMap(([operation, faults]) => faults.map((fault) => `  ${operation}: ${fault}`))
]

const text = (found: Parity): string => {
  const seen = lines(found)
  return [
    `${found.operations} operations described, ${found.dynamic} with rules, ${found.notSimulated} that answer 501`,
    `${found.pairsAlike} of ${found.sandboxPairs} static pairs answered alike`,
    `${found.schemaValid} of ${found.dynamic} operations with rules fit their schemas`,
    ...seen.slice(0, most),
    ...(seen.length > most ? [`  and ${seen.length - most} more`] : [])
  ].join("\n")
}

/** Prints what was found; the exit code is 1 where something is not as described. */
export const parity = async (values: Values): Promise<void> => {
  if (values.models.length + values.describe.length === 0) {
    throw new RangeError("parity needs descriptions to compare with: give --models DIR or --describe NAME=FILE")
  }
  const found = await measure(descriptionsOf(values))
  const { invalid: _invalid, unlike: _unlike, ...counts } = found
  console.log(values.json ? JSON.stringify(counts) : text(found))
  if (found.pairsAlike < found.sandboxPairs || found.schemaValid < found.dynamic) process.exitCode = 1
}
