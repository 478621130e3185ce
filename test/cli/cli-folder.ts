import { TestFolder } from "../helpers/test-folder.ts";
import { type CliResult, type CliRun, cli, startCli } from "./run-cli.ts";

/** An empty folder for every test of a file, with the command line run in it. */
export class CliFolder extends TestFolder {
  readonly #python: string;

  /** `python`: whose executable programs are traced with. */
  constructor(python: string | undefined) {
    super();
    this.#python = python ?? "";
  }

  start(...args: string[]): CliRun {
    return startCli(args, { cwd: this.path, python: this.#python });
  }

  run(...args: string[]): Promise<CliResult> {
    return cli(args, { cwd: this.path, python: this.#python });
  }
}
