/**
 * Which files the linter has to read again: those that changed since they were last found clean, and those that import
 * one of them. The first run, and a run after another installation or configuration, reads every file.
 */
import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { codeFiles, root } from "../tidy/tree.ts"

const kept = "node_modules/.cache/portolan/lint.json"
const settings = ["package-lock.json", ".oxlintrc.json", "tsconfig.json"]

/** Digests by path; `settings` stands for what judges every file. */
export interface Clean {
  readonly settings: string
  readonly files: { readonly [path: string]: string }
}

/** What is to be linted, and what is clean once the linter has found nothing. */
export interface Scope {
  readonly paths: ReadonlyArray<string>
  readonly clean: Clean
}

const digest = (text: string): string => createHash("sha256").update(text).digest("base64url")

const read = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8")

const before = (folder: string): Clean => {
  try {
    return JSON.parse(read(folder, kept))
  } catch {
    return { settings: "", files: {} }
  }
}

/** The files to lint, given the texts of the tree and what was clean before. */
export const changed = (texts: ReadonlyMap<string, string>, clean: Clean): ReadonlyArray<string> => {
  const edited = [...texts].filter(([path, text]) => clean.files[path] !== digest(text)).map(([path]) => path)
  const gone = Object.keys(clean.files).filter((path) => !texts.has(path))
  const names = [...edited, ...gone].map((path) => `/${basename(path)}"`)
  return [...texts]
    .filter(([path, text]) => edited.includes(path) || names.some((name) => text.includes(name)))
    .map(([path]) => path)
}

/** Reads the tree and says what the linter has to look at. */
export const scope = (folder: string = root): Scope => {
  const texts = new Map(codeFiles(folder).map((path) => [path, read(folder, path)] as const))
  const judge = digest(settings.map((path) => read(folder, path)).join("\0"))
  const last = before(folder)
  return {
    paths: last.settings === judge ? changed(texts, last) : [...texts.keys()],
    clean: { settings: judge, files: Object.fromEntries([...texts].map(([path, text]) => [path, digest(text)])) }
  }
}

/** Records that the linter found nothing. */
export const record = ({ clean }: Scope, folder: string = root): void => {
  mkdirSync(dirname(join(folder, kept)), { recursive: true })
  writeFileSync(join(folder, kept), JSON.stringify(clean))
}
