/** What some program takes for the end of a line, or a terminal for a command, and JSON leaves as it is. */
const unsafe = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/gu

const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`

/**
 * A value as a line of JSON, without its end. Whatever text is in it stays within its line for every reader: line
 * separators of Unicode, control characters and marks that reverse text are escaped.
 * @see https://www.unicode.org/reports/tr14/#BK
 */
export const jsonLine = (value: unknown): string => JSON.stringify(value).replace(unsafe, escaped)
