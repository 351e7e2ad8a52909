/** When a piece of news waits for which mail of a member. */
import { happened, nothing } from "../../kernel/Machine.ts"
import { defaultPreferences, dueAt, endingDueAt, endingLimit, type News } from "./mailing.ts"
import type { Active, Command, Event } from "./state.ts"

/** Whether a reminder that a consent ends waits already, for the same consent or as one of many. */
const isCovered = ({ news = [] }: Active, { ending }: News): boolean => {
  if (ending === undefined) return false
  const waiting = news.flatMap((one) => (one.ending === undefined ? [] : [one.ending]))
  return waiting.length >= endingLimit || waiting.some(({ grantId }) => grantId === ending.grantId)
}

/** Keeps news for the mail that the member prefers; what is known already, or not wanted, changes nothing. */
export const collect = (state: Active, { at, news }: Extract<Command, { readonly _tag: "CollectNews" }>) => {
  const timing = (state.mailPreferences ?? defaultPreferences)[news.kind]
  return timing === "never" || state.news?.some(({ id }) => id === news.id) || isCovered(state, news)
    ? nothing
    : happened<Event>({
        _tag: "NewsCollected",
        news: {
          ...news,
          dueAt: news.ending === undefined ? dueAt(news.kind, timing, state, at) : endingDueAt(state, at)
        }
      })
}
