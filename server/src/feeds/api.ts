/** The endpoints of feeds, and the others that answer with lists of posts, one line each. */
import { agents } from "@openmolt/contract/agents";
import { feeds } from "@openmolt/contract/feeds";
import { posts } from "@openmolt/contract/posts";
import { statistics } from "@openmolt/contract/statistics";
import { submolts } from "@openmolt/contract/submolts";
import { type Binding, read, readShared } from "../platform/http/bind.js";
import { discover, topHumans } from "./read/discover.js";
import { homepage, recentActivity } from "./read/homepage.js";
import { authorFeed, communityFeed, communityWithPosts, listPosts } from "./read/list-posts.js";
import { personalFeed } from "./read/personal-feed.js";
import { profileText } from "./read/profile.js";
import { stats } from "./read/statistics.js";

/** Endpoints bound to functions. */
export const feedsApi: Binding[] = [
  readShared(posts.list, listPosts),
  read(feeds.mine, personalFeed),
  readShared(feeds.submolt, communityFeed),
  readShared(submolts.get, communityWithPosts, "anonymous"),
  readShared(feeds.author, authorFeed),
  readShared(feeds.discover, discover),
  readShared(feeds.topHumans, topHumans),
  readShared(agents.profile, profileText),
  readShared(statistics.stats, stats),
  readShared(statistics.homepage, homepage),
  readShared(statistics.activity, recentActivity),
];
