/**
 * A statement and the wait for its answer. The wait has a limit; and when nothing was heard for a while, the server is
 * asked on another connection whether it is still at work on this one. When it is not, the answer was lost on the way,
 * and nobody has to wait for the limit.
 */
import { setTimeout as pause } from "node:timers/promises"
import { asLost, type Client, ConnectionLost, isFatal } from "./Client.ts"

/** A statement, and how long its answer may take. */
export interface Question {
  readonly text: string
  readonly values?: ReadonlyArray<unknown>
  /** The name under which the server keeps it parsed for this connection. */
  readonly name?: string
  readonly millis: number
  /** Hears that there was no answer. */
  readonly onSilence?: () => void
  /** Whether the server is known to have nothing to do for this connection. */
  readonly isForgotten?: (client: Client) => Promise<boolean>
}

/** After so long without an answer the server is asked whether it is at work. */
export const doubtMillis = 2_000

/**
 * What the server had sent before it was asked lies in the socket, also when this process was busy; it is read within
 * this time.
 */
const graceMillis = 250

/** Asks again and again whether the server is at work; ends when it is not, or when the question `isOver`. */
const doubt = async (client: Client, isForgotten: (client: Client) => Promise<boolean>, isOver: () => boolean) => {
  while (!isOver() && !(await isForgotten(client))) await pause(doubtMillis)
  await pause(graceMillis)
}

/** Runs `late` when the time is over, or when the server has forgotten the question; gives the way to call it off. */
const after = (client: Client, { isForgotten, millis }: Question, late: () => void): (() => void) => {
  let isOver = false
  const lateUnlessOver = () => {
    if (!isOver) late()
  }
  const first = Math.min(millis, doubtMillis)
  let timer = setTimeout(() => {
    timer = setTimeout(lateUnlessOver, millis - first + graceMillis)
    if (first < millis && isForgotten !== undefined) {
      void doubt(client, isForgotten, () => isOver).then(lateUnlessOver)
    }
  }, first)
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

/** Sends a statement. A connection that gives no answer in time, or that the server ends, is cut. */
export const send = (client: Client, question: Question): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const { millis, name, onSilence, text, values = [] } = question
    const began = performance.now()
    const callOff = after(client, question, () => {
      const waited = Math.min(millis, Math.round(performance.now() - began))
      const lost = new ConnectionLost("STATEMENT_TIMEOUT", `no answer within ${waited} ms`)
      client.cut(lost)
      onSilence?.()
      reject(lost)
    })
    client
      .query({ text, values: [...values], ...(name === undefined ? {} : { name }) })
      .then(resolve, (cause: unknown) => {
        if (isFatal(cause)) client.cut(asLost(cause))
        reject(client.lost ?? cause)
      })
      .finally(callOff)
  })
