// Runs the suite inside this process and prints its result as JSON. Argument: the minor version of a built Python.
import { builtPythons } from "../helpers/built-pythons.ts";
import { runSuite } from "./suite.ts";

const [minor = "", only = ""] = process.argv.slice(2);
const python = (await builtPythons()).find((each) => each.minor === Number(minor));
if (python === undefined) throw new Error(`no core is built for Python 3.${minor}`);
process.stdout.write(JSON.stringify(await runSuite(python, "inline", only)));
