-- What donors are being asked is looked for whenever one of them looks at what waits.
CREATE INDEX use_changes_asked ON use_changes (answer_until, id) WHERE outcome = 'asked';
