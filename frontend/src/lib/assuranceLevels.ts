/** Assurance levels in words (F81). */
import { m } from "../paraglide/messages.js";

export const assuranceLevels = {
  BASIC: m.profile_level_basic,
  SMART: m.profile_level_smart,
  SMARTHEALTH: m.profile_level_smarthealth,
};
