/**
 * Sends the tokens of a file to an installation, one after the other, and writes what became of each. It may be ended
 * and started again at any moment: what is done is passed over, and the installation knows a token again.
 */
import { type Line, readRows, type TokenRow } from "./tokenRows.ts"

/** What became of a line. No token, and nothing of one, is in it. */
export interface LineReport {
  readonly line: number
  readonly connectionId?: string
  /** `odd`: the line itself is wrong. `refused`: the installation, or the provider, refused it. */
  readonly outcome: "connected" | "waiting" | "refused" | "odd"
  readonly repeated?: boolean
  readonly grantId?: string
  /** The type of the problem, such as `profile-held`. */
  readonly problem?: string
  readonly detail?: string
}

/** What an import needs of the outside. */
export interface ImportDeps {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly wait: (seconds: number) => Promise<void>
  /** Adds a line to the report. */
  readonly write: (report: LineReport) => void
  /** Says how far it has come. */
  readonly progress: (done: number, of: number) => void
}

/** Where the tokens go. */
export interface Target {
  /** The address of the installation, without a trailing slash. */
  readonly url: string
  /** A key of the organization, which may connect accounts. */
  readonly apiKey: string
}

/** How many lines came to what. */
export type Totals = { readonly [O in LineReport["outcome"]]: number } & { readonly passedOver: number }

/** How often a line is sent again when the installation asks for patience, or cannot be reached. */
const attempts = 6
/** The longest wait between two attempts, in seconds. */
const longestWait = 120

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null

const textIn = (body: unknown, name: string): string | undefined => {
  const value = isRecord(body) ? body[name] : undefined
  return typeof value === "string" ? value : undefined
}

const waitOf = (response: Response | undefined, attempt: number): number => {
  const seconds = Number(response?.headers.get("retry-after") ?? Number.NaN)
  return Math.min(longestWait, Number.isFinite(seconds) && seconds > 0 ? seconds : 2 ** attempt)
}

/** Whether it is worth sending a line again. */
const isPassing = (status: number, problem: string | undefined): boolean =>
  status === 429 || status >= 500 || problem === "changed-meanwhile"

const sendOnce = async ({ fetch }: ImportDeps, { apiKey, url }: Target, row: TokenRow) => {
  const response = await fetch(`${url}/v1/grants`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(row),
    redirect: "error"
  })
  const body: unknown = await response.json().catch(() => undefined)
  return { body, problem: textIn(body, "type")?.split("/").at(-1), response }
}

const unreachable = {
  outcome: "refused",
  problem: "unreachable",
  detail: "The installation cannot be reached."
} as const

/** Never repeats what went wrong in the words of a library: they could hold the request. */
const send = async (deps: ImportDeps, target: Target, row: TokenRow): Promise<Omit<LineReport, "line">> => {
  for (let attempt = 0; ; attempt++) {
    const sent = await sendOnce(deps, target, row).catch(() => undefined)
    const isLast = attempt + 1 >= attempts
    if (sent === undefined || isPassing(sent.response.status, sent.problem)) {
      if (!isLast) {
        await deps.wait(waitOf(sent?.response, attempt))
        continue
      }
      if (sent === undefined) return unreachable
    }
    const { body, problem, response } = sent
    const outcome = textIn(body, "outcome")
    if (response.ok && isRecord(body) && (outcome === "connected" || outcome === "waiting")) {
      const grantId = textIn(body, "grantId")
      return { outcome, repeated: body["repeated"] === true, ...(grantId === undefined ? {} : { grantId }) }
    }
    const detail = textIn(body, "detail")
    return {
      outcome: "refused",
      problem: problem ?? `status-${response.status}`,
      ...(detail === undefined ? {} : { detail })
    }
  }
}

/** The lines of a report that need not be sent again. */
const doneIn = (report: string): ReadonlySet<string> =>
  new Set(
    report.split("\n").flatMap((text) => {
      try {
        const one: unknown = JSON.parse(text)
        const outcome = textIn(one, "outcome")
        const isDone = isRecord(one) && (outcome === "connected" || outcome === "waiting")
        return isDone ? [`${String(one["line"])} ${textIn(one, "connectionId") ?? ""}`] : []
      } catch {
        // A report that was cut off in the middle of a line.
        return []
      }
    })
  )

const isOdd = (row: Line["row"]): row is { readonly odd: string } => "odd" in row

/** Imports a file. `report`: what an earlier run of the same file wrote; empty for the first one. */
export const importTokens = async (
  deps: ImportDeps,
  target: Target,
  { report, text }: { readonly text: string; readonly report: string }
): Promise<Totals | { readonly unreadable: string }> => {
  const lines = readRows(text)
  if ("unreadable" in lines) return lines
  const done = doneIn(report)
  const totals = { connected: 0, waiting: 0, refused: 0, odd: 0, passedOver: 0 }
  for (const [index, { line, row }] of lines.entries()) {
    if (isOdd(row)) {
      totals.odd += 1
      deps.write({ line, outcome: "odd", detail: row.odd })
    } else if (done.has(`${line} ${row.connectionId}`)) {
      totals.passedOver += 1
    } else {
      const came = await send(deps, target, row)
      totals[came.outcome] += 1
      deps.write({ line, connectionId: row.connectionId, ...came })
    }
    deps.progress(index + 1, lines.length)
  }
  return totals
}
