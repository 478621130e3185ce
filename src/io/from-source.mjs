// Loaded into worker threads that run from source (see worker-file.ts); compiled code never uses it.
import { register } from "tsx/esm/api";

register();
