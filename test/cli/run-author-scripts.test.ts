import { describeScripts } from "./describe-scripts.ts";

describeScripts(false);
