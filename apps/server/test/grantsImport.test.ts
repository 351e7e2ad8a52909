/** Files of tokens: each row by itself, again without harm, and no token in any report. */
import { describe, expect, it } from "vitest"
import { importTokens, type LineReport } from "../src/grants/importTokens.ts"
import { readRows } from "../src/grants/tokenRows.ts"

const target = { url: "https://connect.example.com", apiKey: "key-1" }

/** An installation that knows which tokens it has, and is busy now and then. */
const installation = () => {
  const taken = new Map<string, string>()
  const sent: Array<unknown> = []
  let isBusy = true
  const fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    const row: { readonly refreshToken: string; readonly connectionId: string } = JSON.parse(String(init.body))
    sent.push(row)
    isBusy = !isBusy
    if (!isBusy && sent.length < 3) return new Response("{}", { status: 429, headers: { "retry-after": "7" } })
    if (row.refreshToken.includes("dead")) {
      const problem = { type: "/problems/reauthorization-needed", detail: "The consent is over." }
      return new Response(JSON.stringify(problem), { status: 409 })
    }
    if (row.refreshToken.includes("cut")) throw new Error(`connection cut while sending ${row.refreshToken}`)
    const repeated = taken.has(row.refreshToken)
    taken.set(row.refreshToken, row.connectionId)
    return new Response(JSON.stringify({ outcome: "connected", repeated, grantId: "grt_1" }))
  }
  return { fetch, sent, taken }
}

const run = async (own: ReturnType<typeof installation>, text: string, report = "") => {
  const written: Array<LineReport> = []
  const waits: Array<number> = []
  const steps: Array<number> = []
  const totals = await importTokens(
    {
      fetch: own.fetch,
      wait: async (seconds) => void waits.push(seconds),
      write: (one) => void written.push(one),
      progress: (done) => void steps.push(done)
    },
    target,
    { text, report }
  )
  return { steps, totals, waits, written, report: written.map((one) => JSON.stringify(one)).join("\n") }
}

const lines = [
  JSON.stringify({ connectionId: "con_1", refreshToken: "Atzr|one", grantor: "A1" }),
  "",
  '{"connectionId": "con_2", "refreshToken": "Atzr|broken',
  JSON.stringify({ connectionId: "con_3", refreshToken: "Atzr|dead" }),
  JSON.stringify({ connectionId: "con_4", refreshToken: "Atzr|cut" }),
  JSON.stringify({ connectionId: "", refreshToken: "Atzr|homeless" }),
  JSON.stringify({ connectionId: "con_5", refreshToken: "Atzr|five" })
].join("\n")

describe("an import of tokens", () => {
  it("reports each row by its line, whatever the others are, and repeats no token", async () => {
    const own = installation()
    const first = await run(own, lines)
    expect(first.totals).toEqual({ connected: 2, waiting: 0, refused: 2, odd: 2, passedOver: 0 })
    expect(first.written.map(({ line, outcome, problem }) => [line, outcome, problem])).toEqual([
      [1, "connected", undefined],
      [3, "odd", undefined],
      [4, "refused", "reauthorization-needed"],
      [5, "refused", "unreachable"],
      [6, "odd", undefined],
      [7, "connected", undefined]
    ])
    expect(first.waits[0]).toBe(7)
    expect(first.steps).toEqual([1, 2, 3, 4, 5, 6])
    expect(first.report).not.toContain("Atzr")
    expect(first.report).not.toMatch(/broken|homeless|key-1/)

    // Ended in the middle of a line of its report, and started again: what is done is not sent again.
    const before = own.sent.length
    const again = await run(own, lines, `${first.report}\n{"line":7,"connectio`)
    expect(again.totals).toMatchObject({ passedOver: 2, refused: 2, odd: 2 })
    expect(own.sent.slice(before).some((row) => JSON.stringify(row).includes("Atzr|one"))).toBe(false)
    // Without its report, the installation knows the tokens.
    const anew = await run(own, lines)
    expect(anew.written.find(({ line }) => line === 1)).toMatchObject({ outcome: "connected", repeated: true })
    expect(own.taken.size).toBe(2)
  })

  it("reads CSV with quotes, and says what is wrong with a file or a line without repeating it", () => {
    const csv = 'connectionId,refreshToken,confirmed\r\ncon_1,"Atzr|a,""b""",true\r\ncon_2\r\ncon_3,"open\r\n'
    expect(readRows(`\uFEFF${csv}`)).toEqual([
      { line: 2, row: { connectionId: "con_1", refreshToken: 'Atzr|a,"b"', confirmed: true } },
      { line: 3, row: { odd: "it has 1 cells, the header 3" } },
      { line: 4, row: { odd: "its quotes do not close" } }
    ])
    expect(readRows("")).toEqual({ unreadable: "The file is empty." })
    expect(readRows("Atzr|secret,con_1")).toEqual({
      unreadable: "The header line lacks connectionId and refreshToken."
    })
    expect(JSON.stringify(readRows("connectionId,refreshToken,Atzr|x"))).not.toContain("Atzr")
  })
})
