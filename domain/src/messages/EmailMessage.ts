/**
 * The emails that people get. Each says what happened, who must act, and what to do next (flow F5; rules X-R1 to X-R6,
 * X-R13, X-R14). Inputs are text as people typed it, labels and instants; no machine is known here. The words are those
 * of a message catalogue, of the default language when none is given.
 */
export { consolidationPlan, type News, news, notice, noticeLimit, requestNotice } from "./email/notices.ts"
export { invitationBounced, ownership, type OwnershipNews } from "./email/ownership.ts"
export { type ClosingNews, organizationClosing, organizationReopened } from "./email/closing.ts"
export { type From } from "./email/parts.ts"
export { accountLimit, renewalCampaign, type Renewal } from "./email/renewal.ts"
export {
  type ConsentRequest,
  type Request,
  requestConnected,
  requestNeedsChoice,
  requestRefused,
  requestReminder,
  requestRevoked,
  requestToConnect
} from "./email/requests.ts"
export { alreadyRegistered, inviteMember, resetPassword, verifyEmail } from "./email/signIn.ts"
export {
  type Content,
  isLink,
  EmailMessage,
  make,
  newsSubjectLimit,
  newsTextLimit,
  type Part,
  subjectLimit
} from "./MailTemplate.ts"
