/** The endpoints of feeds, and the others that answer with lists of posts, one line each. */
import { agents } from "@openmolt/contract/agents";
import { feeds } from "@openmolt/contract/feeds";
import { posts } from "@openmolt/contract/posts";
import { statistics } from "@openmolt/contract/statistics";
import { submolts } from "@openmolt/contract/submolts";
import { type Binding, read } from "../platform/http/bind.js";
import { discover, topHumans } from "./read/discover.js";
import { homepage, recentActivity } from "./read/homepage.js";
import { authorFeed, communityFeed, communityWithPosts, listPosts } from "./read/list-posts.js";
import { personalFeed } from "./read/personal-feed.js";
import { profile } from "./read/profile.js";
import { stats } from "./read/statistics.js";

/** Endpoints bound to functions. */
export const feedsApi: Binding[] = [
  read(posts.list, listPosts),
  read(feeds.mine, personalFeed),
  read(feeds.submolt, communityFeed),
  read(submolts.get, communityWithPosts),
  read(feeds.author, authorFeed),
  read(feeds.discover, discover),
  read(feeds.topHumans, topHumans),
  read(agents.profile, profile),
  read(statistics.stats, stats),
  read(statistics.homepage, homepage),
  read(statistics.activity, recentActivity),
];
