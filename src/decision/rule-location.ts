/** @module Where a rule that states findings stands in the sources of a bundle. */

/** Where a finding code is stated: what lets a reason name its rule, file and line. */
export interface RuleLocation {
  readonly policy: string;
  readonly code: string;
  /** `data.belay.policies.slo_burn.finding` */
  readonly rule: string;
  readonly file: string;
  readonly row: number;
  readonly title?: string;
}
