/** Judges an application through its driver, and says which rules it breaks. */
import * as Driver from "../judge/Driver.ts"
import { judge, type Judgement } from "../judge/judge.ts"
import * as Reports from "../judge/reports.ts"
import type { Values } from "./options.ts"

const text = ({ failed, notVerified, passed, verdicts }: Judgement): string =>
  [
    ...verdicts.map(
      ({ id, rule, verdict, why }) => `${verdict.padEnd(13)}${id}  ${rule}${why === "" ? "" : `: ${why}`}`
    ),
    `${passed} passed, ${failed} failed, ${notVerified} not verified`
  ].join("\n")

/** Prints what was found; the exit code is 1 where a rule is broken. */
export const client = async (values: Values): Promise<void> => {
  if (values.driver === undefined) {
    throw new RangeError("client needs the application's driver: give --driver URL, or --driver MODULE")
  }
  if (values.family !== "amazon-ads") throw new RangeError(`--family takes amazon-ads, not ${values.family}`)
  const found = await judge(await Driver.open(values.driver))
  if (values.report !== undefined) Reports.write(values.report, found)
  console.log(values.json ? JSON.stringify(found) : text(found))
  if (found.failed > 0) process.exitCode = 1
}
