export { type IdempotencyKey, idempotencyRecord, makeIdempotency } from "./idempotency.ts"
