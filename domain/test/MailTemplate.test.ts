import { describe, expect, it } from "@effect/vitest"
import { MailTemplate } from "@portolan/domain"

const { make } = MailTemplate

const greeting = (name: string) => make({ subject: "Welcome", name, parts: [], smallPrint: [] }).text.split("\n")[0]

describe("the greeting of an email", () => {
  it("names a person", () => {
    for (const name of [
      "Ada Ferrer",
      "J. R. Tolkien",
      "Dr. Nora Meyer-Lüdenscheidt",
      "O\u2019Neill, Jr.",
      "\u674e\u96f7"
    ]) {
      expect(greeting(name)).toBe(`Hello ${name},`)
    }
  })

  it("repeats no address that somebody typed as their name", () => {
    for (const name of [
      "Win at evil.example now",
      "https://evil.example",
      "evil.example/x",
      "me@evil.example",
      "www.evil.example",
      "Ev.il"
    ]) {
      expect([name, greeting(name)]).toEqual([name, "Hello,"])
    }
  })
})
