/** Repositories that alter what they store: REPO-25. */
import { Aggregate, Job } from "@portolan/domain"
import { Option, Schema } from "effect"
import { mutant } from "./mutant.ts"

/** Stores as JSON, whose texts somebody changes on the way. */
const through = (alter: (text: string) => string) => {
  const codecs = [...Object.values(Aggregate.machines).flatMap(({ Event, State }) => [State, Event]), Job.Job].map(
    (schema) => {
      const codec = Schema.toCodecJson<Schema.Codec<unknown, unknown>>(schema)
      return { is: Schema.is(schema), encode: Schema.encodeSync(codec), decode: Schema.decodeUnknownOption(codec) }
    }
  )
  return <A>(value: A): A => {
    const codec = codecs.find(({ is }) => is(value))
    if (codec === undefined) return value
    // What cannot be read any more after it was altered is left as it was.
    const stored = JSON.parse(JSON.stringify(codec.encode(value)), (_, part: unknown) =>
      typeof part === "string" ? alter(part) : part
    )
    const altered = codec.decode(stored)
    // What a codec gives back is what it was given, but for what was altered.
    return Option.getOrElse(altered, () => value) as A
  }
}

/** Leaves the zone out. */
export const dateLocal = mutant("repo-date-local", "REPO-25", "Stores instants in local time, without the zone.", {
  faultPoints: {
    keep: through((text) =>
      text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (instant) =>
        new Date(Date.parse(instant) - 7_200_000).toISOString()
      )
    )
  }
})

/** Cannot hold every character. */
export const stripsText = mutant("repo-strips-text", "REPO-25", "Drops characters that its text columns cannot hold.", {
  faultPoints: { keep: through((text) => text.replace(/[\0\p{Cs}\u{10000}-\u{10ffff}]/gu, "")) }
})
