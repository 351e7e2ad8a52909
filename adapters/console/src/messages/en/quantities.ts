/** How English writes quantities. */

/** A number with its noun: `1 account`, `2 accounts`, `1,200 accounts`. */
export const count = (quantity: number, one: string, many = `${one}s`): string =>
  `${quantity.toLocaleString("en-GB")} ${quantity === 1 ? one : many}`
