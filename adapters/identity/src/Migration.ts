/**
 * Makes schema `identity`: better-auth's tables (user, session, account, verification) and our own (attempt,
 * migration). The first version had organization, member, invitation and apikey as well; see `IdentityImport`.
 *
 * Written out instead of calling better-auth's `runMigrations`, which takes no lock and runs statement by statement, so
 * that two processes starting at once, or one stopping half-way, would leave a broken schema. A test asks better-auth
 * whether it misses anything, so an upgrade that wants a new column fails there and not at a customer's.
 *
 * All versions are one `DO` block: one statement, hence one transaction, over any dialect and without reserving a
 * connection; it never touches the `search_path` of a pooled connection.
 */
import { type Kysely, sql } from "kysely"

// What better-auth 1.7.5 asked for, and what it did not: a person is at most once a member of an organization, has one
// password, and a key's hash is unique. Those make seeding from two processes safe.
const version1 = `
  CREATE TABLE identity."user" (
    "id" text NOT NULL PRIMARY KEY, "name" text NOT NULL, "email" text NOT NULL UNIQUE,
    "emailVerified" boolean NOT NULL, "image" text,
    "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL
  );
  CREATE TABLE identity."session" (
    "id" text NOT NULL PRIMARY KEY, "expiresAt" timestamptz NOT NULL, "token" text NOT NULL UNIQUE,
    "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL, "updatedAt" timestamptz NOT NULL,
    "ipAddress" text, "userAgent" text,
    "userId" text NOT NULL REFERENCES identity."user" ("id") ON DELETE CASCADE,
    "activeOrganizationId" text
  );
  CREATE TABLE identity."account" (
    "id" text NOT NULL PRIMARY KEY, "accountId" text NOT NULL, "providerId" text NOT NULL,
    "userId" text NOT NULL REFERENCES identity."user" ("id") ON DELETE CASCADE,
    "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz,
    "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text,
    "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL, "updatedAt" timestamptz NOT NULL
  );
  CREATE TABLE identity."verification" (
    "id" text NOT NULL PRIMARY KEY, "identifier" text NOT NULL, "value" text NOT NULL,
    "expiresAt" timestamptz NOT NULL,
    "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL
  );
  CREATE TABLE identity."organization" (
    "id" text NOT NULL PRIMARY KEY, "name" text NOT NULL, "slug" text NOT NULL UNIQUE, "logo" text,
    "createdAt" timestamptz NOT NULL, "metadata" text
  );
  CREATE TABLE identity."member" (
    "id" text NOT NULL PRIMARY KEY,
    "organizationId" text NOT NULL REFERENCES identity."organization" ("id") ON DELETE CASCADE,
    "userId" text NOT NULL REFERENCES identity."user" ("id") ON DELETE CASCADE,
    "role" text NOT NULL, "createdAt" timestamptz NOT NULL
  );
  CREATE TABLE identity."invitation" (
    "id" text NOT NULL PRIMARY KEY,
    "organizationId" text NOT NULL REFERENCES identity."organization" ("id") ON DELETE CASCADE,
    "email" text NOT NULL, "role" text, "status" text NOT NULL, "expiresAt" timestamptz NOT NULL,
    "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "inviterId" text NOT NULL REFERENCES identity."user" ("id") ON DELETE CASCADE
  );
  CREATE TABLE identity."apikey" (
    "id" text NOT NULL PRIMARY KEY, "configId" text NOT NULL, "name" text, "start" text,
    "referenceId" text NOT NULL REFERENCES identity."organization" ("id") ON DELETE CASCADE,
    "prefix" text, "key" text NOT NULL, "refillInterval" integer, "refillAmount" integer,
    "lastRefillAt" timestamptz, "enabled" boolean, "rateLimitEnabled" boolean, "rateLimitTimeWindow" integer,
    "rateLimitMax" integer, "requestCount" integer, "remaining" integer, "lastRequest" timestamptz,
    "expiresAt" timestamptz, "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL,
    "permissions" text, "metadata" text
  );
  CREATE TABLE identity."attempt" (
    "key" text NOT NULL PRIMARY KEY, "count" integer NOT NULL, "resetsAt" timestamptz NOT NULL
  );
  CREATE INDEX "session_userId_idx" ON identity."session" ("userId");
  CREATE INDEX "account_userId_idx" ON identity."account" ("userId");
  CREATE UNIQUE INDEX "account_provider_key" ON identity."account" ("providerId", "accountId");
  CREATE INDEX "verification_identifier_idx" ON identity."verification" ("identifier");
  CREATE UNIQUE INDEX "member_organization_user_key" ON identity."member" ("organizationId", "userId");
  CREATE INDEX "member_userId_idx" ON identity."member" ("userId");
  CREATE INDEX "invitation_organizationId_idx" ON identity."invitation" ("organizationId");
  CREATE INDEX "invitation_email_idx" ON identity."invitation" ("email");
  CREATE INDEX "apikey_referenceId_idx" ON identity."apikey" ("referenceId");
  CREATE UNIQUE INDEX "apikey_key_idx" ON identity."apikey" ("key");
  CREATE INDEX "attempt_resetsAt_idx" ON identity."attempt" ("resetsAt");
`

// Organizations, members, invitations and keys left for the domain. What an installation has of them stays, to be
// imported, and stays as it was, so that the earlier version still starts on it; a new installation keeps no empty
// tables.
const version2 = `
  IF EXISTS (SELECT 1 FROM identity."organization") THEN
    ALTER TABLE identity."organization" ADD COLUMN "importedAt" timestamptz;
  ELSE
    DROP TABLE identity."apikey", identity."invitation", identity."member", identity."organization";
  END IF;
  CREATE INDEX "verification_value_idx" ON identity."verification" ("value");
  CREATE INDEX "verification_expiresAt_idx" ON identity."verification" ("expiresAt");
`

// Sessions that have ended are removed by their time.
const version3 = `
  CREATE INDEX "session_expiresAt_idx" ON identity."session" ("expiresAt");
`

const versions: ReadonlyArray<string> = [version1, version2, version3]

const step = (version: number, statements: string): string => `
  IF NOT EXISTS (SELECT 1 FROM identity.migration WHERE "version" >= ${version}) THEN
    ${statements}
    INSERT INTO identity.migration ("version") VALUES (${version});
  END IF;`

const block = (steps: ReadonlyArray<string>): string => `
DO $migration$
BEGIN
  -- Ends with the statement. Whoever comes second waits here, then finds the work done.
  PERFORM pg_advisory_xact_lock(hashtextextended('portolan/identity/migration', 0));
  IF to_regclass('identity.migration') IS NULL THEN
    CREATE SCHEMA IF NOT EXISTS identity;
    CREATE TABLE identity.migration (
      "version" integer NOT NULL PRIMARY KEY, "appliedAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
  END IF;${steps.join("")}
END
$migration$`

/**
 * Brings schema `identity` up to date, in one statement. Running it again, or from two processes at once, changes
 * nothing. `through` stops at an earlier version, which is what a test of an upgrade begins with.
 */
export const migrate = async <DB>(kysely: Kysely<DB>, through: number = versions.length): Promise<void> => {
  const steps = versions.slice(0, through).map((statements, index) => step(index + 1, statements))
  await sql.raw(block(steps)).execute(kysely)
}
