-- A merchant's latest payments are looked at before each new one: how many of them were declined.

CREATE INDEX charges_of_merchant ON charges (merchant, created_at);
