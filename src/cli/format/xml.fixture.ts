/** @module XML as those who are given it read it. */

import { DOMParser, type Document, onErrorStopParsing } from "@xmldom/xmldom";

/** @throws where it is not well-formed */
export function parseXml(text: string): Document {
  return new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, "text/xml");
}
