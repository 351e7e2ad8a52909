/** The commands beside the run of laws, and what a run leaves in a folder. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { command } from "../src/cli/command.ts"
import { compare } from "../src/compare.ts"
import { page } from "../src/html.ts"
import type { Report } from "../src/Report.ts"
import { sitesOf } from "../mutate/sites.ts"
import { targets } from "../mutate/targets.ts"
import { verdicts } from "../mutate/verdicts.ts"

const run = async (...args: ReadonlyArray<string>) => {
  const written = { out: "", err: "" }
  const code = await command(args, {
    out: (line) => void (written.out += `${line}\n`),
    err: (line) => void (written.err += `${line}\n`)
  })
  return { code, ...written }
}

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "conformance-commands-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const reportsIn = async (name: string): Promise<ReadonlyArray<Report>> =>
  JSON.parse(await readFile(join(folder, name, "report.json"), "utf8"))

describe("matrix", () => {
  test("tells how many cells there are, and that none is empty", async () => {
    const { code, out } = await run("matrix", "--json")
    const { cells, covered, empty, reasoned } = JSON.parse(out)
    expect([code, empty, covered + reasoned]).toEqual([0, 0, cells])
    expect(cells).toBeGreaterThan(500)
  })

  test("is a page for people without --json", async () => {
    const { out } = await run("matrix", "--port", "notifier")
    expect(out).toContain("| `Notifier.notify` | NOTIF-01 |")
    expect(out).toMatch(/8 cells: \d with laws, \d with a reason, 0 empty/)
    expect((await run("matrix", "--port", "none")).code).toBe(2)
  })
})

describe("a run", () => {
  const args = ["--subject", "memory", "--port", "secrets", "--budget", "smoke"]

  test("prints one object an adapter and port, and leaves JSON, JUnit and a page in a folder", async () => {
    const { code, out } = await run("run", ...args, "--json", "--out", join(folder, "good"))
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject([
      {
        adapter: "memory",
        port: "secrets",
        laws: 6,
        passed: 6,
        failed: 0,
        notVerified: 0,
        notApplicable: 0,
        attested: 0,
        errors: 0
      }
    ])
    const html = await readFile(join(folder, "good", "report.html"), "utf8")
    expect(html).toContain("conformant to secrets")
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|src=/)
    expect(await readFile(join(folder, "good", "junit.xml"), "utf8")).toContain("<testsuite")
  })

  test("has the form that report.schema.json publishes", async () => {
    const schema = JSON.parse(await readFile(new URL("../report.schema.json", import.meta.url), "utf8"))
    const [report] = await reportsIn("good")
    expect(Object.keys(report ?? {}).toSorted()).toEqual(schema.items.required.toSorted())
    expect(Object.keys(schema.items.properties).toSorted()).toEqual(schema.items.required.toSorted())
    expect(report?.schema).toBe(schema.items.properties.schema.const)
    const [result] = report?.results ?? []
    expect(Object.keys(result ?? {}).toSorted()).toEqual(schema.$defs.result.required.toSorted())
  })

  test("shows a failure with its shortest case, in words that no browser takes for tags", async () => {
    await run(
      "--subject",
      "mutant:secr-derive-trims",
      "--port",
      "secrets",
      "--budget",
      "smoke",
      "--out",
      join(folder, "bad")
    )
    const [report] = await reportsIn("bad")
    expect(report?.failed).toBe(1)
    const html = page([...(await reportsIn("bad"))])
    expect(html).toMatch(/<details open><summary><span class="id">SECR-03/)
    expect(html).toContain("portolan-conformance replay 1.")
    expect(html).not.toContain("<script")
  })

  test("is compared with another: what is worse ends with 1", async () => {
    const [good, bad] = [join(folder, "good", "report.json"), join(folder, "bad", "report.json")]
    const renamed = (await reportsIn("bad")).map((report) => ({ ...report, adapter: "memory" }))
    await writeFile(bad, JSON.stringify(renamed))
    expect(await run("report", good, bad)).toMatchObject({
      code: 1,
      out: "worse   memory secrets SECR-03: Pass -> Fail\n"
    })
    expect(await run("report", bad, good)).toMatchObject({ code: 0, out: expect.stringMatching(/^better/) })
    expect(compare(renamed, renamed)).toEqual([])
    expect((await run("report", good, "--out", join(folder, "again"))).code).toBe(0)
    expect(await readFile(join(folder, "again", "report.html"), "utf8")).toContain("SECR-03")
    expect((await run("report")).code).toBe(2)
  })
})

describe("mutate", () => {
  test("finds what can be changed in a text, and leaves types and texts alone", () => {
    const text = `import { a } from "./a.ts"\nconst f = (n: 1): boolean => (n < 2 && !a ? "x" + n : [n].slice(1))\n`
    const found = sitesOf("x.ts", text).map(({ after, before, operator }) => `${operator}: ${before} -> ${after}`)
    expect(found).toEqual([
      "condition: n < 2 && !a -> !(n < 2 && !a)",
      "boundary: < -> <=",
      "number: 2 -> 3",
      "logic: && -> ||",
      "negation: ! -> ",
      "left out: .slice(1) -> ",
      "number: 1 -> 0"
    ])
  })

  test("says of each file of the subject which laws have to notice, or why it is left alone", async () => {
    for (const { files, folder: own, leftOut } of Object.values(targets)) {
      const { readdirSync } = await import("node:fs")
      const there = readdirSync(new URL(`../../${own}src/`, import.meta.url), { recursive: true })
        .map(String)
        .filter((name) => name.endsWith(".ts"))
        .map((name) => `${own}src/${name}`)
      const named = [...Object.keys(files), ...Object.keys(leftOut)]
      expect(there.filter((name) => !named.includes(name) && !name.includes("/identity/"))).toEqual([])
      expect(named.filter((name) => !there.includes(name))).toEqual([])
    }
  })

  test("has verdicts about lines that there are", async () => {
    for (const { file, on } of verdicts) {
      const text = await readFile(new URL(`../../${file}`, import.meta.url), "utf8")
      expect(
        text.split("\n").map((each) => each.trim()),
        `${file}: ${on}`
      ).toContain(on)
    }
  })
})
