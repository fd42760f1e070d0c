/**
 * @module Runs command lines of `belay` one after the other in one process, so that a hundred of
 * them do not start the Rego toolchain a hundred times. It is forked by `run-script.ts`; all that
 * it stands in for is the process around the program.
 */

import { runProgram } from "../../src/cli/program.ts";

export interface DriverCall {
  readonly argv: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface DriverAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

async function drive({ argv, directory, environment }: DriverCall): Promise<DriverAnswer> {
  const written = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const writes = streams.map((name) => process[name].write.bind(process[name]));
  for (const name of streams) {
    process[name].write = (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    };
  }
  process.chdir(directory);
  process.env = { ...environment };
  process.exitCode = 0;
  try {
    await runProgram(argv);
  } finally {
    streams.forEach((name, index) => {
      process[name].write = writes[index] as typeof process.stdout.write;
    });
  }
  return { ...written, exitCode: process.exitCode };
}

process.on("message", (call: DriverCall) => {
  void drive(call).then((answer) => process.send?.(answer));
});
