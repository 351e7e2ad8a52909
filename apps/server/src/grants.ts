#!/usr/bin/env node
/** `npm run grants -- import FILE`. Ends with 0 when every line is connected or waits for a person. */
import { appendFileSync, existsSync, readFileSync } from "node:fs"
import { setTimeout as wait } from "node:timers/promises"
import { importTokens } from "./grants/importTokens.ts"

const usage = `npm run grants -- import FILE   takes in the refresh tokens of a file: JSON lines, or CSV with a heading

A line has connectionId and refreshToken, and may have grantor (the selling partner id), expiresAt and confirmed.
What became of each line is added to FILE.report.jsonl; a second run passes over what is done there.
PORTOLAN_URL      the address of the installation, such as https://connect.example.com
PORTOLAN_API_KEY  a key of the organization, which may connect accounts`

const fail = (words: string): never => {
  process.stderr.write(`${words}\n`)
  process.exit(2)
}

const words = process.argv.slice(2)
if (words.includes("--help") || words.includes("-h")) {
  process.stdout.write(`${usage}\n`)
} else {
  const [action, file, ...rest] = words
  const { PORTOLAN_API_KEY: apiKey = "", PORTOLAN_URL: url = "" } = process.env
  if (action !== "import" || file === undefined || rest.length > 0) fail(usage)
  else if (!/^https?:\/\//.test(url) || apiKey === "") fail(`PORTOLAN_URL and PORTOLAN_API_KEY are needed.\n\n${usage}`)
  else if (!existsSync(file)) fail(`There is no file ${file}.`)
  else {
    const reportFile = `${file}.report.jsonl`
    const found = await importTokens(
      {
        fetch,
        wait: (seconds) => wait(seconds * 1000),
        write: (report) => appendFileSync(reportFile, `${JSON.stringify(report)}\n`, { mode: 0o600 }),
        progress: (done, of) => void (process.stderr.isTTY ? process.stderr.write(`\r${done} of ${of} `) : undefined)
      },
      { url: url.replace(/\/+$/, ""), apiKey },
      { text: readFileSync(file, "utf8"), report: existsSync(reportFile) ? readFileSync(reportFile, "utf8") : "" }
    )
    if ("unreadable" in found) fail(found.unreadable)
    else {
      process.stdout.write(`${JSON.stringify(found)}\n`)
      process.exitCode = found.refused + found.odd === 0 ? 0 : 1
    }
  }
}
