/**
 * `npm run package`: builds every publishable package into `dist/<name>`, or those that are named.
 *
 *   npm run package                      all packages
 *   npm run package -- domain            some of them
 *   npm run package -- --check           installs them into empty projects and uses them there; several minutes
 *   npm run package -- --check domain    the same, and one line for this package
 */
import { relative } from "node:path"
import { build } from "./build.ts"
import { check } from "./check/check.ts"
import { type Package, publishable, root, select } from "./packages.ts"

const names = process.argv.slice(2).filter((word) => word !== "--check")
const isCheck = process.argv.includes("--check")

const work = async (packages: ReadonlyArray<Package>): Promise<number> => {
  if (isCheck) return check(packages)
  for (const built of build(packages)) console.log(`built ${relative(root, built.folder)}`)
  return 0
}

const packages = select(names)

if (packages.length === 0) {
  console.error(
    `No such package. There are: ${publishable()
      .map(({ short }) => short)
      .join(", ")}.`
  )
  process.exitCode = 2
} else {
  process.exitCode = await work(packages).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return 1
  })
}
