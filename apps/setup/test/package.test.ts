/** What is published works without this workspace: packed, unpacked beside effect, and run by plain Node. */
import { spawnSync } from "node:child_process"
import {
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
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { build } from "../src/package/build.ts"
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

beforeAll(() => {
  const [built] = build(select(["domain"]), join(place, "dist"))
  run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", place], built?.folder ?? place)
  const archive = readdirSync(place).find((name) => name.endsWith(".tgz")) ?? ""
  mkdirSync(domain, { recursive: true })
  run("tar", ["-xzf", join(place, archive), "-C", domain, "--strip-components=1"], place)
  symlinkSync(join(root, "node_modules/effect"), join(place, "node_modules/effect"), "dir")
  writeFileSync(join(place, "package.json"), `{"type":"module"}`)
})

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
        .filter((name) => !/\.(js|js\.map|d\.ts)$|^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(name))
    ).toEqual([])
    expect(readFileSync(join(domain, "connections/Connection.js"), "utf8")).not.toMatch(/from "\.\.?\/[\w/]+\.ts"/)
  })

  it("can be imported module by module, as the front door names them", () => {
    const index = readFileSync(join(root, "domain/src/index.ts"), "utf8")
    const modules = [...index.matchAll(/export \* as (\w+) from "\.\/([^"]+)"/g)].map(([, name, file]) => [
      `./${name}`,
      `./src/${file}`
    ])
    const { exports } = JSON.parse(readFileSync(join(root, "domain/package.json"), "utf8"))
    expect(exports).toEqual({ ".": "./src/index.ts", ...Object.fromEntries(modules) })
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
    const tsc = join(dirname(fileURLToPath(import.meta.resolve("typescript/package.json"))), "bin/tsc")
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
