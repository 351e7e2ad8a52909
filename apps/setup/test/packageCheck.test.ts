/** What is published stays installable: the cheap part of `npm run package -- --check`, and what that part can see. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { examplesIn, programsOf } from "../src/package/check/examples.ts"
import { modulesNamed } from "../src/package/check/imports.ts"
import { acting, problemsOfManifest } from "../src/package/check/manifests.ts"
import { admits } from "../src/package/check/nodes.ts"
import { lowestOf } from "../src/package/check/oldest.ts"
import { bundle, kilobytes, limits, sizeOf, tooLarge } from "../src/package/check/size.ts"
import { manifestOf } from "../src/package/manifest.ts"
import { type Package, publishable, root, select } from "../src/package/packages.ts"
import { peers } from "../src/package/published.ts"

const packages = publishable()
/** A small package, with another manifest. */
const other = (change: object): Package => {
  const [secrets] = select(["secrets"])
  if (secrets === undefined) throw new Error("there is no such package")
  return { ...secrets, manifest: { ...secrets.manifest, ...change } }
}

describe("a package that is published", () => {
  it("is found with those that it needs, and the apps that are only run here are not", () => {
    const names = packages.map(({ short }) => short)
    expect(names).toEqual(expect.arrayContaining(["domain", "ports", "conformance", "postgres", "simulator", "server"]))
    expect(names.filter((name) => name.startsWith("app-"))).toEqual([])
  })

  it.each(packages.map((one) => [one.short, one] as const))(
    "%s has a manifest that says what it needs",
    (_name, one) => {
      expect(problemsOfManifest(one)).toEqual([])
    }
  )

  it("takes what it shares with its user's program as a peer, in a range", () => {
    for (const { folder, manifest } of packages) {
      const published = manifestOf(manifest, folder)
      const shared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
        (name) => peers[name]
      )
      expect(Object.keys(published.peerDependencies)).toEqual(shared)
      expect(shared).toContain("effect")
    }
  })

  it("brings a program where there is one to run", () => {
    const programs = packages.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}))
    expect(programs.toSorted()).toEqual([
      "portolan-audit",
      "portolan-conformance",
      "portolan-grants",
      "portolan-keys",
      "portolan-secrets",
      "portolan-server",
      "portolan-simulator"
    ])
  })

  it("can be imported module by module, as its front door names them", () => {
    for (const { folder, manifest } of packages.filter(({ short }) => !["ports", "conformance"].includes(short))) {
      const index = readFileSync(join(root, folder, "src/index.ts"), "utf8")
      const modules = [...index.matchAll(/export (?:type )?\* as (\w+) from "\.\/([^"]+)"/g)]
      const named = Object.fromEntries(modules.map(([, name, file]) => [`./${name}`, `./src/${file}`]))
      expect(manifest.exports).toEqual({ ".": "./src/index.ts", ...named })
    }
  })
})

describe("the check of a manifest", () => {
  it("notices what is missing or wrong", () => {
    const problems = (change: object) => problemsOfManifest(other(change)).join("\n")
    expect(problems({ description: "" })).toContain("has no description")
    expect(problems({ keywords: ["one"] })).toContain("fewer than four keywords")
    expect(problems({ license: "none" })).toContain("has no licence")
    expect(problems({ exports: { "./Gone": "./src/Gone.ts" } })).toContain("names ./src/Gone.ts, which does not exist")
    expect(problems({ bin: { secrets: "./src/index.ts" } })).toContain("does not begin with #!/usr/bin/env node")
    expect(problems({ sideEffects: undefined })).toContain("does not say sideEffects")
    expect(problems({ dependencies: {} })).toContain("imports effect, which the manifest does not declare")
    expect(problems({ dependencies: { effect: "^4.1.0" } })).toContain("where versions are pinned")
    expect(problems({ dependencies: { effect: "4.1.0", "@portolan/app-demo": "0.1.0" } })).toContain("is not published")
  })

  it("sees every way to name another module, in code and in declarations", () => {
    const text = `
      import type { A } from "a"
      import "b"
      export { c } from "c"
      export * from "d"
      export * as e from "e/sub"
      const f = await import("f")
      type G = import("g").G
      const h = createRequire(import.meta.url)
      const i = import.meta.resolve("i")
      const j = require.resolve("j/style.css")
    `
    expect(modulesNamed("x.ts", text)).toEqual(["a", "b", "c", "d", "e/sub", "f", "g", "i", "j/style.css"])
    expect(modulesNamed("x.d.ts", `export declare const k: import("k").K\n`)).toEqual(["k"])
  })

  it("sees a module that does something when it is loaded", () => {
    const quiet = `import { a } from "a"\nexport const b = a()\nexport class C {}\nexport type D = 1\nfunction e() {}\n`
    expect(acting("x.ts", quiet)).toEqual([])
    for (const loud of ["a.set(1)", `import "a"`, "for (const a of b) a()", "if (a) b()", "await a", "throw a"]) {
      expect(acting("x.ts", `${loud}\n`)).toHaveLength(1)
    }
  })
})

describe("the matrix", () => {
  it("reads the examples of a README that are whole programs, and starts those that nobody else imports", () => {
    const readme = [
      "```ts\n// file: vault.ts\nexport const vault = 1\n```",
      "```ts\nconst fragment = 1\n```",
      '```ts\n// file: main.ts\nimport { vault } from "./vault.ts"\n```',
      "```ts\n// file: vault.test.ts\n```"
    ].join("\n\n")
    const examples = examplesIn(readme)
    expect(examples.map(({ file }) => file)).toEqual(["vault.ts", "main.ts", "vault.test.ts"])
    expect(programsOf(examples).map(({ file }) => file)).toEqual(["main.ts", "vault.test.ts"])
  })

  it("knows which Node a range admits, and the lowest version of a range", () => {
    expect([">=20", ">=22.12", ">=22.23.3"].map((range) => admits(range, "22.23.3"))).toEqual([true, true, true])
    expect([">=22.23.4", ">=24", ">=22.24"].map((range) => admits(range, "22.23.3"))).toEqual([false, false, false])
    expect([">=4.0.0 <5", "^3.4.0", ">=4"].map(lowestOf)).toEqual(["4.0.0", "3.4.0", "4"])
  })
})

describe("the size of Connection", () => {
  it("stays within its limit, which the README of the domain states", { timeout: 60_000 }, async () => {
    const size = await sizeOf("Connection")
    expect(tooLarge("Connection", size, limits.Connection)).toEqual([])
    expect(size.own).toBeGreaterThan(limits.Connection.own * 0.75)
    const readme = readFileSync(join(root, "domain/README.md"), "utf8")
    expect(readme).toContain(`at most ${kilobytes(limits.Connection.own)}`)
  })

  it("is refused when the domain grows by more than a tenth", () => {
    const grown = { ...limits.Connection, own: limits.Connection.own + 1 }
    expect(tooLarge("Connection", grown, limits.Connection)).toHaveLength(1)
    expect(tooLarge("Connection", limits.Connection, limits.Connection)).toEqual([])
  })

  it("is that of a bundle that works", { timeout: 60_000 }, async () => {
    const code = await bundle("@portolan/domain/Connection")
    const connection = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`)
    expect(connection.initial).toEqual({ _tag: "Absent" })
    const refused = connection.decide(connection.initial, { _tag: "Pause" })
    expect(refused.failure.message).toContain("does not exist")
  })
})
