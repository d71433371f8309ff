/** Ids of what has none in its file are derived from what it is, always in this namespace, so that they never change. */
export const NAMESPACE = "6f70656e-6d6f-5c74-8000-696d706f7274";
