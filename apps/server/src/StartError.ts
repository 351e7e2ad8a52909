/** Why the server did not start, each in one sentence that says what to do. */
import { Schema } from "effect"

/** Somebody listens on the port already. */
export class PortTaken extends Schema.TaggedError<PortTaken>()("PortTaken", {
  host: Schema.String,
  port: Schema.Int,
  setting: Schema.String
}) {
  override get message(): string {
    return (
      `Port ${this.port} on ${this.host} is taken by another program; stop it, or set ` +
      `${this.setting} to a free port.`
    )
  }
}

/** The address cannot be listened on. */
export class CannotListen extends Schema.TaggedError<CannotListen>()("CannotListen", {
  host: Schema.String,
  port: Schema.Int,
  because: Schema.String
}) {
  override get message(): string {
    return `This server cannot listen on ${this.host}:${this.port} (${this.because}).`
  }
}

/** The data folder cannot be used. */
export class DataFolder extends Schema.TaggedError<DataFolder>()("DataFolder", {
  folder: Schema.String,
  because: Schema.String
}) {
  override get message(): string {
    return (
      `The data folder ${this.folder} cannot be used (${this.because}); make it readable and ` +
      "writable, or set DATA_DIR."
    )
  }
}

/** A program beside the server has not been given the installation's secrets. */
export class SecretsMissing extends Schema.TaggedError<SecretsMissing>()("SecretsMissing", { file: Schema.String }) {
  override get message(): string {
    return (
      `This program needs the secrets of the server it works for, and there is no ${this.file}. ` +
      "Give it the server's SECRET and " +
      "MASTER_KEYS, or the DATA_DIR of a server on this machine that has started once."
    )
  }
}

/** A file that this server wrote earlier cannot be understood any more. */
export class FileBroken extends Schema.TaggedError<FileBroken>()("FileBroken", {
  file: Schema.String,
  because: Schema.String
}) {
  override get message(): string {
    return (
      `The file ${this.file} is damaged (${this.because}); restore it from a backup, or move the ` +
      "data folder away to start afresh."
    )
  }
}

/** No simulator answers where one was announced. */
export class SimulatorUnreachable extends Schema.TaggedError<SimulatorUnreachable>()("SimulatorUnreachable", {
  url: Schema.String,
  because: Schema.String
}) {
  override get message(): string {
    return (
      `No simulator answers at ${this.url} (${this.because}); start one with npm run simulator, ` +
      "or leave SIMULATOR_URL unset."
    )
  }
}

/** Another program is changing the keys, or was stopped in the middle of it. */
export class KeyFileBusy extends Schema.TaggedError<KeyFileBusy>()("KeyFileBusy", { lock: Schema.String }) {
  override get message(): string {
    return `Another program is changing the keys; when none is, remove ${this.lock}. The keys themselves are whole.`
  }
}

/** A master key cannot be retired. */
export class KeyInUse extends Schema.TaggedError<KeyInUse>()("KeyInUse", {
  keyId: Schema.String,
  because: Schema.String
}) {
  override get message(): string {
    return `Master key ${this.keyId} cannot be retired: ${this.because}.`
  }
}

/** Keys come from the settings, so that only whoever deploys them can change them. */
export class KeysInSettings extends Schema.TaggedError<KeysInSettings>()("KeysInSettings", { doing: Schema.String }) {
  override get message(): string {
    return (
      `The master keys are not in a file of this installation, so ${this.doing} is done where they are: with KMS_URL ` +
      "in that service; with MASTER_KEYS in the setting of every server and worker. " +
      "First add the new key at the end and restart all, then move it to the front and restart all; " +
      "what was sealed before is sealed anew by itself, and `keys status` says when an old key can go."
    )
  }
}
