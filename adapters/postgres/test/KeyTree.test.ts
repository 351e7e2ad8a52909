/** A master key that loses single owners. */
import { expect, it } from "@effect/vitest"
import { Redacted } from "effect"
import * as fc from "fast-check"
import { KeyTree } from "../src/index.ts"

const bytesOf = (tree: KeyTree.Tree, owner: ReadonlyArray<string>) => {
  const key = KeyTree.keyOf(tree, owner)
  return key === undefined ? undefined : Redacted.value(key).toString("hex")
}

it("opens for everybody but those who were taken out, in whatever order, also after it was written down", () => {
  const owner = fc.tuple(fc.constant("data-key"), fc.string({ maxLength: 3 }))
  fc.assert(
    fc.property(fc.uniqueArray(owner, { selector: ([, id]) => id, maxLength: 6 }), fc.array(owner), (gone, others) => {
      const whole = KeyTree.make()
      const text = KeyTree.encode(gone.reduce(KeyTree.destroy, whole))
      const left = KeyTree.decode(text) ?? expect.fail("a tree that was written down is read")
      const isGone = ([, id]: readonly [string, string]) => gone.some((one) => one[1] === id)
      for (const one of gone) expect(bytesOf(left, one)).toBe(undefined)
      for (const one of others) expect(bytesOf(left, one)).toBe(isGone(one) ? undefined : bytesOf(whole, one))
      expect(KeyTree.encode(gone.reduce(KeyTree.destroy, left))).toBe(text)
      // What is left holds no key above one that was taken out.
      expect(gone.length === 0 || left.nodes.every(({ path }) => path !== "")).toBe(true)
    }),
    { numRuns: 30 }
  )
})

it("gives each owner another key, and reads nothing that is cut off or changed", () => {
  const tree = KeyTree.make()
  const owners = ["a", "b", "c"].map((id) => ["data-key", id])
  expect(new Set(owners.map((owner) => bytesOf(tree, owner))).size).toBe(3)
  const text = KeyTree.encode(KeyTree.destroy(tree, ["data-key", "a"]))
  for (const wrong of ["", "tree:", text.slice(0, -1), text.replace(";", ""), text.replace("tree:", ""), "tree:99.0.A"])
    expect(KeyTree.decode(wrong)).toBe(undefined)
})
