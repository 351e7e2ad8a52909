/** Laws for the ports of Portolan, as data, with what runs them and what proves that they bite. */
export * as Budget from "./Budget.ts"
export * as KnownFailures from "./KnownFailures.ts"
export * as Report from "./Report.ts"
export * as ReplayToken from "./ReplayToken.ts"
export * as Verdict from "./Verdict.ts"
export { register, type Options, type Runner } from "./bindings/register.ts"
export type { Counterexample, Evidence, Finding, RunContext, RunRequest } from "./Evidence.ts"
export { forAll, type Description } from "./forAll.ts"
export { mailer } from "./laws/mailer/mailer.ts"
export type { Answer, Delivered, MailerInstance, MailerProbes, MailerService } from "./laws/mailer/MailerInstance.ts"
export { notifier } from "./laws/notifier/notifier.ts"
export type { NotifierInstance, NotifierProbes, NotifierService } from "./laws/notifier/NotifierInstance.ts"
export { providerApi } from "./laws/provider/provider.ts"
export type {
  ChannelCase,
  ProviderInstance,
  ProviderProbes,
  ProviderService,
  Reply,
  Seen,
  Wire
} from "./laws/provider/ProviderInstance.ts"
export { repository } from "./laws/repository/repository.ts"
export type {
  PlantedRecord,
  RepositoryInstance,
  RepositoryProbes,
  Services
} from "./laws/repository/RepositoryInstance.ts"
export { scheduler } from "./laws/scheduler/scheduler.ts"
export type { SchedulerInstance, SchedulerProbes, SchedulerService } from "./laws/scheduler/SchedulerInstance.ts"
export { secrets } from "./laws/secrets/secrets.ts"
export type { SecretsInstance, SecretsProbes, SecretsService } from "./laws/secrets/SecretsInstance.ts"
export { dataSink } from "./laws/sink/dataSink.ts"
export type { LandedRow, SinkInstance, SinkProbes, SinkService } from "./laws/sink/SinkInstance.ts"
export { tokenVault } from "./laws/vault/tokenVault.ts"
export type { Chunk, Sealed, Vault, VaultInstance, VaultProbes } from "./laws/vault/VaultInstance.ts"
export { workers } from "./laws/workers/workers.ts"
export type { WorkersInstance, WorkersProbes, WorkersService } from "./laws/workers/WorkersInstance.ts"
export { junit } from "./junit.ts"
export { core, extended, type PartKind, type Law, type Level, type Need, type Part, type Source } from "./Law.ts"
export { runMutant, type Fate, type MutantResult } from "./matrix.ts"
export type { Mutant } from "./Mutant.ts"
export type { Degenerate, Port } from "./Port.ts"
export { race, together } from "./race.ts"
export { open, runAll, runPart, type PartResult } from "./run.ts"
export { replay, type Replay } from "./replay.ts"
export { type Plan } from "./judge.ts"
export { runPort, type RunOptions } from "./runPort.ts"
export { show } from "./show.ts"
export type { Instance, Manifest, Subject } from "./Subject.ts"
export { defineSubjects, isSubjects, type Subjects } from "./Subjects.ts"
export { reportSchema, suiteVersion } from "./Version.ts"
export type { Case } from "./Case.ts"
export { broken, must, mustEqual, Violation } from "./Violation.ts"
