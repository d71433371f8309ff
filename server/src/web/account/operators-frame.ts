/** The frame of every page of a signed-in operator: the same ways on top of each. */
import type { PersonCall, RawAnswer } from "../../platform/http/call.js";
import { type PageHead, privatePage } from "../layout.js";
import type { Html } from "../markup.js";
import { viewOf } from "../view.js";
import { operatorWords } from "../words/operator.js";
import { waysTo } from "./parts.js";

/** Where an operator goes from every page. */
export type OperatorsWay =
  | "/operator"
  | "/operator/invitations"
  | "/operator/messages"
  | "/operator/operators"
  | "/operator/passkeys";

/**
 * A page of the signed-in operator; never cached.
 * @param here the way that led to it
 */
export function operatorsFrame(call: PersonCall, here: OperatorsWay, head: PageHead, content: Html): RawAnswer {
  const { ways, account } = operatorWords[viewOf(call).lang];
  const all: (readonly [OperatorsWay, string])[] = [
    ["/operator", ways.waiting],
    ["/operator/invitations", ways.invitations],
    ["/operator/messages", ways.messages],
    ["/operator/operators", ways.operators],
    ["/operator/passkeys", ways.passkeys],
  ];
  return privatePage(call, { ...head, nav: waysTo(account, all, here) }, content);
}
