/** What a person sees of a measurement: a bar while it runs, and lines of figures. */

const width = 30

/** A bar on the terminal's error output while something long runs; nothing where no person looks. */
export const bar = (): ((what: string, done: number) => void) => {
  const { stderr } = process
  if (!stderr.isTTY) return () => undefined
  return (what, done) => {
    const full = Math.round(Math.min(1, Math.max(0, done)) * width)
    const end = done >= 1 ? "\n" : ""
    stderr.write(
      `\r${"█".repeat(full)}${"░".repeat(width - full)} ${String(Math.round(done * 100)).padStart(3)} % ${what}${end}`
    )
  }
}

/** The value after an option, e.g. `--days 365`. */
export const option = (args: ReadonlyArray<string>, name: string): string | undefined => {
  const at = args.indexOf(`--${name}`)
  return at < 0 ? undefined : args[at + 1]
}

/** A whole number after an option. */
export const numberOption = (args: ReadonlyArray<string>, name: string, standard: number): number => {
  const value = Number(option(args, name) ?? standard)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number`)
  return value
}

/** Whole numbers with commas between them, after an option. */
export const numbersOption = (args: ReadonlyArray<string>, name: string, standard: string): ReadonlyArray<number> => {
  const values = (option(args, name) ?? standard).split(",").map(Number)
  if (values.some((value) => !Number.isSafeInteger(value) || value < 1)) {
    throw new Error(`--${name} takes whole numbers with commas between them`)
  }
  return values.toSorted((one, other) => one - other)
}
