import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { type IdempotencyKey, withIdempotency } from "../shared/idempotency.ts"
import { type ComposeDeps, composeRequestMail } from "./composeRequestMail.ts"
import { checkReference, idsOfReference, newRequestIds, referenceOf } from "./previewReference.ts"
import { recordRequests, type SendDeps } from "./recordRequests.ts"
import { draftOf, type RequestInput } from "./requestDraft.ts"
import type { Preview, SendInput } from "./requestPreview.ts"
import { readRequest, requestView } from "./requestView.ts"
import { requesterOf, validateRequest } from "./validateRequest.ts"

const draft = Effect.fnUntraced(function* (
  deps: ComposeDeps,
  caller: Access.Caller,
  input: RequestInput,
  id: Id.InvitationId
) {
  yield* AccessScope.check(caller, "connect")
  const requester = yield* requesterOf(deps, caller, input.requester)
  return draftOf(id, yield* validateRequest(deps, caller, input, requester))
})

/** What would be sent. Writes nothing. */
export const preview = Effect.fn("Requests.preview")(function* (
  deps: ComposeDeps,
  caller: Access.Caller,
  input: RequestInput
) {
  const id = yield* deps.secrets.id("invitation")
  const drafted = yield* draft(deps, caller, input, id)
  const { owner, requester } = drafted.request
  const emailMessage = yield* composeRequestMail(deps, [drafted], "asked")
  const previewed = { organizationId: caller.organizationId, ids: [id], emails: [emailMessage] }
  return {
    id,
    expiresAt: drafted.expiresAt,
    emailMessage,
    to: { owner, requester },
    reference: yield* referenceOf(deps, previewed)
  } satisfies Preview
})

/**
 * Sends a request to both sides. With the reference of a preview it sends what was shown or, when that would read
 * differently by now, nothing; sent twice, it is sent once.
 */
export const send = Effect.fn("Requests.send")(function* (
  deps: SendDeps,
  caller: Access.Caller,
  { reference, ...input }: SendInput,
  idempotencyKey?: IdempotencyKey
) {
  const { organizationId } = caller
  const ids = reference === undefined ? yield* newRequestIds(deps, 1) : yield* idsOfReference(reference, 1)
  const drafts = Effect.forEach(ids, (id) =>
    Effect.gen(function* () {
      const drafted = yield* draft(deps, caller, input, id)
      if (reference !== undefined) {
        const emails = [yield* composeRequestMail(deps, [drafted], "asked")]
        yield* checkReference(deps, reference, { organizationId, ids, emails })
      }
      return drafted
    })
  )
  const recorded = recordRequests(deps, caller, { ids, drafts, idempotencyKey, isPreviewed: reference !== undefined })
  return yield* withIdempotency(deps, caller, idempotencyKey, {
    create: Effect.flatMap(recorded, ([link]) =>
      link === undefined ? Effect.die("a request has an id") : requestView(deps, link)
    ),
    show: (id) => readRequest(deps, caller, id)
  })
})
