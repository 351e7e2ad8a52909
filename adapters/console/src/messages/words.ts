import { type ConsoleWords, en } from "./en.ts"

/** The words that pages are written with. A language is chosen here and nowhere else. */
export const words: ConsoleWords = en
