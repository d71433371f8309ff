-- Mails are in the language of the page that somebody asked for them on; others in that of the owner's last sign-in.
alter table magic_links add column language text not null default 'en' check (language in ('en', 'fr'));
alter table owners add column language text not null default 'en' check (language in ('en', 'fr'));
