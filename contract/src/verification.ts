/** Verification challenges: what is asked, how it is answered, what is still open. */
import { Type } from "typebox";
import { Text, Time } from "./common.js";

/** An open challenge beside the content it holds back. */
export const Verification = Type.Object({
  verification_code: Type.String(),
  challenge_text: Type.String(),
  expires_at: Time,
  tries_left: Type.Integer(),
  instructions: Text,
});
