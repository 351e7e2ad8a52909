/** Questions that share statements, and statements that the server keeps parsed. */
import { setImmediate } from "node:timers/promises"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Client } from "../src/database/Client.ts"
import { open, type Pool } from "../src/database/pool.ts"
import { Gathered } from "../src/Gathered.ts"
import { freshDatabase } from "./support/databases.ts"

describe("questions that are asked at the same time", () => {
  /** What was sent, and the way to let the oldest of it return. */
  const held = (isOfAll = false) => {
    const sent: Array<ReadonlyArray<number>> = []
    const answers: Array<() => void> = []
    const gathered = new Gathered<number, number>({
      send: (questions) => {
        sent.push(questions)
        return new Promise((resolve, reject) =>
          answers.push(() =>
            questions.includes(13) ? reject(new Error("13")) : resolve(questions.map((question) => question * 2))
          )
        )
      },
      isOfAll: () => isOfAll
    })
    return { sent, gathered, next: () => answers.shift()?.() }
  }

  it("go out together with those that came while two statements were on their way", async () => {
    const { gathered, next, sent } = held()
    const first = [1, 2].map((one) => gathered.answer(one))
    await setImmediate()
    const second = gathered.answer(3)
    await setImmediate()
    const rest = [4, 5, 6].map((one) => gathered.answer(one))
    await setImmediate()
    expect(sent).toEqual([[1, 2], [3]])
    next()
    expect(await Promise.all(first)).toEqual([2, 4])
    await setImmediate()
    expect(sent).toEqual([[1, 2], [3], [4, 5, 6]])
    next()
    next()
    expect(await Promise.all([second, ...rest])).toEqual([6, 8, 10, 12])
  })

  it("do not wait for a statement that hangs", async () => {
    const { gathered, next, sent } = held()
    const hanging = [1, 2].map(async (one) => {
      const answer = gathered.answer(one)
      await setImmediate()
      return answer
    })
    await setImmediate()
    const more = Array.from({ length: 100 }, (_, at) => gathered.answer(100 + at))
    await expect.poll(() => sent.length, { timeout: 5_000 }).toBeGreaterThan(2)
    expect(sent.every((one) => one.length <= 64)).toBe(true)
    while (sent.flat().length < 102) await setImmediate()
    for (let at = 0; at < 10; at++) next()
    expect((await Promise.all(more)).at(-1)).toBe(398)
    expect(await Promise.all(hanging)).toEqual([2, 4])
  })

  it("fail alone when one of them is refused, and together when the way is cut", async () => {
    const one = held()
    const refused = [12, 13, 14].map((question) => one.gathered.answer(question).catch((cause: Error) => cause.message))
    await setImmediate()
    one.next()
    await setImmediate()
    expect(one.sent).toEqual([[12, 13, 14], [12], [13], [14]])
    for (let at = 0; at < 3; at++) one.next()
    expect(await Promise.all(refused)).toEqual([24, "13", 28])
    const cut = held(true)
    const lost = [12, 13].map((question) => cut.gathered.answer(question).catch((cause: Error) => cause.message))
    await setImmediate()
    cut.next()
    expect(await Promise.all(lost)).toEqual(["13", "13"])
    expect(cut.sent).toEqual([[12, 13]])
  })
})

describe("a statement that is sent often", () => {
  class Pooled extends Client {
    override get isDirect(): boolean {
      return false
    }
  }

  const query = async (pool: Pool, text: string, values: ReadonlyArray<unknown> = []) => {
    const lease = await pool.take()
    try {
      return (await lease.query<{ readonly [column: string]: unknown }>(text, values)).rows
    } finally {
      lease.release()
    }
  }
  const names = (pool: Pool) => query(pool, "select name from pg_prepared_statements")

  it.live("is parsed once a connection, and again when the server has lost it or answers with other columns", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      yield* Effect.promise(async () => {
        const options = { url: Redacted.value(url), size: 1, connectSeconds: 5, onLost: () => undefined }
        const pool = open(options)
        const other = open(options)
        const text = "select * from portolan.read_token($1)"
        const make = (type: string) =>
          query(
            other,
            `do $$ begin create schema if not exists portolan; drop function if exists portolan.read_token;
              create function portolan.read_token(n integer) returns table (m ${type}) language sql
              return n::${type}; end $$`
          )
        await make("integer")
        for (let at = 0; at < 3; at++) expect(await query(pool, text, [7])).toEqual([{ m: 7 }])
        expect(await names(pool)).toHaveLength(1)
        await make("text")
        expect(await query(pool, text, [7])).toEqual([{ m: "7" }])
        await query(other, text, [7])
        await query(other, "deallocate all")
        expect(await query(other, text, [8])).toEqual([{ m: "8" }])
        const pooled = open({ ...options, Client: Pooled })
        expect(await query(pooled, text, [9])).toEqual([{ m: "9" }])
        expect(await names(pooled)).toEqual([])
        await Promise.all([pool, other, pooled].map(({ close }) => close(1_000)))
      })
    }).pipe(Effect.scoped)
  )
})
