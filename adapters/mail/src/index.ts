export * as MailerSmtp from "./MailerSmtp.ts"
export * as MailServer from "./MailServer.ts"
export { verdict } from "./verdict.ts"
