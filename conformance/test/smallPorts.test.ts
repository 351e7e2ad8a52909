import { mailer } from "../src/laws/mailer/mailer.ts"
import { notifier } from "../src/laws/notifier/notifier.ts"
import { providerApi } from "../src/laws/provider/provider.ts"
import { scheduler } from "../src/laws/scheduler/scheduler.ts"
import { secrets } from "../src/laws/secrets/secrets.ts"
import { dataSink } from "../src/laws/sink/dataSink.ts"
import { sendingSubject } from "../src/reference/mailer/modelSubject.ts"
import { suite } from "./portSuite.ts"

suite(providerApi)
suite(scheduler)
suite(secrets)
suite(dataSink)
suite(mailer, [sendingSubject("model mailer that sends")])
suite(notifier)
