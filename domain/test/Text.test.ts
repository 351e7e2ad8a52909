/** What people may type, and what becomes of what providers send. */
import { describe, expect, it } from "@effect/vitest"
import { Text } from "@portolan/domain"
import { Arbitrary, Result, Schema } from "effect"
import { between, oneOf, texts } from "./support/values.ts"

const decode = Schema.decodeUnknownResult(Text.NameInput)
const taken = (text: string) => Result.getOrElse(decode(text), () => undefined)
const points = (...codes: ReadonlyArray<number>) => String.fromCodePoint(...codes)
const anyText = oneOf(
  texts,
  Arbitrary.map(Arbitrary.array(between(0, 0x10ffff), { maxLength: 400 }), (codes) => points(...codes))
)

/** Characters of one and of two code units, and halves of the latter. */
const oneOfCharacters = Schema.Literals(["a", "é", "🧭", "𠮷", "\ud83e", "\uddad"])

describe("a name that is typed", () => {
  it("is taken without the space around it", () => {
    expect(taken("  North \t")).toBe("North")
    expect(taken("O’Brien & Söhne 株式会社 🧭")).toBe("O’Brien & Söhne 株式会社 🧭")
  })

  it("has 1 to 120 characters", () => {
    expect(taken("n".repeat(120))).toHaveLength(120)
    for (const wrong of ["", "   ", "n".repeat(121), "🧭".repeat(61)]) expect(taken(wrong)).toBeUndefined()
  })

  it("holds no control characters, line ends, lone surrogates, byte order marks or changes of direction", () => {
    const wrong = [
      0x00, 0x07, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xd800,
      0xdfff
    ]
    expect(wrong.filter((code) => taken(`a${points(code)}b`) !== undefined)).toEqual([])
  })

  it("is no web address, which an email would carry as a link", () => {
    for (const wrong of ["Prize: http://evil.example/win", "ftp://x"]) expect(taken(wrong)).toBeUndefined()
    for (const fine of ["Booking.com", "Müller & Söhne: Nord", "A/B"]) expect(taken(fine)).toBe(fine)
  })

  it("can be seen: characters without a shape may stand within it, and make no name alone", () => {
    const blank = [0xad, 0x200b, 0x200d, 0x2060, 0x2800, 0x3164, 0xffa0, 0xfe0f, 0x0301]
    expect(
      blank.filter((code) => taken(points(code)) !== undefined || taken(points(code, 0x20, code)) !== undefined)
    ).toEqual([])
    expect(taken("👩‍👩‍👧")).toBe("👩‍👩‍👧")
    expect(taken("می‌خواهم")).toBe("می‌خواهم")
  })

  it.prop(
    "is the same when it is typed again",
    [anyText],
    ([text]) => {
      const name = taken(text)
      if (name === undefined) return
      expect(taken(name)).toBe(name)
      expect(Result.isSuccess(Schema.decodeUnknownResult(Text.Name)(name))).toBe(true)
      expect(name.isWellFormed()).toBe(true)
    },
    { arbitrary: { runs: 300 } }
  )
})

describe("text from a provider", () => {
  it.prop(
    "is always readable, at most 300 characters, and never cut within one",
    [anyText, between(280, 300)],
    ([text, padding]) => {
      for (const sent of [text, "n".repeat(padding) + text]) {
        const shown = Text.fromProvider(sent)
        expect(shown.length).toBeLessThanOrEqual(300)
        expect(shown.isWellFormed()).toBe(true)
        expect(shown).toBe(shown.trim())
        expect(Text.fromProvider(shown)).toBe(shown)
        expect(/\p{Cc}|\p{Cs}|[\u2028-\u202e\u2066-\u2069\ufeff]/u.test(shown)).toBe(false)
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it("leaves ordinary words alone", () => {
    expect(Text.fromProvider(" Not authorized: 需要权限 ")).toBe("Not authorized: 需要权限")
  })
})

describe("the beginning of a text", () => {
  it.prop(
    "has whole characters alone, and as many as there is room for",
    [Arbitrary.schema(Schema.Array(oneOfCharacters).check(Schema.isMaxLength(20))), between(0, 24)],
    ([characters, limit]) => {
      const text = characters.join("")
      const kept = Text.cut(text, limit)
      expect(kept.isWellFormed()).toBe(true)
      expect(text.toWellFormed().startsWith(kept)).toBe(true)
      expect(kept.length).toBeLessThanOrEqual(limit)
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(text.length, limit - 1))
    }
  )

  it("leaves half a character out", () => {
    expect(Text.cut("ab🧭", 3)).toBe("ab")
    expect(Text.cut("ab🧭", 4)).toBe("ab🧭")
    expect(Text.cut("a\ud83e", 5)).toBe("a\ufffd")
  })
})

describe("a line", () => {
  it.prop(
    "is one readable line within its limit, and the same when it is made again",
    [anyText, between(1, 200)],
    ([text, limit]) => {
      const line = Text.line(text, limit)
      expect(line.length).toBeLessThanOrEqual(limit)
      expect(line.isWellFormed()).toBe(true)
      expect(/\p{Cc}|\p{Cs}|[\u2028-\u202e\u2066-\u2069\ufeff]| {2}/u.test(line)).toBe(false)
      expect(Text.line(line, limit)).toBe(line)
    },
    { arbitrary: { runs: 300 } }
  )

  it("keeps words, turns line breaks into spaces and shows that it was cut", () => {
    expect(Text.line(" Dana\r\nBcc: x@example.com\t", 80)).toBe("Dana Bcc: x@example.com")
    expect(Text.line("n".repeat(2_000_000), 10)).toBe("nnnnnnnnn…")
    expect(Text.line("🧭🧭🧭", 5)).toBe("🧭🧭…")
    expect(Text.line("\r\n", 5)).toBe("")
  })
})

describe("an e-mail address", () => {
  const email = (text: string) => Result.getOrElse(Schema.decodeUnknownResult(Text.EmailInput)(text), () => undefined)
  it("is taken without the space around it, in small letters", () => {
    expect(email(" Dana.Whitlock+x@Example.COM ")).toBe("dana.whitlock+x@example.com")
    expect(email("kirsten@bücher.example")).toBe("kirsten@bücher.example")
  })

  it("has one @, a domain with a dot, no white space and nothing that a mail header could read as a second address", () => {
    for (const wrong of [
      "",
      "a",
      "@b.c",
      "a@",
      "a@b",
      "a@b@c.d",
      "a b@c.d",
      "a@b.c\r\nBcc: x@y.z",
      "a@b.c,x@y.z",
      "<a@b.c>",
      "a;b@c.d",
      `${"a".repeat(65)}@b.c`,
      `a@${"b".repeat(251)}.c`,
      "a\u0000@b.c",
      "a\u202e@b.c",
      // Other ways to write a mailbox that has an address here already, with limits of its own.
      "a\u200b@b.c",
      "a@b.c\u200b",
      "a@b\u00ad.c",
      "a@b.c\ufe0f",
      "a@b\uff0ec.d",
      "a@\uff42.c",
      "a@b.c/d",
      "a@b.c?d",
      "a@b.c#",
      "a@b..c",
      "a@b.c."
    ])
      expect(email(wrong), wrong).toBeUndefined()
  })
})

describe("names that read alike", () => {
  it("are folded to one", () => {
    expect(new Set(["Alpha  Beta", "ALPHA BETA", " alpha beta ", "Ａｌｐｈａ Ｂｅｔａ"].map(Text.folded)).size).toBe(1)
    expect(Text.folded("Alpha")).not.toBe(Text.folded("Alphá"))
  })
})
