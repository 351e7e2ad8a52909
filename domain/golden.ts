/**
 * `npm run golden` writes the shapes of today, and a golden record of each version that has none. It refuses a shape
 * that changed without a new version, and leaves every record that is there as it was written; only what it reads as
 * today follows. Look at the difference before you commit it.
 */
import { completed, currentSnapshots, goldens, problems, snapshots, write } from "./test/support/golden.ts"

const found = problems(snapshots())
for (const problem of found) console.error(problem)
if (found.length > 0) process.exitCode = 1
else write(completed(goldens()), currentSnapshots())
