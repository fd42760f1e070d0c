/** @module A knip reporter that says how many files were analysed: none would be no proof. */

import type { Reporter } from "knip";

const reportCount: Reporter = ({ counters }) => {
  process.stdout.write(`analysed ${counters.processed} files\n`);
};

export default reportCount;
