/** What a row of the table of settings is made of. */
import { Schema } from "effect"

/** Text that is not empty. */
export const text = Schema.NonEmptyString
/** A port; 0 takes a free one. */
export const port = Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 0, maximum: 65_535 }))
/** A whole number from 1 on. */
export const count = (most: number) =>
  Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: most }))
/** A secret: no output shows it. */
export const secret = Schema.RedactedFromValue(text)
/** An address with one of these protocols. */
export const url = (...protocols: ReadonlyArray<string>) =>
  text.check(
    Schema.makeFilter((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
      expected: `an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`
    })
  )
/** Yes or no. */
export const yesNo = Schema.Literals(["yes", "no"])

/** A row. */
export interface Entry<S extends Schema.Top, Standard extends string | undefined = string | undefined> {
  readonly schema: S
  /** What is decoded when the variable is not set; undefined: the setting is optional. */
  readonly standard: Standard
  readonly expected: string
  readonly about: string
}

/** A setting that may be absent. */
export const entry = <S extends Schema.Top>(entry: Omit<Entry<S>, "standard">): Entry<S, undefined> => ({
  ...entry,
  standard: undefined
})

/** A setting with a default. */
export const withDefault = <S extends Schema.Top>(
  standard: string,
  entry: Omit<Entry<S>, "standard">
): Entry<S, string> => ({ ...entry, standard })
