// Loaded into threads and processes that run from source (see module-beside.ts); compiled code never uses it.
import { register } from "tsx/esm/api";

register();
