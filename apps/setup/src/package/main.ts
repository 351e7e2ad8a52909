/**
 * `npm run package`: builds every publishable package into `dist/<name>`, or those that are named.
 *
 *   npm run package            all packages
 *   npm run package -- domain  some of them
 */
import { relative } from "node:path"
import { build } from "./build.ts"
import { publishable, root, select } from "./packages.ts"

const packages = select(process.argv.slice(2))

if (packages.length === 0) {
  console.error(
    `No such package. There are: ${publishable()
      .map(({ short }) => short)
      .join(", ")}.`
  )
  process.exitCode = 2
} else {
  try {
    for (const built of build(packages)) console.log(`built ${relative(root, built.folder)}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
