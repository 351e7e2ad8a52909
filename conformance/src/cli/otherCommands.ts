/** What the command does beside running laws. */
import { existsSync } from "node:fs"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { compare, line } from "../compare.ts"
import { cells, coverages, figures, page as table } from "../coverage/table.ts"
import { page } from "../html.ts"
import { junit } from "../junit.ts"
import type { Report } from "../Report.ts"
import { reportSchema } from "../Version.ts"
import type { Options } from "./options.ts"
import { Usage } from "./Usage.ts"

/** Where the command writes to, a line at a time. */
export interface Output {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

/** Writes report.json, junit.xml and report.html into a folder, which is made when it is not there. */
export const writeReports = async (folder: string, reports: ReadonlyArray<Report>): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, "report.json"), `${JSON.stringify(reports, undefined, 2)}\n`)
  await writeFile(join(folder, "junit.xml"), junit(reports))
  await writeFile(join(folder, "report.html"), page(reports))
}

/** Tells which laws are about what, or why none is; ends with 1 when a cell is empty. */
export const matrix = ({ json, ports }: Options, { out }: Output): number => {
  const own = cells.filter(({ port }) => ports.length === 0 || ports.includes(port))
  if (own.length === 0) throw new Usage(`there is no port '${ports.join(", ")}'; list tells them`)
  const all = figures(own)
  if (json) out(JSON.stringify({ ...all, table: own }, undefined, 2))
  else {
    for (const { port } of coverages) {
      if (own.some((cell) => cell.port === port)) out(`## ${port}\n\n${table(port)}\n`)
    }
    out(`${all.cells} cells: ${all.covered} with laws, ${all.reasoned} with a reason, ${all.empty} empty`)
  }
  return all.empty === 0 ? 0 : 1
}

/** What the mutation tool of a clone offers. */
interface Tool {
  readonly mutate: (
    subject: string,
    choice: { readonly only?: string | undefined; readonly after: (line: string) => void }
  ) => Promise<{
    readonly mutants: number
    readonly killed: number
    readonly survived: number
    readonly equivalent: number
    readonly score: number
  }>
}

/** Changes the source of a subject; ends with 1 when less than 95 per cent of what is not equivalent was noticed. */
export const mutateSource = async ({ json, only, subject }: Options, { err, out }: Output): Promise<number> => {
  const address = new URL("../../mutate/mutate.ts", import.meta.url)
  if (!existsSync(fileURLToPath(address))) throw new Usage("mutate works on the sources of a clone of Portolan")
  const { mutate }: Tool = await import(address.href)
  const result = await mutate(subject, { only, after: json ? err : out })
  const { equivalent, killed, mutants, score, survived } = result
  if (json) out(JSON.stringify(result, undefined, 2))
  else
    out(`${mutants} changes: ${killed} noticed, ${equivalent} equivalent, ${survived} not noticed: ${score} per cent`)
  return score >= 95 ? 0 : 1
}

const isReports = (value: unknown): value is ReadonlyArray<Report> =>
  Array.isArray(value) &&
  value.every(
    (each: unknown) => typeof each === "object" && each !== null && "schema" in each && each.schema === reportSchema
  )

const readReports = async (file: string): Promise<ReadonlyArray<Report>> => {
  if (!existsSync(file)) throw new Usage(`report: there is no file '${file}'`)
  const read: unknown = JSON.parse(await readFile(file, "utf8"))
  if (!isReports(read)) throw new Usage(`'${file}' holds no reports of the form ${reportSchema}`)
  return read
}

/** Writes the reports of a file to a folder, or tells two files apart; ends with 1 when something got worse. */
export const compareOrWrite = async ({ json, operands, out: folder }: Options, { out }: Output): Promise<number> => {
  const [first, second] = operands
  if (first === undefined) throw new Usage("report takes the file of one report, or of two to compare")
  const reports = await readReports(first)
  if (second === undefined) {
    if (folder === undefined) throw new Usage("report writes to the folder that --out names")
    await writeReports(folder, reports)
    return 0
  }
  const differences = compare(reports, await readReports(second))
  if (json) out(JSON.stringify(differences, undefined, 2))
  else for (const difference of differences) out(line(difference))
  if (!json && differences.length === 0) out("no law has another verdict")
  return differences.some(({ isBetter }) => !isBetter) ? 1 : 0
}
