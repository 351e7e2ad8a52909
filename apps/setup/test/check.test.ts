import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { changed } from "../src/check/lintScope.ts"

const digest = (text: string) => createHash("sha256").update(text).digest("base64url")

const tree = new Map([
  ["domain/src/Day.ts", "export const day = 1"],
  ["domain/src/Week.ts", `import { day } from "./Day.ts"`],
  ["domain/src/Year.ts", `import { week } from "./Week.ts"`]
])
const clean = { settings: "", files: Object.fromEntries([...tree].map(([path, text]) => [path, digest(text)])) }

describe("the files to lint", () => {
  it("are none when nothing changed", () => {
    expect(changed(tree, clean)).toEqual([])
  })

  it("are an edited file and those that import it", () => {
    const edited = new Map([...tree, ["domain/src/Day.ts", "export const day = 2"]])
    expect(changed(edited, clean)).toEqual(["domain/src/Day.ts", "domain/src/Week.ts"])
  })

  it("are a new file, and what imports a file that is gone", () => {
    const moved = new Map([...tree, ["domain/src/Month.ts", ""]])
    moved.delete("domain/src/Week.ts")
    expect(changed(moved, clean)).toEqual(["domain/src/Year.ts", "domain/src/Month.ts"])
  })

  it("are all of them at first", () => {
    expect(changed(tree, { settings: "", files: {} })).toEqual([...tree.keys()])
  })
})
