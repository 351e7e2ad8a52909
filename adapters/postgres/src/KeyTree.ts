/**
 * A master key that can lose the ability to open what belongs to one owner, and nothing else. It is the root of a
 * binary tree of keys: a child is an HMAC of its parent, an owner's key is the leaf at the hash of the owner's name. To
 * destroy an owner's key, the nodes above it are replaced by the siblings of the path to it: every other leaf can still
 * be derived, this one cannot, whatever copy of the sealed data is brought.
 * @see https://eprint.iacr.org/2013/352 (constrained pseudorandom functions over a tree of keys)
 */
import { createHash, createHmac, randomBytes } from "node:crypto"
import { Redacted } from "effect"

/** A key of 32 bytes. */
type Key = Redacted.Redacted<Buffer>

/** A key of the tree with the bits that lead to it from the root. */
interface Node {
  readonly path: string
  readonly key: Key
}

/** What is left of a tree: nodes none of which is above another. */
export interface Tree {
  readonly nodes: ReadonlyArray<Node>
}

/** Bits of an owner's hash: two of a million owners share theirs with a probability of 4 in 10^13. */
const depth = 80
const keyBytes = 32

const marker = "tree:"

const derive = (key: Buffer, label: string): Buffer => createHmac("sha256", key).update(label).digest()

/** Where an owner's leaf is. */
const leafOf = (owner: ReadonlyArray<string>): string =>
  [
    ...createHash("sha256")
      .update(JSON.stringify(owner))
      .digest()
      .subarray(0, depth / 8)
  ]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("")

const above = ({ nodes }: Tree, leaf: string): Node | undefined => nodes.find(({ path }) => leaf.startsWith(path))

/** The key of an owner; nothing when it was destroyed. */
export const keyOf = (tree: Tree, owner: ReadonlyArray<string>): Key | undefined => {
  const leaf = leafOf(owner)
  const node = above(tree, leaf)
  if (node === undefined) return undefined
  let key = Redacted.value(node.key)
  for (const bit of leaf.slice(node.path.length)) key = derive(key, bit)
  // Not a label of a child: the key of a leaf is no node.
  return Redacted.make(derive(key, "seal"))
}

/** The tree without the key of an owner. Destroying it again changes nothing. */
export const destroy = (tree: Tree, owner: ReadonlyArray<string>): Tree => {
  const leaf = leafOf(owner)
  const node = above(tree, leaf)
  if (node === undefined) return tree
  const siblings: Array<Node> = []
  let key = Redacted.value(node.key)
  for (let at = node.path.length; at < depth; at += 1) {
    const bit = leaf.charAt(at)
    const other = bit === "0" ? "1" : "0"
    siblings.push({ path: `${leaf.slice(0, at)}${other}`, key: Redacted.make(derive(key, other)) })
    key = derive(key, bit)
  }
  return { nodes: [...tree.nodes.filter((one) => one !== node), ...siblings] }
}

/** A new tree with every key in it. */
export const make = (): Tree => ({ nodes: [{ path: "", key: Redacted.make(randomBytes(keyBytes)) }] })

/** The bits as their number and hexadecimal digits. */
const encodePath = (path: string): string => {
  const digits = path.padEnd(Math.ceil(path.length / 4) * 4, "0").match(/.{4}/g) ?? []
  return `${path.length}.${digits.map((four) => Number.parseInt(four, 2).toString(16)).join("")}`
}

/** A tree as text without commas; about 5 kB longer for each key that was destroyed. */
export const encode = ({ nodes }: Tree): string =>
  marker + nodes.map(({ key, path }) => `${encodePath(path)}.${Redacted.value(key).toString("base64url")}`).join(";")

/** Whether a text is meant to be a tree. */
export const isEncoded = (text: string): boolean => text.startsWith(marker)

const decodeNode = (text: string): Node | undefined => {
  const [, bits, digits = "", base64 = ""] = /^(\d{1,2})\.([0-9a-f]*)\.([\w-]{43})$/.exec(text) ?? []
  const length = Number(bits)
  const path = [...digits].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0")).join("")
  if (bits === undefined || length > depth || digits.length !== Math.ceil(length / 4)) return undefined
  return { path: path.slice(0, length), key: Redacted.make(Buffer.from(base64, "base64url")) }
}

/** The tree of a text; nothing when it is none. */
export const decode = (text: string): Tree | undefined => {
  const nodes: Array<Node> = []
  for (const part of text.slice(marker.length).split(";")) {
    const node = decodeNode(part)
    if (node === undefined) return undefined
    nodes.push(node)
  }
  return isEncoded(text) ? { nodes } : undefined
}
