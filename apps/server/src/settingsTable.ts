/** The table of settings: a row each, with its schema, what it expects, and what it is for. */
import { Text } from "@portolan/domain"
import { Schema } from "effect"
import { secretDays } from "./secretDays.ts"
import { count, entry, port, secret, text, url, withDefault, yesNo } from "./settingsEntry.ts"
import { telemetryTable } from "./telemetry/settings.ts"

const origin = url("http:", "https:").check(
  Schema.makeFilter((value) => new URL(value).origin === value, {
    expected: "scheme, host and port without a path or trailing slash, e.g. https://connect.example.com"
  })
)
const keys = Schema.RedactedFromValue(
  text.check(
    Schema.isPattern(/^[A-Za-z0-9_-]{1,40}:[A-Za-z0-9+/=_-]{43,44}(,[A-Za-z0-9_-]{1,40}:[A-Za-z0-9+/=_-]{43,44})*$/)
  )
)
const email = Text.EmailInput

/** The table. */
export const table = {
  HOST: withDefault("127.0.0.1", { schema: text, expected: "an address to listen on", about: "Address to listen on." }),
  PORT: withDefault("4600", {
    schema: port,
    expected: "a port from 0 to 65535 (0 takes a free one)",
    about: "Port of the console and the API."
  }),
  ORIGIN: entry({
    schema: origin,
    expected: "scheme, host and port without a path, e.g. https://connect.example.com",
    about: "Where browsers reach this server from outside. Default: http://HOST:PORT. Providers redirect back to it."
  }),
  PROXY_ADDRESS_HEADER: entry({
    schema: text.check(Schema.isPattern(/^[A-Za-z0-9-]{1,60}$/)),
    expected: "a header, e.g. x-forwarded-for",
    about:
      "Where the proxy in front writes the caller's address; its last entry limits attempts to sign in. Set it only " +
      "behind such a proxy."
  }),
  DATA_DIR: withDefault(".portolan", {
    schema: text,
    expected: "a folder",
    about: "Folder of the embedded database, of generated secrets and of the simulated world."
  }),
  DATABASE_URL: entry({
    schema: url("postgres:", "postgresql:"),
    expected: "postgres://user:password@host:port/database",
    about: "A PostgreSQL server (15 or newer) in place of the embedded database."
  }),
  DATABASE_POOL: withDefault("10", {
    schema: count(100),
    expected: "a number from 1 to 100",
    about: "Most connections to the PostgreSQL server."
  }),
  DATABASE_REPLICA_URL: entry({
    schema: url("postgres:", "postgresql:"),
    expected: "postgres://user:password@host:port/database",
    about:
      "A streaming replica of the PostgreSQL server, from which lists are read while it is not behind; the same user " +
      "and database."
  }),
  DATABASE_REPLICA_LAG_SECONDS: withDefault("2", {
    schema: count(60),
    expected: "a number from 1 to 60",
    about: "How far behind the replica may be before lists are read from the primary."
  }),
  SINK_DIR: entry({
    schema: text,
    expected: "a folder",
    about: "Where loaded rows land as files of JSON lines, in place of the table in the database."
  }),
  SECRET: entry({
    schema: Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(32))),
    expected: "at least 32 characters",
    about:
      "Signs sessions, seals cursors, derives links. Generated into DATA_DIR when absent; the same for all servers " +
      "and workers."
  }),
  MASTER_KEYS: entry({
    schema: keys,
    expected: "id:key[,id:key ...], each key 32 bytes in base64",
    about:
      "Keys that seal tokens at rest; the first is active, the others still open. Generated into DATA_DIR when " +
      "absent; " +
      "the same for all servers and workers."
  }),
  KMS_URL: entry({
    schema: url("http:", "https:"),
    expected: "the address of a key management service with a transit engine (HashiCorp Vault, OpenBao)",
    about: "Keeps the master keys instead of MASTER_KEYS; they never leave it."
  }),
  KMS_TOKEN: entry({ schema: secret, expected: "a token", about: "May read, encrypt and decrypt with the key." }),
  KMS_KEY: entry({ schema: text, expected: "a name", about: "The key's name in the engine." }),
  WORKER: withDefault("in-process", {
    schema: Schema.Literals(["in-process", "none"]),
    expected: "in-process or none",
    about: "Whether this process also carries out background work; none when `npm run worker` does."
  }),
  WORKER_CONCURRENCY: withDefault("4", {
    schema: count(64),
    expected: "a number from 1 to 64",
    about: "Pieces of background work at a time."
  }),
  WORKER_ALARM_SECONDS: withDefault("300", {
    schema: Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 60, maximum: 86_400 })),
    expected: "a number from 60 to 86400",
    about: "For how many seconds nobody may carry out background work before a server mails SUPPORT_EMAIL."
  }),
  API_CALLS_PER_MINUTE: withDefault("600", {
    schema: count(1_000_000),
    expected: "a number from 1 to 1000000",
    about: "Calls that one API key may make in a minute, in each server process."
  }),
  PROVIDER: withDefault("simulator", {
    schema: Schema.Literals(["simulator", "live"]),
    expected: "simulator or live",
    about: "The simulated Amazon and Walmart, or the real ones."
  }),
  SIMULATOR_PORT: withDefault("4601", {
    schema: port,
    expected: "a port from 0 to 65535 (0 takes a free one)",
    about: "Port of the simulated providers."
  }),
  SIMULATOR_URL: entry({
    schema: url("http:"),
    expected: "http://127.0.0.1:4601",
    about:
      "Simulated providers of another process (`npm run simulator` prints http://127.0.0.1:4010); none are started " +
      "then. " +
      "A worker of its own needs it while PROVIDER is simulator."
  }),
  SIMULATOR_REPORT_SECONDS: withDefault("2", {
    schema: Schema.FiniteFromString.check(Schema.isBetween({ minimum: 0, maximum: 10_800 })),
    expected: "seconds from 0 to 10800",
    about: "How long the simulated providers prepare a report."
  }),
  AMAZON_ADS_CLIENT_ID: entry({
    schema: text,
    expected: "amzn1.application-oa2-client...",
    about: "Login with Amazon client that is approved for the Ads API."
  }),
  AMAZON_ADS_CLIENT_SECRET: entry({ schema: secret, expected: "the client's secret", about: "Its secret." }),
  AMAZON_SP_APPLICATION_ID: entry({
    schema: text,
    expected: "amzn1.sp.solution...",
    about: "Selling Partner API application."
  }),
  AMAZON_SP_CLIENT_ID: entry({
    schema: text,
    expected: "amzn1.application-oa2-client...",
    about: "Its Login with Amazon client."
  }),
  AMAZON_SP_CLIENT_SECRET: entry({ schema: secret, expected: "the client's secret", about: "Its secret." }),
  AMAZON_SP_DRAFT: withDefault("no", {
    schema: yesNo,
    expected: "yes or no",
    about: "Whether the Selling Partner API application is a draft (adds version=beta to the consent address)."
  }),
  WALMART_CLIENT_ID: entry({
    schema: text,
    expected: "the application's client id",
    about: "Walmart Marketplace application."
  }),
  WALMART_CLIENT_SECRET: entry({ schema: secret, expected: "the application's secret", about: "Its secret." }),
  WALMART_CONNECT_CONSUMER_ID: entry({
    schema: text,
    expected: "the partner's consumer id",
    about: "Membership of the Walmart Connect Partner Network."
  }),
  WALMART_CONNECT_TOKEN: entry({
    schema: secret,
    expected: "the token given at onboarding",
    about: "Its token, the same for all advertisers."
  }),
  WALMART_CONNECT_KEY: entry({
    schema: secret,
    expected: "an RSA private key, PEM, line breaks as \\n",
    about: "The key that signs its requests; the public half is uploaded at Walmart."
  }),
  WALMART_CONNECT_KEY_VERSION: withDefault("1", {
    schema: text,
    expected: "a version",
    about: "The version under which that half was uploaded."
  }),
  ...secretDays,
  SMTP_URL: entry({
    schema: Schema.RedactedFromValue(url("smtp:", "smtps:")),
    expected: "smtps://user:password@host:port",
    about: "The server that sends mails. Without it, mails are kept and shown under Mailbox."
  }),
  MAIL_FROM: entry({ schema: email, expected: "an e-mail address", about: "The sender of every mail." }),
  SUPPORT_EMAIL: entry({
    schema: email,
    expected: "an e-mail address",
    about: "Told of what is overdue and of what waits for an operator."
  }),
  INCIDENT_ORGANIZATIONS: withDefault("3", {
    schema: count(3),
    expected: "a number from 1 to 3",
    about:
      "Of how many organizations a refusal must be to count as trouble that many share. 1 is for an installation of " +
      "one company; with fewer than 3, customers learn of each other's trouble."
  }),
  PROOF_HOURS: withDefault("6", {
    schema: Schema.FiniteFromString.check(Schema.isBetween({ minimum: 1, maximum: 24 })),
    expected: "hours, from 1 to 24",
    about: "Within how many hours a consent that its owner withdrew is noticed, although nobody uses it."
  }),
  OPERATORS: entry({
    schema: text.check(Schema.isPattern(/^[^\s@,]+@[^\s@,]+(,\s*[^\s@,]+@[^\s@,]+)*$/)),
    expected: "e-mail addresses, separated by commas",
    about: "Sign-ins of the people who run this installation and assign discovered advertisers."
  }),
  ORGANIZATION: entry({
    schema: Text.NameInput,
    expected: "a name",
    about: "Name of the first organization, made when it is absent."
  }),
  OWNER_EMAIL: entry({ schema: email, expected: "an e-mail address", about: "Its owner's sign-in." }),
  OWNER_PASSWORD: entry({
    schema: Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(12))),
    expected: "at least 12 characters",
    about: "The owner's first password."
  }),
  DEMO: entry({
    schema: yesNo,
    expected: "yes or no",
    about: "Whether to seed the demo organization with its demo sign-in. Default: yes with the simulator, no with live."
  }),
  ...telemetryTable
} as const
