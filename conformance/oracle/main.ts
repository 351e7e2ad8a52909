/**
 * `npm run oracle`: drives the domain at random and compares it with independent statements of the rules.
 * `--steps N` comparisons (20,000 unless said otherwise), `--seed N`, `--only NAME`, `--json`.
 */
import { parseArgs } from "node:util"
import { judge, oracles } from "./oracles.ts"

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    json: { type: "boolean", default: false }
  }
})
const [steps, start] = [Number(values.steps), Number(values.seed)]
const selected = oracles.filter(({ name }) => values.only === undefined || name === values.only)
if (!Number.isSafeInteger(steps) || steps < 1 || !Number.isSafeInteger(start) || selected.length === 0) {
  const names = oracles.map(({ name }) => name).join(", ")
  process.stderr.write(`--steps and --seed are whole numbers, --steps at least 1. --only is one of: ${names}.\n`)
  process.exit(2)
}

const found = judge(steps, { only: selected, seed: start })
if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`)
else {
  for (const { expected, observed, oracle, rule, seed, story } of found.violations) {
    const last = story.slice(-6).map((line) => `    ${line.slice(0, 200)}\n`)
    process.stdout.write(`${oracle}, seed ${seed}: ${rule}\n`)
    process.stdout.write(`  expected ${expected}\n  observed ${observed}\n${last.join("")}`)
  }
  process.stdout.write(`${found.steps} comparisons, ${found.violations.length} violations\n`)
}
process.exitCode = found.violations.length === 0 ? 0 : 1
