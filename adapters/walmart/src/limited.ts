import { Failure } from "@portolan/domain"
import { type Answer, readWait } from "@portolan/wire"

// The instant at which the bucket fills has a header that is spelled in two ways
// (https://developer.walmart.com/us-marketplace/docs).
const waitSeconds = ({ atMillis, headers }: Answer.Answer): number | undefined =>
  readWait(headers["retry-after"], atMillis) ??
  readWait(headers["x-next-replenish-time"] ?? headers["x-next-replenishment-time"], atMillis)

/** A rate limit, which waits at least as long as the documentation says when the answer does not tell. */
export const limited = (answer: Answer.Answer, what: string, seconds: number): Failure.Temporary =>
  new Failure.Temporary({
    detail: `${what}: the rate is limited`,
    throttled: true,
    retryAfterSeconds: waitSeconds(answer) ?? seconds
  })
