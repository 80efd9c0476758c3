-- Jobs of which one waiting is enough, by kind and key. A row means: one waits, and it will look at things as they are
-- when it is worked.

CREATE TABLE job_marks (
    mark TEXT PRIMARY KEY
);
