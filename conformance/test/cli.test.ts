import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Result from "effect/Result"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { command } from "../src/cli/command.ts"
import { parse } from "../src/cli/options.ts"

const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url))
const readme = /npm run conformance -- --help explains the options/
const index = new URL("../src/index.ts", import.meta.url).href

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** The command in this process: starting another one for each run takes most of the time of these tests. */
const run = async (...args: ReadonlyArray<string>): Promise<Ended> => {
  const written = { out: "", err: "" }
  const code = await command(args, {
    out: (line) => void (written.out += `${line}\n`),
    err: (line) => void (written.err += `${line}\n`)
  })
  return { code, ...written }
}

/** The command as a process. */
const start = (...args: ReadonlyArray<string>): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    })
  })

let folder = ""
let model = ""

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "conformance-"))
  model = join(folder, "model.ts")
  await writeFile(
    model,
    `import { defineSubjects, tokenVault } from ${JSON.stringify(index)}\n` +
      "export default defineSubjects({ tokenVault: tokenVault.reference })\n"
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe("options", () => {
  test.each([
    [["--budget", "huge"], /--budget is minimal, smoke, default or deep/],
    [["--seed", "x"], /--seed is a whole number/],
    [["--fresh-seed", "x"], /--fresh-seed is a whole number/],
    [["--fresh-seed", ""], /--fresh-seed is a whole number/],
    [["--seed", "3000000000"], /--seed is a whole number/],
    [["--replay", "x"], /not a replay token/],
    [["stray"], /^there is no command 'stray'; there is run, list, /],
    [["list", "stray"], /^Unexpected argument 'stray'$/],
    [["run", "--mutants"], /run and --mutants do not go together/],
    [["--nonsense"], /^Unknown option '--nonsense'$/],
    [["--law"], /^Option '--law <value>' argument missing$/],
    [["--json=yes"], /^Option '--json' does not take an argument$/],
    [["--list", "--mutants"], /--list and --mutants do not go together/],
    [["--mutants", "--junit", "x.xml"], /--junit has no meaning with --mutants/],
    [["--replay", "1.2.0:VAULT-03:race:1:00000000:0", "--fresh-seed", "1"], /--fresh-seed has no meaning with --replay/]
  ])("%j are refused in one sentence", (args, says) => {
    const read = parse(args)
    expect(Result.isFailure(read) && read.failure).toMatch(says)
  })
})

describe("the command line", () => {
  test("repeats a run, fresh cases included, by the command that it prints", async () => {
    const args = ["--subject", model, "--law", "VAULT-03", "--law", "VAULT-22", "--json"]
    const first = await run(...args)
    const again = /the same run again: npm run conformance -- (.*)/.exec(first.err)?.[1]?.split(" ") ?? []
    expect(again).toContain("--fresh-seed")
    const second = await run(...again, "--json")
    const digests = (out: string): unknown =>
      JSON.parse(out).map((report: { readonly results: ReadonlyArray<{ readonly digest: string }> }) =>
        report.results.map(({ digest }) => digest)
      )
    expect(digests(second.out)).toEqual(digests(first.out))
    const other = await run(...args, "--fresh-seed", "4711")
    expect(digests(other.out)).not.toEqual(digests(first.out))
  })

  test("runs the ports that a file offers, names the others at once, and says that the model conforms", async () => {
    const { code, out } = await run("--subject", model, "--budget", "smoke")
    expect(out).toMatch(
      /^\S+model\.ts does not offer repository, workers, provider-api, scheduler, secrets, data-sink, mailer, notifier; the rest is run\n/
    )
    expect(out).toContain("model vault 1 is conformant to token-vault 1.2.0, with leases, durable, rollback-protection")
    expect(out).toMatch(/the run ended well\s*$/)
    expect(code).toBe(0)
  })

  test("says that a file offers no port at all", async () => {
    const none = join(folder, "none.ts")
    const lines = [`import { defineSubjects } from ${JSON.stringify(index)}`, "export default defineSubjects({})"]
    await writeFile(none, lines.join("\n"))
    const err = `${none} offers nothing for any port; nothing ran\n`
    expect(await run("--subject", none)).toEqual({ code: 1, out: "", err })
  })

  test.each([
    [["--port", "repository"]],
    [["--port", "token-vault", "--port", "repository"]],
    [["--law", "REPO-01", "--law", "VAULT-03"]]
  ])("runs nothing when %j names what the file does not offer", async (args) => {
    const err = `${model} offers nothing for the port repository\n`
    expect(await run("--subject", model, ...args)).toEqual({ code: 2, out: "", err })
  })

  test("writes JSON to standard output, alone, and JUnit to a file", async () => {
    const file = join(folder, "junit.xml")
    const args = ["--subject", model, "--law", "VAULT-03", "--budget", "smoke"]
    const { code, out } = await start(...args, "--json", "--junit", file)
    expect(code).toBe(0)
    const [report] = JSON.parse(out)
    expect(report).toMatchObject({
      schema: "portolan-conformance-report/2",
      totals: { Pass: 1 },
      statement: { conformant: false }
    })
    expect(await readFile(file, "utf8")).toContain('tests="2" failures="0"')
  })

  test("ends with 1 on a failure, whose token runs the case again in a fresh process, also after a fix", async () => {
    const { code, out } = await run("--subject", "mutant:vault-cas-blind", "--law", "VAULT-03", "--budget", "smoke")
    expect(code).toBe(1)
    const token = /--replay (\S+)/.exec(out)?.[1] ?? ""
    const again = await start("--subject", "mutant:vault-cas-blind", "--replay", token)
    expect(again).toMatchObject({ code: 1, out: expect.stringMatching(/^fails as before\n/) })
    const fixed = await run("--subject", model, "--replay", token)
    expect(fixed).toMatchObject({ code: 0, out: "no longer fails\n" })
  })

  test("shows that a law catches its mutant", async () => {
    const { code, out } = await run("--mutants", "--law", "VAULT-10", "--budget", "smoke")
    expect(out).toContain("2 mutants, 2 caught by their own law")
    expect(code).toBe(0)
  })

  test("goes green on a known failure, and red when its entry names no law", async () => {
    const known = join(folder, "known.json")
    const entry = { law: "VAULT-03/race", reason: "r", link: "l", expires: "2999-01-01" }
    await writeFile(known, JSON.stringify([entry]))
    const args = ["--subject", "mutant:vault-cas-blind", "--law", "VAULT-03", "--budget", "smoke", "--known", known]
    expect((await run(...args)).code).toBe(0)
    await writeFile(known, "[{}]")
    expect(await run(...args)).toMatchObject({
      code: 2,
      err: expect.stringContaining("known-failure file is not valid")
    })
  })

  test("is a function, too: it writes to where it is told, gives its exit code and never rejects", async () => {
    const out: Array<string> = []
    const err: Array<string> = []
    const output = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) }
    expect(await command(["--list", "--law", "VAULT-05", "--json"], output)).toBe(0)
    expect(JSON.parse(out.join("\n"))).toMatchObject([{ port: "token-vault", laws: [{ id: "VAULT-05" }] }])
    expect(err).toEqual([])
    expect(await command(["--nonsense"], output)).toBe(2)
    expect(err).toEqual([expect.stringMatching(readme)])
  })

  test("does not know the port by a former name", async () => {
    const { code, err } = await run("--port", "connection-store")
    expect(err).toMatch(/^there is no port 'connection-store'; there are token-vault, repository, .* and [\w-]+\n$/)
    expect(code).toBe(2)
  })

  test("refuses a subject file that offers something that is no port", async () => {
    const former = join(folder, "former.ts")
    const lines = [
      `import { defineSubjects } from ${JSON.stringify(index)}`,
      "export default defineSubjects({ connectionStore: {} })"
    ]
    await writeFile(former, lines.join("\n"))
    expect(await run("--subject", former)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/defineSubjects takes tokenVault, repository, .* and \w+, not 'connectionStore'/)
    })
  })

  test.each([
    [["--help"], 0, /npm run conformance/],
    [["--list", "--law", "VAULT-05"], 0, /VAULT-05 .*\n.*\n +check first: Look .*\n.*vault-aba/],
    [["--nonsense"], 2, /nonsense/],
    [["--budget", "huge"], 2, /--budget is/],
    [["--law", "VAULT-99"], 2, /there is no law 'VAULT-99'/],
    [["--subject", "mutant:none"], 2, /there is no mutant 'none'/],
    [["--subject", ""], 2, /there is no file ''/],
    [["--subject", "./does-not-exist.ts"], 2, /there is no file '.\/does-not-exist.ts'/],
    [["--subject", "no-such-package"], 1, /could not be loaded/],
    [["--known", "./does-not-exist.json"], 2, /--known: there is no file/],
    [["--junit", "./no-such-folder/report.xml"], 2, /--junit: there is no folder '.\/no-such-folder'/],
    [["--subject", fileURLToPath(new URL("../src/show.ts", import.meta.url))], 2, /does not export defineSubjects/]
  ])("%j ends with %i and says why in one sentence", async (args, code, says) => {
    const result = await run(...args)
    expect(result.out + result.err).toMatch(says)
    expect(result.code).toBe(code)
    expect(result.err).not.toMatch(/\n\s+at /)
  })
})
