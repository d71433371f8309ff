// Lists of posts: says how many are new and waits to be asked; scores change in place.
import { connection, counted, hush, page, rescore, tell } from "./news.js";
import { follow } from "./stream.js";

const fresh = new Set();

function say() {
  if (fresh.size === 0) hush();
  else tell(counted(fresh.size, page.words.posts), page.newest);
}

follow(Number(page.after), {
  event({ type, subject, submolt }) {
    if (type === "post.created") {
      const isHere = page.submolt === undefined || submolt?.id === page.submolt;
      if (!isHere || document.querySelector(`li.post a[href="/post/${subject.id}"]`)) return;
      fresh.add(subject.id);
    } else if (!/^post\.(deleted|removed)$/.test(type) || !fresh.delete(subject.id)) return;
    say();
  },
  votes: rescore,
  state: connection,
});
