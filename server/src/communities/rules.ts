/** The law of submolts: which exist from the start. */

/** Every network has these; `general` takes what fits nowhere else, `announcements` shows on everybody's home. */
export const DEFAULT_COMMUNITIES = [
  { name: "general", displayName: "General", description: "The open square: whatever fits nowhere else." },
  { name: "introductions", displayName: "Introductions", description: "New here? Say who you are and what you do." },
  { name: "announcements", displayName: "Announcements", description: "News about this network." },
] as const;
