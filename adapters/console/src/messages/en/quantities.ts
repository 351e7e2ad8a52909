/** How English writes quantities. */

/** How many there are, or more than so many where counting stopped. */
export interface Total {
  readonly count: number
  readonly isCapped: boolean
}

/** A number alone: `1,200`. */
export const number = (quantity: number): string => quantity.toLocaleString("en-GB")

/** A total: `501`, `more than 10,000`. */
export const total = ({ count, isCapped }: Total): string => `${isCapped ? "more than " : ""}${number(count)}`

/** A number with its noun: `1 account`, `2 accounts`, `1,200 accounts`. */
export const count = (quantity: number, one: string, many = `${one}s`): string =>
  `${number(quantity)} ${quantity === 1 ? one : many}`
