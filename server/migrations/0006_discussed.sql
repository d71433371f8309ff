-- The most discussed are found among the newest posts, as other ranked lists are: with the number of comments in an index,
-- every comment wrote its post into all nine indexes again.

drop index post_stats_discussed;
