/** Reads and writes side by side, and what was acknowledged of them. */
import { pause } from "../processes/random.ts"
import { type Request, insist } from "./Client.ts"

/** What the clients remember. */
export interface Ledger {
  /** Names of companies whose creation was acknowledged. */
  readonly companies: Array<string>
  /** Addresses of people whose invitation was acknowledged. */
  readonly invited: Array<string>
}

/** Adds a company and insists on an answer. */
export const addCompany = async (
  request: Request,
  ledger: Ledger,
  name: string,
  isOver = () => false
): Promise<boolean> => {
  const key = { "idempotency-key": crypto.randomUUID() }
  const heard = await insist(() => request("POST", "/v1/companies", { name, brand: name }, key), isOver)
  if (heard === undefined) return false
  ledger.companies.push(name)
  return true
}

/** Invites somebody and insists on an answer; a worker then sends them a mail. */
export const invite = async (
  request: Request,
  ledger: Ledger,
  email: string,
  isOver = () => false
): Promise<boolean> => {
  const key = { "idempotency-key": crypto.randomUUID() }
  const heard = await insist(() => request("POST", "/v1/members", { email, role: "viewer" }, key), isOver)
  if (heard === undefined) return false
  ledger.invited.push(email)
  return true
}

const reads = ["/v1/companies?limit=20", "/v1/events?limit=50", "/v1/connections?limit=20", "/v1/members?limit=20"]

/** Runs until it is stopped; then every write that is under way is insisted on to its end. */
export const load = (
  request: Request,
  ledger: Ledger,
  lanes: { readonly writers: number; readonly readers: number }
) => {
  const over = new AbortController()
  const writer = async (lane: number) => {
    for (let count = 0; !over.signal.aborted; count++) {
      await addCompany(request, ledger, `Chaos ${lane}-${count}`)
      await pause(20)
    }
  }
  const reader = async (lane: number) => {
    for (let count = lane; !over.signal.aborted; count++) {
      await request("GET", reads[count % reads.length] ?? "/v1/companies")
      await pause(20)
    }
  }
  const running = [
    ...Array.from({ length: lanes.writers }, (_, lane) => writer(lane)),
    ...Array.from({ length: lanes.readers }, (_, lane) => reader(lane))
  ]
  return async () => {
    over.abort()
    await Promise.all(running)
  }
}
