/**
 * The titles of tests, laws and steps, read from the text of files: nothing is run, so that a table can be held to
 * them.
 */

/**
 * Titles of what runs: `it("…")`, `test.effect(`…`)`, `it.each([…])("…")`. What is skipped or still to be written is no
 * test.
 */
export const titlesOf = (text: string): ReadonlyArray<string> => {
  const code = text.replace(/^\s*(?:\/\/|\/\*|\*).*$/gm, "")
  const plain = [
    ...code.matchAll(/(?<![\w.])(?:it|test)((?:\.[a-zA-Z]+)*)\(\s*("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)/g)
  ].flatMap(([, how = "", title = ""]) => (/\.(?:skip|todo|fails|skipIf|runIf)\b/.test(how) ? [] : [title]))
  const each = /(?<![\w.])(?:it|test)(?:\.[a-zA-Z]+)*\.each\b/.test(code)
    ? [...code.matchAll(/\)\(\s*("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)\s*,/g)].map(([, title = ""]) => title)
    : []
  return [...plain, ...each].map((title) => title.slice(1, -1).replace(/\\(.)/g, "$1"))
}

/** One step of the demo: its name and the rules that it says it covers. */
export interface Step {
  readonly title: string
  readonly rules: ReadonlyArray<string>
}

/** The steps of a flow of the demo. */
export const stepsOf = (text: string): ReadonlyArray<Step> =>
  [...text.matchAll(/\bstep\(\s*"((?:[^"\\\n]|\\.)*)",\s*\[([^\]]*)\]/g)].map(([, title = "", rules = ""]) => ({
    title: title.replace(/\\(.)/g, "$1"),
    rules: [...rules.matchAll(/"([^"]+)"/g)].flatMap(([, rule]) => rule ?? [])
  }))

/** The ids of the laws that a file of laws declares. */
export const lawsOf = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^\s*id: "([A-Z]+-\d+)"/gm)].flatMap(([, id]) => id ?? [])

/**
 * The rules that a text names. Those across the flows are named by a letter and a number alone, so they count in titles
 * only.
 */
export const named = (text: string, acrossFlows = false): ReadonlyArray<string> =>
  [...text.matchAll(acrossFlows ? /\b(?:[KPSWX]-R|C)\d{1,2}\b/g : /\b[KPSWX]-R\d{1,2}\b/g)].map(([id]) => id)
