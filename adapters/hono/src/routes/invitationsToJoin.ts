/** Answering an invitation to join an organization. */
import { Effect, Redacted } from "effect"
import { openRoute, personRoute } from "../Route.ts"
import * as People from "../wire/People.ts"
import { changing } from "./shared.ts"

const tag = "People"
const at = "/v1/invitations-to-join"

const token = (body: typeof People.TokenBody.Type) => Redacted.make(body.token)

/** The routes. */
export const invitationsToJoin = [
  openRoute({
    method: "POST",
    path: `${at}/look`,
    operationId: "lookAtInvitation",
    tag,
    summary: "Shows an invitation by its mailed token",
    description: "Changes nothing. An invitation that was answered, withdrawn or mailed anew is not found.",
    body: People.TokenBody,
    answer: People.InvitationAnswer,
    problems: ["not-found", "expired"],
    call: ({ members }, { body }) => members.look(token(body)),
    show: People.invitation
  }),
  personRoute({
    method: "POST",
    path: `${at}/accept`,
    operationId: "acceptInvitation",
    tag,
    summary: "Accepts an invitation, as the person who was invited",
    description:
      "Refused when the session's address is not the invited one. The session then acts for the organization.",
    body: People.TokenBody,
    answer: People.OrganizationAnswer,
    problems: ["not-found", "expired", "wrong-person", "changed-meanwhile"],
    call: ({ members, organizations }, { body, caller, headers }) =>
      Effect.flatMap(members.accept(caller, token(body)), ({ organizationId }) =>
        organizations.choose(headers, organizationId)
      ),
    show: People.organization
  }),
  personRoute({
    method: "POST",
    path: `${at}/decline`,
    operationId: "declineInvitation",
    tag,
    summary: "Declines an invitation",
    status: 204,
    body: People.TokenBody,
    problems: ["not-found", "wrong-person", ...changing],
    call: ({ members }, { body, caller }) => members.decline(caller, token(body))
  })
]
