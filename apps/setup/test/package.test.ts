/** What is published works without this workspace: packed, unpacked beside effect, and run by plain Node. */
import { spawnSync } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { build, type Built } from "../src/package/build.ts"
import { subjectText } from "../src/package/check/subject.ts"
import { manifestOf } from "../src/package/manifest.ts"
import { peers } from "../src/package/published.ts"
import { select } from "../src/package/packages.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const place = mkdtempSync(join(tmpdir(), "portolan-package-"))
const domain = join(place, "node_modules/@portolan/domain")

const run = (command: string, args: ReadonlyArray<string>, cwd: string) => {
  const done = spawnSync(command, [...args], { cwd, encoding: "utf8" })
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}\n${done.stdout}${done.stderr}`)
  return done.stdout
}

/** Packs a built package and unpacks it where its user has it. */
const publish = ({ folder, of }: Built) => {
  run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", place], folder)
  const archive = join(place, `portolan-${of.short}-${of.manifest.version}.tgz`)
  const target = join(place, "node_modules/@portolan", of.short)
  mkdirSync(target, { recursive: true })
  run("tar", ["-xzf", archive, "-C", target, "--strip-components=1"], place)
}

beforeAll(() => {
  const built = build(select(["domain", "ports", "memory", "conformance"]), join(place, "dist"))
  for (const one of built) {
    if (["domain", "conformance"].includes(one.of.short)) publish(one)
    else cpSync(one.folder, join(place, "node_modules/@portolan", one.of.short), { recursive: true })
  }
  for (const name of ["effect", "fast-check"]) {
    symlinkSync(join(root, "node_modules", name), join(place, "node_modules", name), "dir")
  }
  writeFileSync(join(place, "package.json"), `{"type":"module"}`)
}, 240_000)

afterAll(() => rmSync(place, { recursive: true, force: true }))

describe("the published domain", () => {
  it("holds JavaScript, types, its readme and the licence, and nothing else", () => {
    const files = readdirSync(domain)
    expect(files).toContain("index.js")
    expect(files).toContain("index.d.ts")
    const all = readdirSync(domain, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(all.length).toBeGreaterThan(50)
    expect(
      all
        .map((entry) => entry.name)
        .filter(
          (name) => !/\.(js|js\.map|d\.ts)$|^(package\.json|README\.md|RULES\.md|CHANGELOG\.md|LICENSE)$/.test(name)
        )
    ).toEqual([])
    for (const file of ["connections/Connection.js", "connections/Connection.d.ts"]) {
      expect(readFileSync(join(domain, file), "utf8")).not.toMatch(/from "\.\.?\/[\w/]+\.ts"/)
    }
  })

  it("has source maps that carry the sources", () => {
    const map = JSON.parse(readFileSync(join(domain, "connections/Connection.js.map"), "utf8"))
    expect(map.sources).toEqual(["Connection.ts"])
    expect(map.sourcesContent).toEqual([readFileSync(join(root, "domain/src/connections/Connection.ts"), "utf8")])
  })

  it("names files that exist, and effect as its only dependency", () => {
    const manifest = JSON.parse(readFileSync(join(domain, "package.json"), "utf8"))
    expect(manifest.dependencies).toEqual({})
    expect(Object.keys(manifest.peerDependencies)).toEqual(["effect"])
    expect(manifest.exports["."]).toEqual({ types: "./index.d.ts", default: "./index.js" })
    for (const target of Object.values<string>(manifest.exports["."]))
      expect(existsSync(join(domain, target))).toBe(true)
  })

  it("decides in a program that has nothing else", () => {
    writeFileSync(
      join(place, "program.mjs"),
      `
      import { Company, Machine } from "@portolan/domain"
      import * as Connection from "@portolan/domain/Connection"
      import { Result } from "effect"
      const refused = Company.decide(Company.initial, { _tag: "Rename", name: "North" })
      console.log(Result.isFailure(refused) && refused.failure.message)
      console.log(typeof Machine.fold, Connection.initial._tag)
    `
    )
    expect(run(process.execPath, ["program.mjs"], place)).toBe(
      "This company does not exist. Add the company first.\nfunction Absent\n"
    )
  })

  it("has types that a strict program compiles against", () => {
    writeFileSync(
      join(place, "program.ts"),
      `
      import { Connection } from "@portolan/domain"
      export const label = (state: Connection.State): string =>
        state._tag === "Connected" ? state.link.profile.name : state._tag
    `
    )
    const tsc = join(root, "node_modules/typescript/bin/tsc")
    run(
      process.execPath,
      [
        tsc,
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "false",
        "--module",
        "nodenext",
        "--target",
        "es2024",
        "--lib",
        "es2024,esnext.disposable,dom",
        "--types",
        "",
        "program.ts"
      ],
      place
    )
  })
})

describe("the published conformance suite", () => {
  it("judges the published adapters in memory by its own program", async () => {
    writeFileSync(join(place, "memory.subject.mjs"), await subjectText())
    const program = join(place, "node_modules/@portolan/conformance/cli.js")
    const args = ["--subject", "./memory.subject.mjs", "--port", "token-vault", "--budget", "minimal"]
    expect(run(process.execPath, [program, ...args], place)).toContain("VAULT-01")
  })
})

describe("a published manifest", () => {
  it("points into the emitted tree and leaves the workspace's own business out", () => {
    const manifest = manifestOf(
      {
        name: "@portolan/x",
        version: "1.2.3",
        private: true,
        dependencies: { "@portolan/domain": "1.2.3", "better-auth": "1.7.5", effect: "4.1.0", nodemailer: "10.6.0" },
        devDependencies: { y: "1" },
        peerDependencies: { vitest: "5.1.1" },
        peerDependenciesMeta: { vitest: { optional: true } },
        sideEffects: ["./src/cli.ts"],
        exports: { ".": "./src/index.ts", "./style.css": "./src/style.css" },
        bin: { x: "./src/cli.ts" }
      },
      "adapters/x"
    )
    expect(manifest).toEqual({
      name: "@portolan/x",
      version: "1.2.3",
      homepage: "https://github.com/portolan/portolan/tree/main/adapters/x#readme",
      bugs: "https://github.com/portolan/portolan/issues",
      repository: { type: "git", url: "git+https://github.com/portolan/portolan.git", directory: "adapters/x" },
      sideEffects: ["./cli.js"],
      files: ["**/*"],
      engines: { node: ">=20" },
      bin: { x: "cli.js" },
      exports: {
        ".": { types: "./index.d.ts", default: "./index.js" },
        "./style.css": "./style.css",
        "./package.json": "./package.json"
      },
      dependencies: { "@portolan/domain": "^1.2.3", "better-auth": "1.7.5", nodemailer: "^10.6.0" },
      peerDependencies: { effect: peers.effect, vitest: peers.vitest },
      peerDependenciesMeta: { vitest: { optional: true } }
    })
  })
})
