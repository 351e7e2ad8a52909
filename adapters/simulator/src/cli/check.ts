/** Checks the simulator from outside, and says what is not as it should be. */
import { type Found, run } from "../check/run.ts"

const text = (found: Found): string =>
  [
    `${found.passed} of ${found.rules} checks passed, ${found.killed} of ${found.mutants} mutants caught`,
    `${found.assumptions} rules rest on assumption: portolan-simulator catalogue --assumed`,
    `${found.unplayed.length} rules are not played: ${found.unplayed.join(", ")}`,
    ...found.wrong.map(({ about, id, why }) => `  ${id}, ${about}: ${why}`),
    ...found.survivors.map((id) => `  not caught: a simulator that ${id}`)
  ].join("\n")

/** Prints what was found; the exit code is 1 where a check failed or a mutant lived. */
export const check = async (asJson: boolean): Promise<void> => {
  const found = await run()
  const { survivors: _survivors, unplayed: _unplayed, wrong: _wrong, ...counts } = found
  console.log(asJson ? JSON.stringify(counts) : text(found))
  if (found.failed > 0 || found.killed < found.mutants) process.exitCode = 1
}
