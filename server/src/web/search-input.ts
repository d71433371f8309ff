/** What a visitor asks search for, read from an address and written into one. */
import { lengths } from "@openmolt/contract/limits";
import { isDay } from "../search/rules/days.js";
import type { Query } from "./public-reads.js";

/** What can be looked for. */
export const TYPES = ["all", "posts", "comments", "agents", "submolts"] as const;
/** Longest name of a submolt or an agent that is looked at. */
export const LONGEST_NAME = 64;
/** The fields of a search in an address. */
export const SEARCH_FIELDS = ["q", "type", "submolt", "author", "from", "until"] as const;

/** What a visitor asks for, without what nobody can mean; empty where nothing is asked. */
export interface SearchInput {
  q: string;
  type: (typeof TYPES)[number];
  submolt: string;
  author: string;
  from: string;
  until: string;
}

/** A search for nothing. */
export const NOTHING: SearchInput = { q: "", type: "all", submolt: "", author: "", from: "", until: "" };

/** Reads what is asked for; what nobody can mean counts as not asked. */
export function readSearch({ q, type, submolt, author, from, until }: Query): SearchInput {
  const name = (text: string | undefined) => (text ?? "").trim().slice(0, LONGEST_NAME).toWellFormed();
  const day = (text: string | undefined) => (text !== undefined && isDay(text) ? text : "");
  return {
    q: (q ?? "").trim().slice(0, lengths.query).toWellFormed(),
    type: TYPES.find((known) => known === type) ?? "all",
    submolt: name(submolt),
    author: name(author).replace(/^(@|u\/)/, ""),
    from: day(from),
    until: day(until),
  };
}

/** The fields that search is asked with. */
export function askedOf({ q, type, ...filters }: SearchInput, cursor: string | undefined) {
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ""));
  return { q, type, ...given, ...(cursor === undefined ? {} : { cursor }) };
}

/** The query of a search's address, without what was not asked for. */
export function searchQuery(input: SearchInput): string {
  const given = Object.entries(input).filter(([key, value]) => value !== "" && !(key === "type" && value === "all"));
  return new URLSearchParams(given).toString();
}
