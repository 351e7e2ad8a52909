/** Cuts a subject off from its database again and again under load, and counts what that did. */
import { pause, within } from "../processes/random.ts"
import { type Request, client, everything, type Notes } from "./Client.ts"
import { follow } from "./follow.ts"
import { addCompany, invite, type Ledger, load } from "./load.ts"
import { countOnce, type Report } from "./Report.ts"
import type { Fault, Subject } from "./Subject.ts"

/** A run. */
export interface Run {
  readonly subject: Subject
  readonly faults: ReadonlyArray<Fault>
  readonly cuts: number
  readonly chance: () => number
  /** How long is waited at the end until everything was told and mailed, in milliseconds. */
  readonly drainMillis?: number
  /** Hears of every cut and every finding, in a line each. */
  readonly say?: (line: string) => void
}

/** Most invitations of a run; an organization may send 200 mails a day to people outside. */
const mostInvitations = 180

/** How long is waited for a subject to come back. */
const recoveryMillis = 60_000

const lanes = { writers: 3, readers: 3 }

interface Bench {
  readonly subject: Subject
  readonly request: Request
  readonly ledger: Ledger
  readonly drainMillis: number
}

/** Waits until the server reads and writes; with `email`, until a worker has done a piece of work that is new, too. */
const recovered = async (
  { request, ledger, subject }: Bench,
  name: string,
  email: string | undefined
): Promise<boolean> => {
  const until = performance.now() + recoveryMillis
  const isOver = () => performance.now() > until
  const ready = await within(recoveryMillis, async () => await request("GET", "/readyz"))
  if (ready === undefined) return false
  if (!(await addCompany(request, ledger, name, isOver))) return false
  if (email === undefined) return true
  if (!(await invite(request, ledger, email, isOver))) return false
  const isMailed = async () => ((await subject.mailedTo()).includes(email) ? true : undefined)
  return (await within(until - performance.now(), isMailed)) ?? false
}

interface Seen {
  readonly lost: ReadonlyArray<string>
  readonly doubled: ReadonlyArray<string>
}

/** The history at one moment, and what a listener was told of it. */
interface Stream {
  readonly positions: ReadonlyArray<string>
  readonly received: ReadonlyArray<string>
}

/** Compares what was acknowledged and received with what is there. */
const audit = async (
  { request, ledger, subject }: Bench,
  first: number,
  { positions, received }: Stream
): Promise<Seen> => {
  const companies = await everything(request, "/v1/companies?search=Chaos")
  const mailed = (await subject.mailedTo()).filter((address) => ledger.invited.includes(address))
  const parts: ReadonlyArray<readonly [string, Seen]> = [
    [
      "company",
      countOnce(
        ledger.companies,
        companies.map(({ name }) => String(name))
      )
    ],
    [
      "event",
      countOnce(
        positions.map((_, index) => String(first + index + 1)),
        positions
      )
    ],
    ["told event", countOnce(positions, received)],
    ["mail", countOnce(ledger.invited, mailed)],
    ["work", await subject.audit()]
  ]
  const all = (pick: (seen: Seen) => ReadonlyArray<string>) =>
    parts.flatMap(([what, seen]) => pick(seen).map((name) => `${what} ${name}`))
  return { lost: all(({ lost }) => lost), doubled: all(({ doubled }) => doubled) }
}

/**
 * Waits until every invitation was mailed, reads the history, and waits until the listener has its last event. What a
 * worker appends after that reading counts for neither side.
 */
const drained = async (
  { request, ledger, drainMillis, subject }: Bench,
  first: number,
  received: ReadonlyArray<number>
): Promise<Stream> => {
  await within(drainMillis, async () => {
    const mailed = new Set(await subject.mailedTo())
    return ledger.invited.every((address) => mailed.has(address)) ? true : undefined
  })
  const positions = (await everything(request, `/v1/events?after=${first}`)).map(({ position }) => Number(position))
  const last = positions.at(-1) ?? first
  await within(drainMillis, async () => ((received.at(-1) ?? first) >= last ? true : undefined))
  return { positions: positions.map(String), received: received.filter((position) => position <= last).map(String) }
}

/** Strikes once after some load, and gives the seconds until everything worked again. */
const cut = async (
  bench: Bench,
  fault: Fault,
  names: { readonly company: string; readonly email: string | undefined }
) => {
  await fault.strike()
  const from = performance.now()
  const isBack = await recovered(bench, names.company, names.email)
  return { isBack, seconds: (performance.now() - from) / 1_000 }
}

/** Runs. */
export const chaos = async (run: Run): Promise<Report> => {
  const { chance, cuts, faults, say = () => undefined, drainMillis = recoveryMillis, subject } = run
  const notes: Notes = { hung: 0, odd: new Map() }
  const request = client(subject, notes)
  const ledger: Ledger = { companies: [], invited: [] }
  const bench: Bench = { subject, request, ledger, drainMillis }
  const first = Number((await everything(request, "/v1/events")).at(-1)?.position ?? 0)
  const listener = follow(subject, first)
  const stop = load(request, ledger, lanes)
  const inviteEvery = Math.ceil(cuts / mostInvitations)
  let died = 0
  let worst = 0
  for (let count = 0; count < cuts; count++) {
    const fault = faults[count % faults.length]
    if (fault === undefined) break
    await pause(100 + chance() * 400)
    const email = count % inviteEvery === 0 ? `chaos-${count}@example.com` : undefined
    const { isBack, seconds } = await cut(bench, fault, { company: `Chaos cut-${count}`, email })
    if (!isBack) notes.hung += 1
    worst = Math.max(worst, seconds)
    const deaths = await subject.deaths()
    died += deaths.length
    say(`${count + 1}/${cuts} ${fault.name}: ${isBack ? "back" : "not back"} after ${seconds.toFixed(2)} s`)
    for (const death of deaths) say(`  died: ${death}`)
  }
  await stop()
  const stream = await drained(bench, first, listener.positions)
  await listener.stop()
  const { doubled, lost } = await audit(bench, first, stream)
  for (const one of lost) say(`lost: ${one}`)
  for (const one of doubled) say(`doubled: ${one}`)
  for (const [place, times] of notes.odd) say(`odd answer, ${times} times: ${place}`)
  say(`${ledger.companies.length} companies, ${ledger.invited.length} invitations, ${listener.positions.length} events`)
  return {
    cuts,
    died,
    lost: lost.length,
    doubled: doubled.length,
    hung: notes.hung,
    worstRecoverySeconds: Math.round(worst * 100) / 100
  }
}
