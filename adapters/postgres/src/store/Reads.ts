/**
 * Gathers what is read at the same time. Reads that begin within one turn of the event loop and see the same rows go
 * out as one statement, and equal ones among them are read once. Reads of the installation itself, which belong to no
 * customer, go along with those of any organization.
 *
 * A statement that the server refuses is taken apart, so that each read has its own answer or failure.
 */
import { Id } from "@portolan/domain"
import type { RawBuilder } from "kysely"
import { standardMillis, withStatementLimit } from "../database/statementLimit.ts"
import { ConnectionLost } from "../database/Client.ts"
import { inTime } from "./attempts.ts"
import { type Executor, readBatch, type Question, questionOf, type Row, type Scope } from "./batch.ts"
import { leavesOpen } from "./outcome.ts"

/** Reads by a key that go together: one query for all of their keys. */
export interface Family {
  /** What is read; reads of one name and one scope go together. */
  readonly name: string
  readonly query: (keys: ReadonlyArray<string>) => RawBuilder<unknown>
  /** The column that holds the key of a row. */
  readonly column: string
}

/** The rows of each question. */
type Answers = ReadonlyArray<ReadonlyArray<Row>>

interface Waiting {
  readonly resolve: (answers: Answers) => void
  readonly reject: (cause: unknown) => void
}

/** Something that is read, and who waits for which part of its answer. */
interface Entry {
  readonly scope: Scope
  readonly questions: (keys: ReadonlyArray<string>) => ReadonlyArray<Question>
  /** The answers for one key. */
  readonly part: (answers: Answers, key: string) => Answers
  readonly waiting: Map<string, Array<Waiting>>
}

/** The most entries of one statement. */
const mostTogether = 128

const whole = (answers: Answers): Answers => answers

const scopeText = ({ name, value }: Scope) => `${name}/${value}`

const isInstallation = ({ scope }: Entry) => scope.name === "organization" && scope.value === Id.installation

/** What waits for the end of this turn of the event loop. */
export class Reads {
  readonly #executor: Executor
  #entries = new Map<string, Entry>()

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** Reads in one scope; `each` follows for every organization that the rows name. Gives the rows of each question. */
  all(scope: Scope, query: RawBuilder<unknown>, each?: RawBuilder<unknown>): Promise<Answers> {
    const questions = [questionOf(this.#executor, scope, query)]
    if (each !== undefined) questions.push(questionOf(this.#executor, "each", each))
    const name = JSON.stringify([scopeText(scope), questions])
    return this.#wait(name, "", { scope, questions: () => questions, part: whole })
  }

  /** Reads the rows of one key. */
  async byKey(scope: Scope, { column, name, query }: Family, key: string): Promise<ReadonlyArray<Row>> {
    const [rows = []] = await this.#wait(JSON.stringify([scopeText(scope), name]), key, {
      scope,
      questions: (keys) => [questionOf(this.#executor, scope, query(keys))],
      part: ([all = []], one) => [all.filter((row) => row[column] === one)]
    })
    return rows
  }

  #wait(name: string, key: string, fresh: Omit<Entry, "waiting">): Promise<Answers> {
    return new Promise((resolve, reject) => {
      if (this.#entries.size === 0) setImmediate(() => this.#send())
      const entry = this.#entries.get(name) ?? { ...fresh, waiting: new Map<string, Array<Waiting>>() }
      this.#entries.set(name, entry)
      entry.waiting.set(key, [...(entry.waiting.get(key) ?? []), { resolve, reject }])
    })
  }

  #send(): void {
    const entries = [...this.#entries.values()]
    this.#entries = new Map()
    for (const together of groupsOf(entries)) void answer(this.#executor, together)
  }
}

/** Which entries go out together: those of one scope, and those of the installation with the first of them. */
const groupsOf = (entries: ReadonlyArray<Entry>): ReadonlyArray<ReadonlyArray<Entry>> => {
  const groups = new Map<string, Array<Entry>>()
  const customers = entries.find((entry) => entry.scope.name === "organization" && !isInstallation(entry))
  for (const entry of entries) {
    const { scope } = isInstallation(entry) ? (customers ?? entry) : entry
    const name = scopeText(scope)
    groups.set(name, [...(groups.get(name) ?? []), entry])
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / mostTogether) }, (_, at) =>
      group.slice(at * mostTogether, (at + 1) * mostTogether)
    )
  )
}

/** Sends one statement, and gives everybody who waits for it their part. */
const answer = async (executor: Executor, entries: ReadonlyArray<Entry>): Promise<void> => {
  const questions = entries.map((entry) => entry.questions([...entry.waiting.keys()]))
  try {
    const answers = await inTime(withStatementLimit(standardMillis, () => readBatch(executor, questions.flat())))
    let from = 0
    for (const [at, entry] of entries.entries()) {
      const to = from + (questions[at]?.length ?? 0)
      const own = answers.slice(from, to)
      for (const [key, waiting] of entry.waiting) {
        const part = entry.part(own, key)
        for (const { resolve } of waiting) resolve(part)
      }
      from = to
    }
  } catch (cause) {
    // A connection that was lost is lost for all; what the server refuses may be the fault of one.
    if (entries.length > 1 && !leavesOpen(cause) && !(cause instanceof ConnectionLost)) {
      await Promise.all(entries.map((entry) => answer(executor, [entry])))
      return
    }
    for (const { waiting } of entries) for (const one of waiting.values()) for (const { reject } of one) reject(cause)
  }
}
