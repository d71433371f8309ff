/** The endpoint of search. */
import { search } from "@openmolt/contract/search";
import { type Binding, read } from "../platform/http/bind.js";
import { find } from "./read/search.js";

/** Endpoints bound to functions. */
export const searchApi: Binding[] = [read(search.find, find)];
