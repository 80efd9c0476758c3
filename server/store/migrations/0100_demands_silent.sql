-- Needs that nobody has spoken of for long are looked for whenever an operator looks at what waits.
CREATE INDEX demands_silent ON demands (confirmed_at, id) WHERE act IN ('posted', 'verified');
