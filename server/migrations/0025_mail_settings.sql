-- Kinds of mail that an owner can do without. What an operator does behind an owner's back is not among them.
alter table owners add column unwanted_mails text[] not null default '{}'
  check (unwanted_mails <@ '{leaked_key,key_ends,unusual_use,review,offer}');
