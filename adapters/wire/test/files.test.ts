/** Files as providers send them: packed in any way, as tables or JSON, whole or not at all. */
import { deflateRawSync, gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import fc from "fast-check"
import { Charset, Table, Unpack } from "../src/index.ts"
import { failure } from "./support.ts"

/** A zip archive; `streamed` leaves the sizes out of the local header, as streams do. */
const zip = (name: string, content: string, { method = 8, streamed = false } = {}): Buffer => {
  const raw = Buffer.from(content)
  const packed = method === 8 ? deflateRawSync(raw) : raw
  const title = Buffer.from(name)
  const header = (sizes: boolean) => {
    const bytes = Buffer.alloc(26)
    bytes.writeUInt16LE(method, 4)
    if (sizes) bytes.writeUInt32LE(packed.length, 14)
    if (sizes) bytes.writeUInt32LE(raw.length, 18)
    bytes.writeUInt16LE(title.length, 22)
    return bytes
  }
  const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), header(!streamed), title, packed])
  const central = Buffer.concat([
    Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"),
    header(true),
    Buffer.alloc(14),
    title
  ])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, central, Buffer.from("PK\u0005\u0006", "latin1"), end])
}

describe("a file", () => {
  const text = "a,b\n1,2\n".repeat(50)
  const opened = (bytes: Uint8Array, limit = 10_000) =>
    Effect.map(Unpack.unpack(bytes, limit), (found) => Buffer.from(found).toString())

  it.effect("is unpacked by its first bytes", () =>
    Effect.gen(function* () {
      for (const bytes of [
        gzipSync(text),
        zip("a.csv", text),
        zip("a.csv", text, { streamed: true }),
        zip("a.csv", text, { method: 0 }),
        gzipSync(gzipSync(text)),
        Buffer.from(text)
      ]) {
        expect(yield* opened(bytes)).toBe(text)
        expect((yield* failure(opened(bytes, 100)))._tag).toBe("RequestRefused")
      }
      const whole = zip("a.csv", text)
      expect((yield* failure(opened(whole.subarray(0, 40))))._tag).toBe("Temporary")
      expect((yield* failure(opened(zip("folder/", ""))))._tag).toBe("Temporary")
      expect((yield* failure(opened(gzipSync(text).subarray(0, -4))))._tag).toBe("Temporary")
      expect((yield* failure(opened(zip("a.csv", text, { method: 12 }))))._tag).toBe("Temporary")
    })
  )

  it("is looked into without ever failing", () => {
    const start = Buffer.from("PK\u0003\u0004", "latin1")
    const end = Buffer.from("PK\u0005\u0006", "latin1")
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.uint8Array(),
        (one, two) => void Unpack.entries(Buffer.concat([start, one, end, two]))
      )
    )
    const whole = zip("a.csv", text)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (index, value) => {
        const damaged = Buffer.from(whole)
        damaged[index] = value
        Unpack.entries(damaged)
      })
    )
  })

  it("of a table gives back every cell that was written", () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom("", "a,b", '"', "two\nlines", "\r\n", " x "))
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 })
      )
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n", "\r"), fc.boolean(), (records, ending, closed) => {
        const written = records
          .map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(","))
          .join(ending)
        expect(Option.getOrThrow(Table.records(written + (closed ? ending : "")))).toEqual(records)
      })
    )
  })

  it("that is no table is none", () => {
    for (const bad of ['a,"b\n', 'a,b"c"\n', '"a"b,c\n']) expect(Option.isNone(Table.records(bad))).toBe(true)
    fc.assert(fc.property(fc.string(), (any) => void Table.read(any)))
  })
})

describe("the lines of a file", () => {
  const read = (text: string) =>
    Option.map(Table.read(text), ({ lines, odd, total }) => [lines.length, odd.length, total !== undefined])

  it.each<[string, string, ReadonlyArray<unknown> | undefined]>([
    ["a table", "a,b\n1,2\n3,4\n", [2, 0, false]],
    ["a table with semicolons", 'a;b\n1;"2;3"\n', [1, 0, false]],
    ["a table with tabs", "a\tb\r\n1\t2\r\n", [1, 0, false]],
    ["a heading alone", "a,b\n", [0, 0, false]],
    ["a heading that comes again", "a,b\n1,2\na,b\n3,4\n", [2, 0, false]],
    ["a line of sums", "a,b\n1,2\nTotal,2\n", [1, 0, true]],
    ["a line that is short, within", "a,b\n1\n3,4\n", [1, 1, false]],
    ["a line that is long", "a,b\n1,2,3\n3,4\n", [1, 1, false]],
    ["a last line that is cut", "a,b\n1,2\n3", undefined],
    ["a list", '[{"a":1},{"a":2}]', [2, 0, false]],
    ["a list with something else in it", '[{"a":1},7]', [1, 1, false]],
    ["a list within", '{"rows":[{"a":1}],"n":1}', [1, 0, false]],
    ["an object a line", '{"a":1}\n{"a":2}\n', [2, 0, false]],
    ["one object", '{"a":1}', [1, 0, false]],
    ["an object a line, one broken", '{"a":1}\n{"a"\n{"a":2}\n', [2, 1, false]],
    ["an object a line, cut", '{"a":1}\n{"a"', undefined],
    ["a list that is cut", '[{"a":1},{"a"', undefined],
    ["an error", '{"message":"no"}', undefined],
    ["two lists", '{"a":[],"b":[]}', undefined],
    ["nothing", " \n", undefined],
    ["a page", "<html></html>", undefined]
  ])("are read from %s", (_name, text, expected) => {
    expect(Option.getOrUndefined(read(text))).toEqual(expected)
  })

  it("have the names that were asked for, and names that repeat are told apart", () => {
    const table = Option.getOrThrow(Table.read("Campaign ID,DATE,x,x\n1,2,3,4\n"))
    expect(table.lines.map(Table.renamed(table.head, ["campaignId", "date"]))).toEqual([
      { campaignId: "1", date: "2", x: "3", "x (2)": "4" }
    ])
  })
})

it("bytes become text by a mark, as UTF-8, by the sets that are named, or not at all", () => {
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("ab", "utf16le")])
  expect(Charset.decode(utf16, [])).toBe("ab")
  expect(Charset.decode(Buffer.from("\ufeffé"), [])).toBe("é")
  expect(Charset.decode(Buffer.from([0xe9]), [undefined, "no-such-set", "windows-1252"])).toBe("é")
  expect(Charset.decode(Buffer.from([0x83, 0x89]), ["cp932"])).toBe("ラ")
  expect(Charset.decode(Buffer.from([0xe9]), [])).toBeUndefined()
  // Bytes that windows-1252 leaves free are no text in it.
  expect(Charset.decode(Buffer.from([0xe9, 0x81]), ["windows-1252"])).toBeUndefined()
})
