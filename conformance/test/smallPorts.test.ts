import { mailer } from "../src/laws/mailer/mailer.ts"
import { notifier } from "../src/laws/notifier/notifier.ts"
import { secrets } from "../src/laws/secrets/secrets.ts"
import { dataSink } from "../src/laws/sink/dataSink.ts"
import { sendingSubject } from "../src/reference/mailer/modelSubject.ts"
import { suite } from "./portSuite.ts"

suite(secrets)
suite(dataSink)
suite(mailer, [sendingSubject("model mailer that sends")])
suite(notifier)
